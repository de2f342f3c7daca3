import type { FoldedFacts } from './facts.ts';

const bytesOfId = 40;

/** Makes room for what so many events usually bring, in steps: else the first of them to find none would take all the time. */
export function* roomFor(facts: FoldedFacts, events: number): Generator<void> {
  const { orders, lines, schedule, shipments, holds } = facts;
  for (const rows of [orders, lines, schedule, shipments, holds]) yield* rows.reserve(events);
  const { orderId, orderNo } = orders.columns;
  const shipmentIds = shipments.columns.shipment.dictionary.texts;
  for (const texts of [orderId.store, orderNo.store, shipmentIds]) yield* texts.reserve(events, events * bytesOfId);
}
