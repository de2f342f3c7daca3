import { describe, expect, test } from 'vitest';
import { blockedBy } from '../../../../src/commands/order/holds.ts';
import type { Hold } from '../../../../src/commands/order/state.ts';
import type { OrderFact } from '../../../../src/events/catalog/index.ts';
import { uuidv5 } from '../../../../src/values/ids.ts';
import { accepted, command, fact, given, line, pieces, submitted, until } from '../../../support/orders.ts';
import { context } from '../../../support/spec.ts';

const lines = [line(1, 5), line(2, 5)];
const on = (
  holdType: Hold['holdType'],
  more: { lineNo?: number; expiresAt?: string; holdId?: string } = {},
): OrderFact => fact('HoldPlaced', { holdId: 'H1', holdType, ...more });

const probes = {
  accept: { facts: submitted(lines), ask: command('accept', {}) },
  'change-lines': { facts: accepted(lines), ask: command('change-lines', { change: [{ lineNo: 1, qty: pieces(6) }] }) },
  promise: {
    facts: accepted(lines),
    ask: command('promise', { commit: [{ lineNo: 1, promise: until('2026-04-01') }] }),
  },
  ship: { facts: accepted(lines), ask: command('ship', { lines: [{ lineNo: 1 }] }) },
  close: { facts: accepted([]), ask: command('close', {}) },
  'cancel-line': { facts: accepted(lines), ask: command('cancel-line', { lineNo: 1 }) },
  cancel: { facts: accepted(lines), ask: command('cancel', {}) },
  reject: { facts: submitted(lines), ask: command('reject', {}) },
} as const;

describe.each(Object.keys(blockedBy) as Hold['holdType'][])('a %s hold on the order', (holdType) => {
  test.each(Object.entries(probes))('blocks %s exactly if its list says so', (kind, { facts, ask }) => {
    const outcome = given(...facts, on(holdType)).when(ask);
    const blocks = (blockedBy[holdType] as readonly string[]).includes(kind);
    if (blocks) outcome.thenRefused('order-on-hold');
    else expect(outcome.decision.ok).toBe(true);
  });
});

describe('holds', () => {
  test('on a line block that line only, and never acceptance', () => {
    const held = [...accepted(lines), on('manual', { lineNo: 1 })];
    given(...held)
      .when(command('ship', { lines: [{ lineNo: 1 }] }))
      .thenRefused('line-on-hold', '/lines/0/lineNo');
    expect(given(...held).when(command('ship', { lines: [{ lineNo: 2 }] })).decision.ok).toBe(true);
    given(...held)
      .when(command('promise', { commit: [{ lineNo: 1, promise: until('2026-04-01') }] }))
      .thenRefused('line-on-hold', '/commit/0/lineNo');
    given(
      ...held,
      fact('PromiseCommitted', {
        lines: [{ lineNo: 1, scheduleLines: [{ scheduleId: '1.1', qty: pieces(5), promise: until('2026-04-01') }] }],
      }),
    )
      .when(command('promise', { revise: [{ lineNo: 1, promise: until('2026-04-02') }] }))
      .thenRefused('line-on-hold', '/revise/0/lineNo');
    given(...held)
      .when(command('change-lines', { change: [{ lineNo: 1, qty: pieces(6) }] }))
      .thenRefused('line-on-hold', '/change/0/lineNo');
    expect(given(...submitted(lines), on('manual', { lineNo: 1 })).when(command('accept', {})).decision.ok).toBe(true);
  });

  test('count together and are released one by one', () => {
    const two = [...submitted(lines), on('credit'), on('export', { holdId: 'H2' })];
    given(...two, fact('HoldReleased', { holdId: 'H1' }))
      .when(command('accept', {}))
      .thenRefused('order-on-hold');
    const none = [...two, fact('HoldReleased', { holdId: 'H1' }), fact('HoldReleased', { holdId: 'H2' })];
    given(...none)
      .when(command('accept', {}))
      .thenHappened(fact('OrderAccepted', {}));
  });

  test('end at their expiry', () => {
    const held = [...accepted(lines), on('credit', { expiresAt: context.occurredAt })];
    const ship = command('ship', { lines: [{ lineNo: 1 }] });
    given(...held)
      .when(ship, { occurredAt: '2026-03-10T11:59:59.999Z' })
      .thenRefused('order-on-hold');
    expect(given(...held).when(ship).decision.ok).toBe(true);
    given(...held)
      .when(command('release-hold', { holdId: 'H1' }))
      .thenHappened(fact('HoldReleased', { holdId: 'H1' }));
  });

  test('are placed with a derived id, a scope and an expiry', () => {
    given(...submitted(lines))
      .when(command('hold', { holdType: 'credit' }))
      .thenHappened(fact('HoldPlaced', { holdId: uuidv5(context.commandId, 'hold'), holdType: 'credit' }));
    given(...submitted(lines))
      .when(command('hold', { holdType: 'quality', holdId: 'Q', lineNo: 2, expiresAt: '2026-04-01T00:00:00Z' }))
      .thenHappened(
        fact('HoldPlaced', { holdId: 'Q', holdType: 'quality', lineNo: 2, expiresAt: '2026-04-01T00:00:00.000Z' }),
      );
  });

  test('are refused when they cannot be', () => {
    const base = submitted(lines);
    given(...base)
      .when(command('hold', { holdType: 'credit', lineNo: 9 }))
      .thenRefused('line-unknown', '/lineNo');
    given(...base, on('credit'))
      .when(command('hold', { holdType: 'export', holdId: 'H1' }))
      .thenRefused('hold-exists', '/holdId');
    given(...base)
      .when(command('hold', { holdType: 'credit', expiresAt: context.occurredAt }))
      .thenRefused('expiry-in-past', '/expiresAt');
    given(...base)
      .when(command('hold', { holdType: 'credit', expiresAt: '2026-13-01T00:00:00.000Z' }))
      .thenRefused('instant-impossible', '/expiresAt');
    given(...base)
      .when(command('release-hold', { holdId: 'H1' }))
      .thenRefused('hold-unknown', '/holdId');
    const hundred = Array.from({ length: 100 }, (_, i) => on('manual', { holdId: `H${i}` }));
    given(...base, ...hundred)
      .when(command('hold', { holdType: 'credit' }))
      .thenRefused('too-many-holds');
  });
});
