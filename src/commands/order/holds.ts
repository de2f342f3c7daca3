import type { OrderCommandName } from './commands.ts';
import type { Hold, OrderState } from './state.ts';

/**
 * What each type of hold blocks, and nothing else. Holds on the whole order also keep it from being accepted. Price holds
 * stop invoicing and engineering holds stop the release to production: steps outside these commands.
 */
export const blockedBy: Readonly<Record<Hold['holdType'], readonly OrderCommandName[]>> = {
  credit: ['accept', 'ship'],
  validation: ['accept', 'promise', 'ship'],
  export: ['accept', 'ship'],
  price: ['accept'],
  customer: ['accept', 'ship'],
  engineering: ['accept'],
  quality: ['accept', 'ship'],
  manual: ['accept', 'change-lines', 'promise', 'ship', 'close'],
};

/** An instant; left out where no time is known (a read model): then holds count until they are released. */
export type At = string | undefined;

/** A hold counts until it is released or its expiry has come. */
export const inForce = (hold: Hold, at: At): boolean =>
  hold.expiresAt === undefined || at === undefined || at < hold.expiresAt;

const blocks = (hold: Hold, command: OrderCommandName, at: At): boolean =>
  blockedBy[hold.holdType].includes(command) && inForce(hold, at);

/** The hold on the whole order that blocks the command at that time, if there is one. */
export const orderHold = (state: OrderState, command: OrderCommandName, at: At): Hold | undefined =>
  state.holds.find((hold) => hold.lineNo === undefined && blocks(hold, command, at));

/** The hold on this line that blocks the command at that time, if there is one. */
export const lineHold = (state: OrderState, lineNo: number, command: OrderCommandName, at: At): Hold | undefined =>
  state.holds.find((hold) => hold.lineNo === lineNo && blocks(hold, command, at));
