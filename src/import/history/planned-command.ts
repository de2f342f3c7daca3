import type { OrderCommand, OrderCommandName } from '../../commands/order/commands.ts';
import type { Reason } from '../../events/envelope.ts';
import type { HistoryRow } from '../rows/history-row.ts';

type Body<Name extends OrderCommandName> = Extract<OrderCommand, { kind: Name }>['body'];

/** A command that tells a part of the history, and the row that it comes from. */
export type PlannedCommand = {
  [Name in OrderCommandName]: {
    readonly kind: Name;
    readonly body: Body<Name>;
    readonly occurredAt: string;
    readonly recordedAt?: string;
    readonly reason?: Reason;
    readonly row: HistoryRow;
  };
}[OrderCommandName];

/** The time is not that of the fact itself: nobody wrote that down. */
export const timeNotKnown: Reason = { code: 'time-not-known' };
/** The file does not tell of it, but what follows proves it. */
export const impliedByHistory: Reason = { code: 'implied-by-history' };

export const recorded = (at: string | undefined): { recordedAt?: string } =>
  at === undefined ? {} : { recordedAt: at };

/** A command names at most 1,000 things. */
export function inThousands<T>(things: readonly T[]): [T, ...T[]][] {
  const parts: [T, ...T[]][] = [];
  for (const [index, thing] of things.entries()) {
    if (index % 1000 === 0) parts.push([thing]);
    else parts.at(-1)?.push(thing);
  }
  return parts;
}

/** Groups by a text, in order of first appearance. */
export function grouped<T>(things: readonly T[], by: (thing: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const thing of things) {
    const name = by(thing);
    const group = groups.get(name);
    if (group) group.push(thing);
    else groups.set(name, [thing]);
  }
  return [...groups.values()];
}
