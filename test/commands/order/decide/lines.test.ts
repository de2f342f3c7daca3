import { describe, expect, test } from 'vitest';
import {
  accepted,
  command,
  fact,
  given,
  line,
  part,
  pieces,
  promised,
  scheduled,
  shipped,
  submitted,
} from '../../../support/orders.ts';
import { context } from '../../../support/spec.ts';

const base = submitted([line(1, 10), line(2, 4, { requestedDate: '2026-04-01' })]);
const change = (...entries: { lineNo: number; qty?: ReturnType<typeof pieces>; requestedDate?: string }[]) =>
  command('change-lines', { change: entries });

describe('change-lines', () => {
  test('adds lines after the highest number', () => {
    given(...base)
      .when(command('change-lines', { add: [{ sku: 'C', qty: pieces(2) }] }))
      .thenHappened(
        fact('OrderLinesAdded', { lines: [{ lineNo: 3, sku: 'C', qty: pieces(2), orderedAt: context.occurredAt }] }),
      );
  });

  test('raises, lowers and moves; what is lowered is cancelled', () => {
    given(...base, promised(1, scheduled('1.1', 10, '2026-04-01')))
      .when(change({ lineNo: 1, qty: pieces(7) }, { lineNo: 2, qty: pieces(6), requestedDate: '2026-05-01' }))
      .thenHappened(
        fact('OrderLinesChanged', {
          initiator: 'customer',
          lines: [{ lineNo: 2, added: pieces(2), requestedDate: '2026-05-01' }],
        }),
        fact('QuantityCancelled', {
          initiator: 'customer',
          lines: [{ lineNo: 1, qty: pieces(3), released: [part('1.1', 3)] }],
        }),
      );
  });

  test('the new quantity is net of what was cancelled, and can be raised after shipping', () => {
    const cancelled = fact('QuantityCancelled', {
      initiator: 'customer',
      lines: [{ lineNo: 1, qty: pieces(5), released: [] }],
    });
    given(...base, fact('OrderAccepted', {}), cancelled, shipped('S', 1, 5))
      .when(change({ lineNo: 1, qty: pieces(8) }))
      .thenHappened(fact('OrderLinesChanged', { initiator: 'customer', lines: [{ lineNo: 1, added: pieces(3) }] }));
  });

  test('nothing happens to lines that are as asked already', () => {
    given(...base)
      .when(change({ lineNo: 1, qty: pieces('10.00') }, { lineNo: 2, requestedDate: '2026-04-01' }))
      .thenNothing();
  });

  test('refuses what cannot be changed', () => {
    const asked = given(...base);
    asked.when(command('change-lines', {})).thenRefused('nothing-asked');
    asked.when(change({ lineNo: 9, qty: pieces(1) })).thenRefused('line-unknown', '/change/0/lineNo');
    asked.when(change({ lineNo: 1 }, { lineNo: 1 })).thenRefused('duplicate-target', '/change/1/lineNo');
    asked.when(change({ lineNo: 1, qty: pieces(0) })).thenRefused('quantity-not-positive', '/change/0/qty');
    asked.when(change({ lineNo: 1, qty: { value: '1', uom: 'KGM' } })).thenRefused('unit-mismatch', '/change/0/qty');
    asked
      .when(change({ lineNo: 1, requestedDate: '2026-02-30' }))
      .thenRefused('date-impossible', '/change/0/requestedDate');
    asked
      .when(command('change-lines', { add: [{ lineNo: 2, sku: 'C', qty: pieces(1) }] }))
      .thenRefused('duplicate-line-number', '/add/0/lineNo');
    given(...accepted([line(1, 10)]), shipped('S', 1, 5))
      .when(change({ lineNo: 1, qty: pieces(4) }))
      .thenRefused('quantity-below-shipped', '/change/0/qty');
    const huge = submitted([line(1, '999999999999998')]);
    const taken = fact('QuantityCancelled', {
      initiator: 'customer',
      lines: [{ lineNo: 1, qty: pieces(10), released: [] }],
    });
    given(...huge, taken)
      .when(change({ lineNo: 1, qty: pieces('999999999999999') }))
      .thenRefused('quantity-too-large', '/change/0/qty');
    expect(given(...huge).when(change({ lineNo: 1, qty: pieces('999999999999999') })).decision.ok).toBe(true);
  });
});
