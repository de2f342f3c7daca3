import { describe, expect, test } from 'vitest';
import { watchAggregate } from '../../../src/commands/watch/aggregate.ts';
import { rememberedAlerts } from '../../../src/commands/watch/state.ts';
import type { WatchDefinition } from '../../../src/events/catalog/alert.ts';
import type { AlertFact } from '../../../src/events/catalog/index.ts';
import { uuidv5 } from '../../../src/values/ids.ts';
import { context, earlier, specificationOf } from '../../support/spec.ts';
import { defined, onTime, positionAt, raised, readingAt } from '../../support/watches.ts';

const { given, stateOf } = specificationOf(watchAggregate);
const define = (more: Partial<WatchDefinition> = {}) =>
  ({ kind: 'define', body: { watchId: 'W', ...onTime, ...more } }) as const;
const change = (more: Partial<WatchDefinition> = {}) => ({ kind: 'change', body: { ...onTime, ...more } }) as const;
const raise = (reading = readingAt(5), version = 1) => ({ kind: 'raise', body: { version, reading } }) as const;
const clear = (alertId: string, reading = readingAt(6, { value: 0.95 }), version = 1) =>
  ({ kind: 'clear', body: { version, alertId, reading } }) as const;
const acknowledge = (alertId: string) => ({ kind: 'acknowledge', alertId }) as const;
const told = (alertId: string, of: 'raised' | 'cleared') => ({ kind: 'told', alertId, of }) as const;
const removed: AlertFact = { type: 'WatchRemoved', data: { watchId: 'W' } };
const cleared = (
  alertId: string,
  because: 'recovered' | 'watch-changed' | 'watch-removed',
  reading?: object,
): AlertFact =>
  ({ type: 'KpiAlertCleared', data: { watchId: 'W', alertId, because, ...(reading && { reading }) } }) as AlertFact;

describe('defining a watch', () => {
  test('happens once; again with the same data changes nothing, with other data is refused', () => {
    given().when(define()).thenHappened(defined());
    given(defined()).when(define()).thenNothing();
    given(defined())
      .when(define({ tell: [] }))
      .thenRefused('watch-exists', '/watchId');
  });

  test('is possible again after it was removed, as another version', () => {
    given(defined(), removed)
      .when(define())
      .thenHappened({ type: 'WatchDefined', data: { watchId: 'W', version: 2, definition: onTime } });
  });

  test.each([
    ['below', 0.9, 0.89],
    ['above', 10, 11],
  ] as const)('refuses an alert %s %d that would end at %d', (side, level, clearAt) => {
    given()
      .when(define({ condition: { kind: 'threshold', side, level, clearAt } }))
      .thenRefused('hysteresis-inverted', '/condition/clearAt');
  });

  test('refuses what cannot be: zone, baseline, a series without periods, a time to come', () => {
    const cusum = (from: string, to: string) => ({ kind: 'cusum', side: 'both', baseline: { from, to } }) as const;
    given()
      .when(define({ question: { kpi: 'k', zone: 'Moon' } }))
      .thenRefused('zone-unknown', '/question/zone');
    given()
      .when(define({ condition: cusum('2026-02-30', '2026-03-01') }))
      .thenRefused('date-impossible', '/condition/baseline/from');
    given()
      .when(define({ condition: cusum('2026-03-01', '2026-02-01') }))
      .thenRefused('baseline-inverted', '/condition/baseline/to');
    given()
      .when(define({ question: { kpi: 'k' }, condition: cusum('2026-01-01', '2026-02-01') }))
      .thenRefused('period-required', '/question/period');
    given().when(define(), { occurredAt: '2026-03-11T00:00:00Z' }).thenRefused('occurred-in-future', '/occurredAt');
  });
});

describe('changing and removing', () => {
  const open = [defined(), raised('a', readingAt(5))] as const;

  test('need a watch', () => {
    given().when(change()).thenRefused('watch-unknown');
    given().when({ kind: 'remove' }).thenRefused('watch-unknown');
    given(defined(), removed)
      .when(change({ tell: [] }))
      .thenRefused('watch-removed');
    given(defined(), removed).when({ kind: 'remove' }).thenNothing();
  });

  test('of who is told and the name keeps version and alerts', () => {
    const definition = { ...onTime, tell: ['sales'] };
    given(...open)
      .when(change({ tell: ['sales'] }))
      .thenHappened({ type: 'WatchChanged', data: { watchId: 'W', version: 1, definition } });
    given(...open)
      .when(change())
      .thenNothing();
  });

  test('of what is judged ends the alerts of the old version', () => {
    const condition = { kind: 'threshold', side: 'below', level: 0.7 } as const;
    const definition = { ...onTime, condition };
    given(...open)
      .when(change({ condition }))
      .thenHappened(cleared('a', 'watch-changed'), {
        type: 'WatchChanged',
        data: { watchId: 'W', version: 2, definition },
      });
  });

  test('removing ends the alerts', () => {
    given(...open)
      .when({ kind: 'remove' })
      .thenHappened(cleared('a', 'watch-removed'), removed);
  });
});

describe('raising and clearing', () => {
  const reading = readingAt(5);
  const alertId = uuidv5(context.commandId, 'alert');

  test('an alert carries the number and what was watched', () => {
    given(defined()).when(raise()).thenHappened(raised(alertId, reading));
  });

  test('a period has one open alert, other periods have theirs', () => {
    const other = readingAt(5, { period: '2026-W10' });
    given(defined(), raised('a', reading))
      .when(raise(readingAt(9)))
      .thenNothing();
    given(defined(), raised('a', reading)).when(raise(other)).thenHappened(raised(alertId, other));
    given(defined(), raised('a', reading), cleared('a', 'recovered', readingAt(6)))
      .when(raise(readingAt(9)))
      .thenHappened(raised(alertId, readingAt(9)));
  });

  test('who is late, judges an old version, or a removed watch changes nothing', () => {
    const late = [defined(), raised('a', reading), cleared('a', 'recovered', readingAt(8))] as const;
    given(...late)
      .when(raise(readingAt(7)))
      .thenNothing();
    given(...late)
      .when(raise(readingAt(8, { on: '2026-03-01' })))
      .thenNothing();
    given(defined(), raised('a', readingAt(8)))
      .when(clear('a', readingAt(7)))
      .thenNothing();
    given(defined()).when(raise(reading, 2)).thenNothing();
    given(defined(), removed).when(raise()).thenNothing();
    given().when(raise()).thenRefused('watch-unknown');
  });

  test('an open alert is cleared once', () => {
    const better = readingAt(6, { value: 0.95 });
    given(defined(), raised('a', reading))
      .when(clear('a'))
      .thenHappened(cleared('a', 'recovered', better));
    given(defined(), raised('a', reading), cleared('a', 'recovered', better))
      .when(clear('a'))
      .thenNothing();
    given(defined()).when(clear('b')).thenNothing();
  });

  test('an alert is acknowledged once, also when it is over', () => {
    const acknowledged: AlertFact = { type: 'AlertAcknowledged', data: { watchId: 'W', alertId: 'a' } };
    given(defined(), raised('a', reading), removed).when(acknowledge('a')).thenHappened(acknowledged);
    given(defined(), raised('a', reading), acknowledged).when(acknowledge('a')).thenNothing();
    given(defined()).when(acknowledge('b')).thenRefused('alert-unknown');
  });

  test('a notice is given once for what was raised, and once for what recovered', () => {
    const notice = (of: 'raised' | 'cleared'): AlertFact => ({
      type: 'AlertNoticeGiven',
      data: { watchId: 'W', alertId: 'a', of },
    });
    const over = cleared('a', 'recovered', readingAt(6, { value: 0.95 }));
    given(defined(), raised('a', reading)).when(told('a', 'raised')).thenHappened(notice('raised'));
    given(defined(), raised('a', reading), notice('raised')).when(told('a', 'raised')).thenNothing();
    given(defined(), raised('a', reading), over).when(told('a', 'cleared')).thenHappened(notice('cleared'));
    given(defined(), raised('a', reading)).when(told('a', 'cleared')).thenNothing();
    given(defined(), raised('a', reading), cleared('a', 'watch-changed')).when(told('a', 'cleared')).thenNothing();
    given(defined(), raised('a', reading), removed).when(told('a', 'raised')).thenNothing();
  });
});

test('the state stays small: open alerts are kept, the oldest of the others forgotten', () => {
  const many = Array.from({ length: rememberedAlerts + 50 }, (_, at) => [
    raised(`a${at}`, readingAt(at + 1)),
    ...(at === 0 ? [] : [cleared(`a${at}`, 'recovered', readingAt(at + 1))]),
  ]).flat();
  const state = stateOf([defined(), ...many]);
  expect(state?.alerts).toHaveLength(rememberedAlerts);
  expect(state?.alerts[0]).toEqual({ alertId: 'a0', period: '2026-W09', open: true, acknowledged: false });
  expect(state?.judged).toEqual({ position: positionAt(rememberedAlerts + 50), on: '2026-03-02' });
});

test('evolve throws on facts of others, and on facts before the first', () => {
  const times = { occurredAt: earlier, recordedAt: earlier };
  const foreign = { type: 'OrderAccepted', data: {} } as unknown as AlertFact;
  expect(() => watchAggregate.evolve(stateOf([defined()]), foreign, times)).toThrow('not a fact of a watch');
  expect(() => watchAggregate.evolve(null, removed, times)).toThrow('not the first');
});
