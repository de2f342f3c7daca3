import type { OrderCommand, OrderCommandName } from '../commands/order/commands.ts';
import type { Actor, Reason } from '../events/envelope.ts';
import type { Instant } from '../values/dates.ts';
import type { Customer } from './factory.ts';

type Body<Name extends OrderCommandName> = Extract<OrderCommand, { kind: Name }>['body'];

/** A command and when it is given. */
export type TimedCommand = {
  [Name in OrderCommandName]: {
    readonly kind: Name;
    readonly body: Body<Name>;
    readonly at: Instant;
    readonly actor: Actor;
    readonly reason?: Reason;
  };
}[OrderCommandName];

/** The whole life of one order, in order of time. */
export interface OrderScript {
  /** Tells the scripts of one scenario apart; command ids derive from it. */
  readonly key: string;
  readonly orderNo: string;
  readonly customer: Customer;
  readonly commands: readonly TimedCommand[];
}

const someone = (kind: Actor['kind'], id: string): Actor => ({ kind, id, via: 'simulation' });

export const actors = {
  orderDesk: someone('user', 'order-desk'),
  warehouse: someone('user', 'warehouse'),
  credit: someone('user', 'credit-control'),
  planning: someone('user', 'planning'),
  carrier: someone('program', 'carrier-messages'),
  customer: (customerId: string) => someone('customer', customerId),
} as const;

/** Who ships is never sooner than who promised: commands of one order are put in order of time, ties in order of writing. */
export const inOrderOfTime = (commands: readonly TimedCommand[]): TimedCommand[] =>
  commands
    .map((command, index) => ({ command, index }))
    .sort((a, b) => (a.command.at < b.command.at ? -1 : a.command.at > b.command.at ? 1 : a.index - b.index))
    .map(({ command }) => command);
