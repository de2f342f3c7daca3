import type { FoldedFacts } from './facts.ts';

const bytesOfId = 40;

export const rowsOf = ({ orders, lines, schedule, shipments, holds }: FoldedFacts) => [
  orders,
  lines,
  schedule,
  shipments,
  holds,
];

/** Makes room for so many rows in all, where that is known, and `more`: nothing has to grow on the way. */
export function* roomForAll(facts: FoldedFacts, counts: readonly number[], more: number): Generator<void> {
  for (const [at, rows] of rowsOf(facts).entries()) yield* rows.reserve((counts[at] ?? 0) - rows.count + more);
}

/** Makes room for what so many events usually bring, in steps: else the first of them to find none would take all the time. */
export function* roomFor(facts: FoldedFacts, events: number): Generator<void> {
  const { orders, shipments } = facts;
  for (const rows of rowsOf(facts)) yield* rows.reserve(events);
  const { orderId, orderNo } = orders.columns;
  const shipmentIds = shipments.columns.shipment.dictionary.texts;
  for (const texts of [orderId.store, orderNo.store, shipmentIds]) yield* texts.reserve(events, events * bytesOfId);
}
