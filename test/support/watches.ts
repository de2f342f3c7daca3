import type { KpiAnswer } from '../../src/analytics/query/answer.ts';
import type { Reading, WatchDefinition } from '../../src/events/catalog/alert.ts';
import type { AlertFact } from '../../src/events/catalog/index.ts';
import type { AlertDoc } from '../../src/projections/alerts/reader.ts';
import { fakeAnswer } from './fakeAnalytics.ts';

/** On time by week, below 90 %, over again at 92 %. */
export const onTime: WatchDefinition = {
  name: 'On time',
  question: { kpi: 'on_time_rate', period: 'week', zone: 'Europe/Berlin' },
  condition: { kind: 'threshold', side: 'below', level: 0.9, clearAt: 0.92, minimumN: 20 },
  tell: ['supply-desk'],
};

export const positionAt = (serial: number): string => String(serial).padStart(20, '0');

export const defined = (definition: WatchDefinition = onTime): AlertFact => ({
  type: 'WatchDefined',
  data: { watchId: 'W', version: 1, definition },
});

export const readingAt = (serial: number, more: Partial<Reading> = {}): Reading => ({
  period: '2026-W09',
  value: 0.8,
  num: 40,
  den: 50,
  side: 'below',
  position: positionAt(serial),
  on: '2026-03-02',
  ...more,
});

export const raised = (alertId: string, reading: Reading, definition: WatchDefinition = onTime): AlertFact => {
  const { name, question, condition, tell } = definition;
  return {
    type: 'KpiAlertRaised',
    data: { watchId: 'W', alertId, version: 1, name, question, condition, tell, reading },
  };
};

/** An open alert of the dashboard: of one month, or of the period. */
export const openAlert = (
  position: string,
  more: { period?: string; name?: string; grain?: string } = {},
): AlertDoc => {
  const { name = 'On time', period = '2026-02', grain } = more;
  const question = { ...onTime.question, period: 'month' as const, ...(grain !== undefined && { grain }) };
  const reading = readingAt(1, { period, position, on: '2026-03-02' });
  const raisedAt = '2026-03-02T06:00:00.000Z';
  return {
    ...onTime,
    name,
    question,
    alertId: `${name} ${period}`,
    watchId: 'W',
    version: 1,
    status: 'open',
    raisedAt,
    reading,
  };
};

/** An answer with these numbers by period: `num` of `den`. */
export function answered(
  numbers: Readonly<Record<string, readonly [num: number, den: number]>>,
  { serial = 7, on = '2026-03-02', period = 'week' }: { serial?: number; on?: string; period?: string } = {},
): KpiAnswer {
  const rows = Object.entries(numbers).map(([label, [num, den]]) => ({
    group: { [period]: label },
    kpis: { on_time_rate: { num, den, value: den === 0 ? null : num / den, n_open: 0 } },
  }));
  return { ...fakeAnswer({ kpis: ['on_time_rate'], group: [period] }), rows, position: positionAt(serial), on };
}
