import type { OrderLine } from '../../events/catalog/index.ts';
import { add, type Decimal, subtract, sum } from '../../values/decimal.ts';
import { openLedger, post } from './ledger.ts';
import type { OrderLineState, Promised, ScheduleLineState } from './state.ts';

/** What facts do to one order line. Used by evolve for recorded facts, and by decisions that touch a line more than once. */

/** A quantity of one schedule line. */
export interface Part {
  readonly scheduleId: string;
  readonly qty: Decimal;
}

export const partsTotal = (parts: readonly Part[]): Decimal => sum(parts.map((part) => part.qty));

export const addedLine = ({ qty, ...line }: OrderLine): OrderLineState => ({
  ...line,
  uom: qty.uom,
  ledger: openLedger(qty.value),
  scheduleLines: [],
});

export function withParts(
  line: OrderLineState,
  parts: readonly Part[],
  change: (scheduleLine: ScheduleLineState, qty: Decimal) => ScheduleLineState,
): readonly ScheduleLineState[] {
  if (parts.length === 0) return line.scheduleLines;
  const byId = new Map(parts.map((part) => [part.scheduleId, part.qty]));
  return line.scheduleLines.map((scheduleLine) => {
    const qty = byId.get(scheduleLine.scheduleId);
    return qty === undefined ? scheduleLine : change(scheduleLine, qty);
  });
}

export const withCancelled = (line: OrderLineState, qty: Decimal, released: readonly Part[]): OrderLineState => ({
  ...line,
  ledger: post.cancel(line.ledger, qty, partsTotal(released)),
  scheduleLines: withParts(line, released, (s, part) => ({ ...s, qty: subtract(s.qty, part) })),
});

export const withPromised = (
  line: OrderLineState,
  promised: readonly (Part & { readonly promise: Promised })[],
): OrderLineState => ({
  ...line,
  ledger: post.promise(line.ledger, partsTotal(promised)),
  scheduleLines: [
    ...line.scheduleLines,
    ...promised.map(({ scheduleId, qty, promise }) => ({
      scheduleId,
      qty,
      shipped: '0',
      delivered: '0',
      firstPromise: promise,
      currentPromise: promise,
      commitPromise: promise,
    })),
  ],
});

/** `agreed`: the customer asked for it or agreed to it, so the commit date moves too. */
export const withRevised = (
  line: OrderLineState,
  scheduleId: string,
  promise: Promised,
  agreed: boolean,
): OrderLineState => ({
  ...line,
  scheduleLines: line.scheduleLines.map((s) =>
    s.scheduleId === scheduleId
      ? { ...s, currentPromise: promise, commitPromise: agreed ? promise : s.commitPromise }
      : s,
  ),
});

export const withShipped = (line: OrderLineState, qty: Decimal, parts: readonly Part[]): OrderLineState => ({
  ...line,
  ledger: post.ship(line.ledger, qty, subtract(qty, partsTotal(parts))),
  scheduleLines: withParts(line, parts, (s, part) => ({ ...s, shipped: add(s.shipped, part) })),
});

export const withDelivered = (line: OrderLineState, qty: Decimal, parts: readonly Part[]): OrderLineState => ({
  ...line,
  ledger: post.deliver(line.ledger, qty),
  scheduleLines: withParts(line, parts, (s, part) => ({ ...s, delivered: add(s.delivered, part) })),
});
