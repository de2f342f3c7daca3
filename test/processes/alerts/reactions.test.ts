import { describe, expect, test } from 'vitest';
import type { KpiAnswer } from '../../../src/analytics/query/answer.ts';
import { watchAggregate } from '../../../src/commands/watch/aggregate.ts';
import type { Watch } from '../../../src/commands/watch/state.ts';
import type { WatchDefinition } from '../../../src/events/catalog/alert.ts';
import type { AlertFact } from '../../../src/events/catalog/index.ts';
import { reactionsTo } from '../../../src/processes/alerts/reactions.ts';
import { specificationOf } from '../../support/spec.ts';
import { answered, defined, onTime, raised, readingAt } from '../../support/watches.ts';

const { stateOf } = specificationOf(watchAggregate);

/** These facts of a watch, and this answer to its question: exactly these commands. */
const given = (...facts: readonly AlertFact[]) => ({
  when: (answer: KpiAnswer) => ({
    thenAsks: (...commands: readonly (readonly [kind: string, period: string | undefined, value: number])[]) =>
      expect(
        reactionsTo(stateOf(facts) as Watch, answer).map(({ command: { kind, body } }) => [
          kind,
          body.reading.period,
          body.reading.value,
        ]),
      ).toEqual(commands),
  }),
});

const open = raised('a', readingAt(5));
const recovered: AlertFact = {
  type: 'KpiAlertCleared',
  data: { watchId: 'W', alertId: 'a', because: 'recovered', reading: readingAt(6) },
};
const watched = (more: Partial<WatchDefinition>): AlertFact => defined({ ...onTime, ...more });

describe('a threshold', () => {
  test('is crossed: an alert for that period, with everything that the number was made of', () => {
    given(defined())
      .when(answered({ '2026-W08': [95, 100], '2026-W09': [40, 50] }))
      .thenAsks(['raise', '2026-W09', 0.8]);
    const [reaction] = reactionsTo(stateOf([defined()]) as Watch, answered({ '2026-W09': [40, 50] }));
    expect(reaction?.command).toEqual({ kind: 'raise', body: { version: 1, reading: readingAt(7) } });
  });

  test('is not met by the level itself, by too few units, by nothing, by what is still to come', () => {
    given(defined())
      .when(answered({ '2026-W09': [45, 50] }))
      .thenAsks();
    given(defined())
      .when(answered({ '2026-W09': [1, 19] }))
      .thenAsks();
    given(defined())
      .when(answered({ '2026-W09': [0, 0] }))
      .thenAsks();
    given(defined())
      .when(answered({ '2026-W11': [10, 50] }))
      .thenAsks();
    given(defined()).when(answered({})).thenAsks();
  });

  test('does not flap: between the level and where it ends nothing happens', () => {
    given(defined(), open)
      .when(answered({ '2026-W09': [89, 100] }))
      .thenAsks();
    given(defined(), open)
      .when(answered({ '2026-W09': [91, 100] }))
      .thenAsks();
    given(defined(), open)
      .when(answered({ '2026-W09': [92, 100] }))
      .thenAsks(['clear', '2026-W09', 0.92]);
    given(defined(), open, recovered)
      .when(answered({ '2026-W09': [91, 100] }))
      .thenAsks();
    given(defined(), open, recovered)
      .when(answered({ '2026-W09': [89, 100] }))
      .thenAsks(['raise', '2026-W09', 0.89]);
  });

  test('of a past period is met when late events restate it, as far back as the watch looks', () => {
    const later = { '2026-W07': [10, 50], '2026-W08': [10, 50], '2026-W09': [50, 50], '2026-W10': [50, 50] } as const;
    given(defined())
      .when(answered(later, { on: '2026-03-04' }))
      .thenAsks(['raise', '2026-W08', 0.2]);
    given(watched({ lookBack: 1 }))
      .when(answered(later, { on: '2026-03-04' }))
      .thenAsks();
    given(defined(), open)
      .when(answered(later, { on: '2026-03-04' }))
      .thenAsks(['raise', '2026-W08', 0.2], ['clear', '2026-W09', 1]);
  });

  test('without periods is one number', () => {
    const answer = (num: number): KpiAnswer => {
      const { rows, ...rest } = answered({ x: [num, 100] });
      return { ...rest, rows: rows.map((row) => ({ ...row, group: {} })) };
    };
    const whole = watched({ question: { kpi: 'on_time_rate' } });
    given(whole).when(answer(80)).thenAsks(['raise', undefined, 0.8]);
    given(whole, raised('a', { ...readingAt(5), period: undefined } as never))
      .when(answer(80))
      .thenAsks();
  });

  test('may be a percentile', () => {
    const { rows, ...rest } = answered({ '2026-W09': [50, 50] });
    const distribution = { mean: 1, min: 1, max: 9, percentiles: { p90: 0.5 }, positive: 1 };
    const slow = rows.map(({ group, kpis }) => ({
      group,
      kpis: { on_time_rate: { ...kpis.on_time_rate, distribution } as never },
    }));
    given(watched({ question: { ...onTime.question, percentile: 90 } }))
      .when({ ...rest, rows: slow })
      .thenAsks(['raise', '2026-W09', 0.5]);
  });
});

describe('a change of level', () => {
  const cusum: Partial<WatchDefinition> = {
    condition: { kind: 'cusum', side: 'both', baseline: { from: '2025-11-03', to: '2025-12-31' } },
  };
  const week = (at: number): string => (at < 8 ? `2025-W${45 + at}` : `2026-W${String(at - 7).padStart(2, '0')}`);
  /** Nine weeks of baseline, then these. `2026-W01` is the ninth, and belongs to the baseline still. */
  const weeks = (...later: readonly number[]) =>
    Object.fromEntries(
      [950, 948, 952, 950, 947, 953, 950, 951, 949, ...later].map((num, at) => [week(at), [num, 1_000] as const]),
    );
  const on = '2026-02-25';

  test('shows in small steps that no threshold would see, once, in the week that it was proven', () => {
    given(watched(cusum))
      .when(answered(weeks(950, 951, 949), { on }))
      .thenAsks();
    given(watched(cusum))
      .when(answered(weeks(938, 937, 938, 937), { on }))
      .thenAsks(['raise', '2026-W05', 0.937]);
  });

  test('is not judged in the period that has just begun', () => {
    const fallen = weeks(950, 950, 200);
    given(watched(cusum))
      .when(answered(fallen, { on: '2026-01-25' }))
      .thenAsks();
    given(watched(cusum))
      .when(answered(fallen, { on: '2026-01-26' }))
      .thenAsks(['raise', '2026-W04', 0.2]);
  });

  test('is not judged against a baseline of a few weeks', () => {
    const short = answered({ '2025-W50': [950, 1_000], '2026-W03': [100, 1_000] }, { on });
    given(watched(cusum)).when(short).thenAsks();
  });

  test('ends when late events restate the week, not while the sum is above half of the interval', () => {
    const period = '2026-W05';
    const there = raised('a', readingAt(5, { period }));
    given(watched(cusum), there)
      .when(answered(weeks(938, 937, 938, 940), { on }))
      .thenAsks();
    given(watched(cusum), there)
      .when(answered(weeks(950, 950, 950, 950), { on }))
      .thenAsks(['clear', period, 0.95]);
  });
});

test('the same judgement asks by the same id; another moment, version or period by another', () => {
  const idOf = (answer: KpiAnswer, ...facts: AlertFact[]) =>
    reactionsTo(stateOf([defined(), ...facts]) as Watch, answer)[0]?.commandId;
  const numbers = { '2026-W09': [40, 50] } as const;
  const id = idOf(answered(numbers));
  expect(idOf(answered(numbers))).toBe(id);
  const changed: AlertFact = { type: 'WatchChanged', data: { watchId: 'W', version: 2, definition: onTime } };
  const others = [
    idOf(answered(numbers, { serial: 8 })),
    idOf(answered(numbers, { on: '2026-03-03' })),
    idOf(answered({ '2026-W08': [40, 50] })),
    idOf(answered(numbers), changed),
    idOf(answered({ '2026-W09': [50, 50] }), open),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});

test('a removed watch asks for nothing', () => {
  const removed: AlertFact = { type: 'WatchRemoved', data: { watchId: 'W' } };
  given(defined(), removed)
    .when(answered({ '2026-W09': [40, 50] }))
    .thenAsks();
});
