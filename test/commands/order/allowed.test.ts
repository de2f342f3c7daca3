import { describe, expect, test } from 'vitest';
import { allowedCommands } from '../../../src/commands/order/allowed.ts';
import type { OrderFact } from '../../../src/events/catalog/index.ts';
import { accepted, delivered, fact, line, shipped, stateOf, submitted } from '../../support/orders.ts';

const allowed = (facts: readonly OrderFact[], at?: string) => allowedCommands(stateOf(facts), at);
const lines = [line(1, 10)];

describe('allowed commands', () => {
  test('of a submitted order', () => {
    expect(allowed(submitted(lines))).toEqual({
      place: 'order-exists',
      accept: true,
      reject: true,
      hold: true,
      'release-hold': 'no-hold',
      'change-lines': true,
      'cancel-line': true,
      cancel: true,
      promise: true,
      ship: 'order-not-accepted',
      deliver: 'order-not-accepted',
      'record-delivery-error': 'order-not-accepted',
      close: 'order-not-accepted',
      reopen: 'order-not-closed',
    });
  });

  test('follow the quantities of an accepted order', () => {
    expect(allowed(accepted(lines))).toMatchObject({
      ship: true,
      deliver: 'nothing-under-way',
      'record-delivery-error': 'nothing-shipped',
      close: 'order-not-finished',
    });
    const all = [...accepted(lines), shipped('S', 1, 10)];
    expect(allowed(all)).toMatchObject({
      ship: 'nothing-to-ship',
      deliver: true,
      'cancel-line': 'nothing-open',
      cancel: 'nothing-open',
      promise: 'nothing-to-promise',
      close: 'order-not-finished',
    });
    expect(allowed([...all, delivered('S', 1, 10)])).toMatchObject({ deliver: 'nothing-under-way', close: true });
  });

  test('follow the holds in force', () => {
    const held = [
      ...accepted(lines),
      fact('HoldPlaced', { holdId: 'H', holdType: 'credit', expiresAt: '2026-04-01T00:00:00.000Z' }),
    ];
    expect(allowed(held)).toMatchObject({ ship: 'order-on-hold', 'release-hold': true, promise: true });
    expect(allowed(held, '2026-04-01T00:00:00.000Z')).toMatchObject({ ship: true });
  });
});
