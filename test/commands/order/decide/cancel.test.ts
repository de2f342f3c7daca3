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
  submitted,
} from '../../../support/orders.ts';

/** Line 1: 4 due on 1 April, 3 on 1 May, 3 without a promise; 2 of the April promise have left. */
const facts = [
  ...accepted([line(1, 10), line(2, 4)]),
  promised(1, scheduled('1.1', 4, '2026-04-01'), scheduled('1.2', 3, '2026-05-01')),
  shipped('S', 1, 2, [part('1.1', 2)]),
];
const cancelled = (qty: number, ...released: ReturnType<typeof part>[]) =>
  fact('QuantityCancelled', { lineNo: 1, initiator: 'customer', lines: [{ lineNo: 1, qty: pieces(qty), released }] });

describe('cancel-line', () => {
  test.each([
    ['what has no promise first', 3, cancelled(3)],
    ['then the promises due last', 5, cancelled(5, part('1.2', 2))],
    ['the earliest promise last, as far as it has not left', 8, cancelled(8, part('1.2', 3), part('1.1', 2))],
  ])('takes %s', (_, qty, happened) => {
    given(...facts)
      .when(command('cancel-line', { lineNo: 1, qty: pieces(qty) }))
      .thenHappened(happened);
  });

  test('takes all that is open, if no quantity is given', () => {
    given(...facts)
      .when(command('cancel-line', { lineNo: 1, initiator: 'supplier' }))
      .thenHappened(
        fact('QuantityCancelled', {
          lineNo: 1,
          initiator: 'supplier',
          lines: [{ lineNo: 1, qty: pieces(8), released: [part('1.2', 3), part('1.1', 2)] }],
        }),
      );
  });

  test('a schedule line that is cancelled stays, with nothing in it', () => {
    const state = stateOf([...facts, cancelled(8, part('1.2', 3), part('1.1', 2))]);
    expect(state.lines[0]?.scheduleLines.map(({ scheduleId, qty }) => [scheduleId, qty])).toEqual([
      ['1.1', '2'],
      ['1.2', '0'],
    ]);
    expect(state.lines[0]?.ledger).toMatchObject({ cancelled: '8', promised: '2', allocated: '2' });
  });

  test('refuses what cannot be cancelled', () => {
    const base = given(...facts);
    base.when(command('cancel-line', { lineNo: 9 })).thenRefused('line-unknown', '/lineNo');
    base.when(command('cancel-line', { lineNo: 1, qty: pieces(9) })).thenRefused('quantity-exceeds-open', '/qty');
    base.when(command('cancel-line', { lineNo: 1, qty: pieces('-1') })).thenRefused('quantity-not-positive', '/qty');
    base
      .when(command('cancel-line', { lineNo: 1, qty: { value: '1', uom: 'EA' } }))
      .thenRefused('unit-mismatch', '/qty');
    given(...facts, cancelled(8, part('1.2', 3), part('1.1', 2)))
      .when(command('cancel-line', { lineNo: 1 }))
      .thenRefused('nothing-open', '/lineNo');
  });
});

describe('cancel', () => {
  test('an order of which nothing left is cancelled with all its quantity', () => {
    given(...submitted([line(1, 10), line(2, 4)]), promised(1, scheduled('1.1', 4, '2026-04-01')))
      .when(command('cancel', {}))
      .thenHappened(
        fact('QuantityCancelled', {
          initiator: 'customer',
          lines: [
            { lineNo: 1, qty: pieces(10), released: [part('1.1', 4)] },
            { lineNo: 2, qty: pieces(4), released: [] },
          ],
        }),
        fact('OrderCancelled', { initiator: 'customer' }),
      );
  });

  test('an order whose lines were all cancelled before can still be cancelled', () => {
    const none = fact('QuantityCancelled', {
      initiator: 'customer',
      lines: [{ lineNo: 1, qty: pieces(1), released: [] }],
    });
    given(...submitted([line(1, 1)]), none)
      .when(command('cancel', {}))
      .thenHappened(fact('OrderCancelled', { initiator: 'customer' }));
  });

  test('after a shipment the rest is cancelled, and the order closes once all that left has arrived', () => {
    const rest = fact('QuantityCancelled', {
      initiator: 'customer',
      lines: [
        { lineNo: 1, qty: pieces(8), released: [part('1.2', 3), part('1.1', 2)] },
        { lineNo: 2, qty: pieces(4), released: [] },
      ],
    });
    given(...facts)
      .when(command('cancel', {}))
      .thenHappened(rest);
    given(...facts, delivered('S', 1, 2, [part('1.1', 2)]))
      .when(command('cancel', {}))
      .thenHappened(rest, fact('OrderClosed', {}));
    given(...facts, rest)
      .when(command('cancel', {}))
      .thenRefused('nothing-open');
  });
});
