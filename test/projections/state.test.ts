import { describe, expect, test } from 'vitest';
import { isServing, nextState, type ProjectionSignal, type ProjectionState } from '../../src/projections/state.ts';

const stopped: ProjectionState = { kind: 'stopped' };
const catchingUp: ProjectionState = { kind: 'catching-up' };
const live: ProjectionState = { kind: 'live' };
const quarantined: ProjectionState = { kind: 'quarantined', streams: 2, caughtUp: true };
const retrying: ProjectionState = { kind: 'retrying', attempt: 1, cause: 'gone', delayMs: 100 };
const failed: ProjectionState = { kind: 'failed', code: 'projection-outdated', cause: 'old' };

const start = (parked = 0): ProjectionSignal => ({ kind: 'start', parked });
const committed = (caughtUp: boolean, parked = 0): ProjectionSignal => ({ kind: 'committed', caughtUp, parked });
const interrupted: ProjectionSignal = { kind: 'interrupted', attempt: 2, cause: 'gone again', delayMs: 200 };
const refused: ProjectionSignal = { kind: 'refused', code: 'projection-superseded', cause: 'new' };
const stop: ProjectionSignal = { kind: 'stop' };

const retryingAgain: ProjectionState = { kind: 'retrying', attempt: 2, cause: 'gone again', delayMs: 200 };
const superseded: ProjectionState = { kind: 'failed', code: 'projection-superseded', cause: 'new' };
const parkedBehind: ProjectionState = { kind: 'quarantined', streams: 3, caughtUp: false };

/** Every edge: from each state, what each signal leads to. */
const edges: readonly (readonly [ProjectionState, ProjectionSignal, ProjectionState])[] = [
  ...[stopped, catchingUp, live, quarantined, retrying, failed].flatMap(
    (from) =>
      [
        [from, start(), catchingUp],
        [from, start(3), parkedBehind],
        [from, stop, stopped],
      ] as const,
  ),
  [stopped, committed(true), stopped],
  [retrying, committed(true), retrying],
  [failed, committed(true), failed],
  ...[catchingUp, live, quarantined].flatMap(
    (from) =>
      [
        [from, committed(true), live],
        [from, committed(false), catchingUp],
        [from, committed(true, 2), quarantined],
        [from, committed(false, 3), parkedBehind],
      ] as const,
  ),
  [stopped, interrupted, stopped],
  [failed, interrupted, failed],
  ...[catchingUp, live, quarantined, retrying].map((from) => [from, interrupted, retryingAgain] as const),
  [stopped, refused, stopped],
  ...[catchingUp, live, quarantined, retrying, failed].map((from) => [from, refused, superseded] as const),
];

describe('the state of a projection', () => {
  test.each(edges)('%j -- %j -> %j', (from, signal, to) => {
    expect(nextState(from, signal)).toEqual(to);
  });

  test('is served while live, with or without parked streams', () => {
    expect([stopped, catchingUp, live, quarantined, parkedBehind, retrying, failed].map(isServing)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
