import { describe, test } from 'vitest';
import { accepted, command, delivered, fact, given, line, shipped } from '../../../support/orders.ts';

const close = command('close', {});

describe('close', () => {
  test('when everything that was not cancelled has arrived', () => {
    given(...accepted([line(1, 10)]), shipped('S', 1, 10), delivered('S', 1, 10))
      .when(close)
      .thenHappened(fact('OrderClosed', {}));
  });

  test('within the under-delivery tolerance', () => {
    const tolerant = accepted([line(1, 100)], { tolerances: { under: '0.05', over: '0' } });
    given(...tolerant, shipped('S', 1, 95), delivered('S', 1, 95))
      .when(close)
      .thenHappened(fact('OrderClosed', {}));
    given(...tolerant, shipped('S', 1, 94), delivered('S', 1, 94))
      .when(close)
      .thenRefused('order-not-finished');
  });

  test('not while goods are open or under way', () => {
    given(...accepted([line(1, 10)]))
      .when(close)
      .thenRefused('order-not-finished');
    given(...accepted([line(1, 10)]), shipped('S', 1, 10))
      .when(close)
      .thenRefused('order-not-finished');
  });
});
