import { expect, test } from 'vitest';
import { decodeEvent } from '../../src/events/decode.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import type { OrderFacts } from '../../src/projections/kpi/facts.ts';
import { kpiHandlers } from '../../src/projections/kpi/fold.ts';
import { errorsOf } from '../../src/projections/kpi/tables.ts';
import { folded } from '../support/folded-facts.ts';
import { rawEvent } from '../support/memory-log.ts';

const qty = (value: number) => ({ value: String(value), uom: 'C62' });
const line = (lineNo: number) => ({ lineNo, sku: 'X', qty: qty(10), orderedAt: '2026-03-01T12:00:00.000Z' });
const move = (type: string, shipmentId: string, lineNo: number, value: number, day: number) =>
  ({ type, day, data: { shipmentId, lines: [{ lineNo, qty: qty(value), scheduleLines: [] }] } }) as const;

function recordedOf(events: readonly { readonly type: string; readonly data: object; readonly day: number }[]) {
  return events.map(
    ({ type, data, day }, revision): Recorded => ({
      ...rawEvent({ type, data: { orderNo: 'N', ...data }, occurredAt: `2026-03-0${day}T12:00:00.000Z` }),
      stream: 'order-o',
      revision,
      position: String(revision + 1).padStart(20, '0'),
    }),
  );
}

/** Errors of lines 1 and 2, as analytics and as the KPI tables count them. */
function errorsAfter(...events: Parameters<typeof recordedOf>[0]) {
  const history = recordedOf([
    { type: 'OrderStarted', data: { orderId: 'o', customerId: 'C', currency: 'EUR', shipTo: { zone: 'UTC' } }, day: 1 },
    { type: 'OrderLinesAdded', data: { lines: [line(1), line(2)] }, day: 1 },
    ...events,
  ]);
  const facts = folded(history);
  let order: OrderFacts | undefined;
  for (const recorded of history) {
    const event = decodeEvent(recorded);
    const handle = kpiHandlers[event.type as 'OrderStarted'] as (doc: typeof order, of: typeof event) => OrderFacts;
    order = handle(order, event);
  }
  return {
    analytics: [...facts.lines.columns.damages.values.subarray(0, 2)],
    tables: order?.lines.map((one) => errorsOf(order as OrderFacts, one)),
    parked: facts.parked.size,
  };
}

const damaged = (shipmentId: string, day: number) => ({
  type: 'DeliveryErrorRecorded',
  data: { errorId: `E${day}`, kind: 'damage', shipmentId },
  day,
});

test('an error that names an earlier shipment counts against its line, though a later shipment completed it', () => {
  const events = [
    move('LinesShipped', 'S1', 1, 4, 2),
    move('LinesDelivered', 'S1', 1, 4, 3),
    move('LinesShipped', 'S2', 1, 6, 4),
    move('LinesDelivered', 'S2', 1, 6, 5),
  ];
  expect(errorsAfter(...events, damaged('S1', 6))).toEqual({ analytics: [1, 0], tables: [1, 0], parked: 0 });
  expect(errorsAfter(...events, damaged('S2', 6))).toEqual({ analytics: [1, 0], tables: [1, 0], parked: 0 });
});

test('an error that names a shipment on its way counts against the lines it carries, and no others', () => {
  const events = [move('LinesShipped', 'S1', 2, 10, 2), move('LinesShipped', 'S2', 1, 10, 2)];
  expect(errorsAfter(...events, damaged('S1', 3))).toEqual({ analytics: [0, 1], tables: [0, 1], parked: 0 });
});
