import { describe, expect, test } from 'vitest';
import { displayStatus, lineStatus } from '../../../src/commands/order/status.ts';
import type { OrderFact } from '../../../src/events/catalog/index.ts';
import {
  accepted,
  delivered,
  fact,
  line,
  pieces,
  promised,
  scheduled,
  shipped,
  started,
  stateOf,
  submitted,
} from '../../support/orders.ts';

const lines = [line(1, 10), line(2, 5)];
const base = accepted(lines);
const bothPromised = [
  ...base,
  promised(1, scheduled('1.1', 10, '2026-04-01')),
  promised(2, scheduled('2.1', 5, '2026-04-01')),
];
const bothShipped = [...bothPromised, shipped('S', 1, 10), shipped('T', 2, 5)];
const bothDelivered = [...bothShipped, delivered('S', 1, 10), delivered('T', 2, 5)];
const hold = (holdType: 'credit' | 'price', more: { lineNo?: number; expiresAt?: string } = {}) =>
  fact('HoldPlaced', { holdId: 'H', holdType, ...more });
const allCancelled = fact('QuantityCancelled', {
  initiator: 'customer',
  lines: lines.map(({ lineNo, qty }) => ({ lineNo, qty, released: [] })),
});

const cases: [string, readonly OrderFact[]][] = [
  ['new', []],
  ['draft', [started()]],
  ['submitted', submitted(lines)],
  ['submitted', [...submitted(lines), hold('credit')]],
  ['rejected', [...submitted(lines), fact('OrderRejected', {})]],
  ['cancelled', [...submitted(lines), allCancelled, fact('OrderCancelled', { initiator: 'customer' })]],
  ['accepted', base],
  ['accepted', [...base, promised(1, scheduled('1.1', 10, '2026-04-01'))]],
  ['accepted', [...base, allCancelled]],
  ['closed', [...base, allCancelled, fact('OrderClosed', {})]],
  ['promised', bothPromised],
  ['on-hold', [...bothPromised, hold('credit')]],
  ['on-hold', [...bothPromised, hold('credit', { lineNo: 2 })]],
  ['promised', [...bothPromised, hold('price')]],
  ['partly-shipped', [...bothPromised, shipped('S', 1, 10)]],
  ['shipped', bothShipped],
  ['shipped', [...bothShipped, hold('credit')]],
  ['partly-shipped', [...bothPromised, shipped('S', 1, 10), hold('credit', { lineNo: 1 })]],
  ['partly-delivered', [...bothShipped, delivered('S', 1, 10)]],
  ['delivered', bothDelivered],
  ['delivered', [...bothDelivered, fact('OrderClosed', {})]],
  ['accepted', [...base, allCancelled, fact('OrderClosed', {}), fact('OrderReopened', {})]],
];

describe('the display status of an order', () => {
  test.each(cases)('is %s (%#)', (status, facts) => {
    expect(displayStatus(stateOf(facts))).toBe(status);
  });

  test('looks at tolerances: 95 of 100 can be all', () => {
    const tolerant = accepted([line(1, 100)], { tolerances: { under: '0.05', over: '0' } });
    expect(displayStatus(stateOf([...tolerant, shipped('S', 1, 95)]))).toBe('shipped');
    expect(displayStatus(stateOf([...tolerant, shipped('S', 1, 95), delivered('S', 1, 95)]))).toBe('delivered');
  });

  test('a hold counts until its expiry, and without a time until it is released', () => {
    const held = stateOf([...bothPromised, hold('credit', { expiresAt: '2026-04-01T00:00:00.000Z' })]);
    expect(displayStatus(held)).toBe('on-hold');
    expect(displayStatus(held, '2026-03-31T23:59:59.999Z')).toBe('on-hold');
    expect(displayStatus(held, '2026-04-01T00:00:00.000Z')).toBe('promised');
  });
});

test('the status of a line is its own', () => {
  const cancelled = fact('QuantityCancelled', {
    initiator: 'customer',
    lines: [{ lineNo: 2, qty: pieces(5), released: [] }],
  });
  const { lines, tolerances } = stateOf([...base, shipped('S', 1, 4), cancelled]);
  expect(lines.map((one) => lineStatus(one, tolerances))).toEqual(['partly-shipped', 'cancelled']);
});
