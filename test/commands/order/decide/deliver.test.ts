import { describe, expect, test } from 'vitest';
import {
  accepted,
  command,
  delivered,
  fact,
  given,
  line,
  part,
  pieces,
  promised,
  scheduled,
  shipped,
  stateOf,
} from '../../../support/orders.ts';
import { earlier } from '../../../support/spec.ts';

/** Shipment S: 10 of line 1 (7 against promises), 2 of line 2. Line 3 did not leave. */
const facts = [
  ...accepted([line(1, 10), line(2, 4), line(3, 1)]),
  promised(1, scheduled('1.1', 4, '2026-05-01'), scheduled('1.2', 3, '2026-04-01')),
  fact('LinesShipped', {
    shipmentId: 'S',
    lines: [
      { lineNo: 1, qty: pieces(10), scheduleLines: [part('1.2', 3), part('1.1', 4)], unpromised: pieces(3) },
      { lineNo: 2, qty: pieces(2), scheduleLines: [], unpromised: pieces(2) },
    ],
  }),
];
const deliver = (...lines: { lineNo: number; qty?: ReturnType<typeof pieces> }[]) =>
  command('deliver', { shipmentId: 'S', ...(lines.length > 0 && { lines }) });

describe('deliver', () => {
  test('all of the shipment, if no lines are named', () => {
    given(...facts)
      .when(deliver())
      .thenHappened(
        fact('LinesDelivered', {
          shipmentId: 'S',
          lines: [
            { lineNo: 1, qty: pieces(10), scheduleLines: [part('1.2', 3), part('1.1', 4)] },
            { lineNo: 2, qty: pieces(2), scheduleLines: [] },
          ],
        }),
      );
  });

  test('in parts, against the promises in the order of loading', () => {
    const first = fact('LinesDelivered', {
      shipmentId: 'S',
      lines: [{ lineNo: 1, qty: pieces(5), scheduleLines: [part('1.2', 3), part('1.1', 2)] }],
    });
    given(...facts)
      .when(deliver({ lineNo: 1, qty: pieces(5) }))
      .thenHappened(first);
    given(...facts, first)
      .when(deliver())
      .thenHappened(
        fact('LinesDelivered', {
          shipmentId: 'S',
          lines: [
            { lineNo: 1, qty: pieces(5), scheduleLines: [part('1.1', 2)] },
            { lineNo: 2, qty: pieces(2), scheduleLines: [] },
          ],
        }),
      );
    const s = stateOf([...facts, first]).lines[0]?.scheduleLines.map(({ shipped, delivered }) => [shipped, delivered]);
    expect(s).toEqual([
      ['4', '2'],
      ['3', '3'],
    ]);
  });

  test('refuses what cannot have arrived', () => {
    const base = given(...facts);
    base.when(command('deliver', { shipmentId: 'X' })).thenRefused('shipment-unknown', '/shipmentId');
    base
      .when(deliver(), { occurredAt: '2026-03-01T07:59:59.999Z' })
      .thenRefused('delivered-before-shipped', '/occurredAt');
    expect(base.when(deliver(), { occurredAt: earlier }).decision.ok).toBe(true);
    base.when(deliver({ lineNo: 9 })).thenRefused('line-unknown', '/lines/0/lineNo');
    base.when(deliver({ lineNo: 3 })).thenRefused('line-not-in-shipment', '/lines/0/lineNo');
    base.when(deliver({ lineNo: 1 }, { lineNo: 1 })).thenRefused('duplicate-target', '/lines/1/lineNo');
    base.when(deliver({ lineNo: 1, qty: pieces(11) })).thenRefused('quantity-exceeds-shipped', '/lines/0/qty');
    base.when(deliver({ lineNo: 1, qty: pieces(0) })).thenRefused('quantity-not-positive', '/lines/0/qty');
    base.when(deliver({ lineNo: 1, qty: { value: '1', uom: 'KGM' } })).thenRefused('unit-mismatch', '/lines/0/qty');
    const arrived = [...facts, delivered('S', 1, 10), delivered('S', 2, 2)];
    given(...arrived)
      .when(deliver())
      .thenRefused('nothing-under-way', '/shipmentId');
    given(...arrived)
      .when(deliver({ lineNo: 1 }))
      .thenRefused('nothing-under-way', '/lines/0');
  });

  test('two shipments of a line arrive each on its own', () => {
    const two = [...accepted([line(1, 10)]), shipped('A', 1, 4), shipped('B', 1, 6)];
    given(...two, delivered('A', 1, 4))
      .when(command('deliver', { shipmentId: 'A' }))
      .thenRefused('nothing-under-way', '/shipmentId');
    expect(given(...two, delivered('A', 1, 4)).when(command('deliver', { shipmentId: 'B' })).decision.ok).toBe(true);
  });
});
