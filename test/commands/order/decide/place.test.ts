import { describe, expect, test } from 'vitest';
import { customer, fact, given, line, orderId, pieces, place, started, submitted } from '../../../support/orders.ts';
import { context } from '../../../support/spec.ts';

describe('place', () => {
  test('opens, fills and submits the order, with ship-to and order time by default', () => {
    given()
      .when(
        place({
          lines: [
            { sku: 'A', qty: pieces('5.0') },
            { sku: 'B', qty: pieces(1), orderedAt: null },
          ],
        }),
      )
      .thenHappened(
        started(),
        fact('OrderLinesAdded', {
          lines: [
            { lineNo: 1, sku: 'A', qty: pieces(5), orderedAt: context.occurredAt },
            { lineNo: 2, sku: 'B', qty: pieces(1), orderedAt: null },
          ],
        }),
        fact('OrderSubmitted', { lineCount: 2 }),
      );
  });

  test('keeps given line numbers and counts the others on after the highest', () => {
    const lines = [
      { sku: 'A', qty: pieces(1) },
      { lineNo: 10, sku: 'B', qty: pieces(1) },
      { sku: 'C', qty: pieces(1) },
    ];
    const { decision } = given().when(place({ lines }));
    const added = decision.ok ? decision.facts.flatMap((f) => (f.type === 'OrderLinesAdded' ? f.data.lines : [])) : [];
    expect(added.map(({ lineNo, sku }) => [lineNo, sku])).toEqual([
      [11, 'A'],
      [10, 'B'],
      [12, 'C'],
    ]);
  });

  test('a 1,000-line order is at most 10 events', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => ({ sku: `S${i}`, qty: pieces(1) }));
    const { decision } = given().when(place({ lines }));
    expect(decision.ok && decision.facts.length).toBe(7);
  });

  test("takes the customer's tolerances unless the order has its own", () => {
    const tolerant = { ...customer, tolerances: { under: '0.05', over: '0.1' } };
    const { decision } = given().when(place({}, tolerant));
    expect(decision.ok && decision.facts[0]?.data).toMatchObject({
      orderId,
      tolerances: { under: '0.05', over: '0.1' },
    });
    const own = given().when(place({ tolerances: { under: '0', over: '0' } }, tolerant)).decision;
    expect(own.ok && own.facts[0]?.data).toMatchObject({ tolerances: { under: '0', over: '0' } });
  });

  const wrongLine = (more: object) =>
    place({
      lines: [
        { sku: 'A', qty: pieces(1) },
        { sku: 'B', qty: pieces(1), ...more },
      ],
    });

  test('refuses what cannot be', () => {
    given().when(place({}, null)).thenRefused('customer-unknown', '/customerId');
    given()
      .when(place({ customerId: 'OTHER' }))
      .thenRefused('customer-unknown', '/customerId');
    given()
      .when(place({ currency: 'ZZZ' }))
      .thenRefused('currency-unknown', '/currency');
    given()
      .when(place({ shipTo: { zone: 'Mars/Base' } }))
      .thenRefused('zone-unknown', '/shipTo/zone');
    given()
      .when(wrongLine({ qty: pieces(0) }))
      .thenRefused('quantity-not-positive', '/lines/1/qty');
    given()
      .when(wrongLine({ qty: pieces('-1') }))
      .thenRefused('quantity-not-positive', '/lines/1/qty');
    given()
      .when(wrongLine({ requestedDate: '2026-02-30' }))
      .thenRefused('date-impossible', '/lines/1/requestedDate');
    given()
      .when(wrongLine({ unitPrice: { amount: '1', currency: 'USD' } }))
      .thenRefused('currency-mismatch', '/lines/1/unitPrice/currency');
    given()
      .when(wrongLine({ unitPrice: { amount: '-1', currency: 'EUR' } }))
      .thenRefused('price-negative', '/lines/1/unitPrice/amount');
    given()
      .when(wrongLine({ orderedAt: '2026-03-10T12:06:00.000Z' }))
      .thenRefused('occurred-in-future', '/lines/1/orderedAt');
    given()
      .when(wrongLine({ quotedAt: '2026-02-30T12:00:00.000Z' }))
      .thenRefused('instant-impossible', '/lines/1/quotedAt');
  });

  test('refuses a line number used twice, and more lines than an order can have', () => {
    const twice = [
      { lineNo: 2, sku: 'A', qty: pieces(1) },
      { lineNo: 2, sku: 'B', qty: pieces(1) },
    ];
    given()
      .when(place({ lines: twice }))
      .thenRefused('duplicate-line-number', '/lines/1/lineNo');
    const many = Array.from({ length: 5001 }, () => ({ sku: 'A', qty: pieces(1) }));
    given()
      .when(place({ lines: many }))
      .thenRefused('too-many-lines', '/lines');
    const last = [
      { lineNo: 99_999, sku: 'A', qty: pieces(1) },
      { sku: 'B', qty: pieces(1) },
    ];
    given()
      .when(place({ lines: last }))
      .thenRefused('too-many-lines', '/lines/1');
  });

  test('refuses an order that exists', () => {
    given(...submitted([line(1, 5)]))
      .when(place())
      .thenRefused('order-exists');
  });

  test('may tell of the past, never of the future', () => {
    const past = '2012-01-01T00:00:00.000Z';
    const { decision } = given().when(place(), { occurredAt: past });
    expect(decision.ok && decision.facts[1]).toMatchObject({ data: { lines: [{ orderedAt: past }] } });
    given().when(place(), { occurredAt: '2026-03-10T12:05:01.000Z' }).thenRefused('occurred-in-future', '/occurredAt');
    expect(given().when(place(), { occurredAt: '2026-03-10T12:05:00.000Z' }).decision.ok).toBe(true);
  });

  test('refuses instants that have no local date west of Greenwich: no read model could keep them', () => {
    const first = '0001-01-01T00:00:00.000Z';
    const at = (more: object) => place({ lines: [{ sku: 'A', qty: pieces(1), ...more }] });
    given().when(place(), { occurredAt: first }).thenRefused('instant-impossible', '/occurredAt');
    given()
      .when(at({ orderedAt: first }))
      .thenRefused('instant-impossible', '/lines/0/orderedAt');
    given()
      .when(at({ quotedAt: '0001-01-01T23:59:59.999Z' }))
      .thenRefused('instant-impossible', '/lines/0/quotedAt');
    expect(given().when(place(), { occurredAt: '0001-01-02T00:00:00.000Z' }).decision.ok).toBe(true);
  });
});
