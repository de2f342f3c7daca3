import { describe, expect, test } from 'vitest';
import { evolve, InconsistentStream } from '../../../src/commands/order/evolve.ts';
import { noOrder } from '../../../src/commands/order/state.ts';
import type { OrderFact } from '../../../src/events/catalog/index.ts';
import { accepted, fact, line, shipped, stateOf, submitted } from '../../support/orders.ts';
import { earlier } from '../../support/spec.ts';

const times = { occurredAt: earlier, recordedAt: earlier };

describe('evolve', () => {
  test('throws on a fact that is not of an order', () => {
    const foreign = { type: 'CustomerRegistered', data: {} } as unknown as OrderFact;
    expect(() => evolve(noOrder, foreign, times)).toThrow(InconsistentStream);
  });

  test('throws on a fact that names a line which is not there', () => {
    expect(() => stateOf([...accepted([line(1, 5)]), shipped('S', 2, 5)])).toThrow('Order SO-1 has no line 2');
  });

  test('keeps untouched lines as they are, so that only changed rows are written', () => {
    const before = stateOf(accepted([line(1, 5), line(2, 5)]));
    const after = evolve(before, shipped('S', 1, 5), times);
    expect(after.lines[1]).toBe(before.lines[1]);
    expect(after.lines[0]).not.toBe(before.lines[0]);
  });

  test('keeps lines in order of their numbers', () => {
    const added = fact('OrderLinesAdded', { lines: [line(3, 1), line(2, 1)] });
    expect(stateOf([...submitted([line(10, 1), line(1, 1)]), added]).lines.map(({ lineNo }) => lineNo)).toEqual([
      1, 2, 3, 10,
    ]);
  });

  test('remembers when things happened', () => {
    const closed = stateOf([...accepted([]), fact('OrderClosed', {})]);
    expect(closed).toMatchObject({ startedAt: earlier, submittedAt: earlier, acceptedAt: earlier, endedAt: earlier });
    expect(evolve(closed, fact('OrderReopened', {}), times)).not.toHaveProperty('endedAt');
  });

  test('has no undefined properties: a state is a JSON value', () => {
    const state = stateOf([...accepted([line(1, 5, { requestedDate: '2026-04-01' })]), shipped('S', 1, 5)]);
    expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
  });
});
