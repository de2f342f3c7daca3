import type { Reading, WatchDefinition } from '../../events/catalog/alert.ts';
import { parseLocalDate } from '../../values/dates.ts';
import { dayOf } from '../facts/days.ts';
import { type Period, periodOf } from '../kernel/periods.ts';
import type { AsOf, KpiAnswer, KpiRequest } from '../query/answer.ts';

/** One number of a watched KPI. `period` is empty for a question without periods. */
export interface Point {
  readonly period: string;
  readonly value: number;
  readonly num: number;
  readonly den: number;
}

/** The question of a watch, as the engine is asked. */
export function questionOf(
  { question }: Pick<WatchDefinition, 'question'>,
  when: { readonly asOf?: AsOf; readonly on?: string } = {},
): KpiRequest {
  const { kpi, period, percentile, ...rest } = question;
  return {
    ...rest,
    kpis: [kpi],
    group: period === undefined ? [] : [period],
    percentiles: percentile === undefined ? [] : [percentile],
    ...when,
  };
}

/** The numbers of an answer, oldest first, up to the period in which it was judged; those that count enough. */
export function pointsOf({ question, condition }: WatchDefinition, { rows, on }: KpiAnswer): readonly Point[] {
  const { kpi, period, percentile } = question;
  const newest = period === undefined ? '' : periodAt(period, on);
  const points: Point[] = [];
  for (const row of rows) {
    const label = period === undefined ? '' : row.group[period];
    const cell = row.kpis[kpi];
    if (label === null || label === undefined || label > newest || !cell) continue;
    const value = percentile === undefined ? cell.value : (cell.distribution?.percentiles[`p${percentile}`] ?? null);
    if (value === null || cell.den < (condition.minimumN ?? 1)) continue;
    points.push({ period: label, value, num: cell.num, den: cell.den });
  }
  return points.sort((one, other) => (one.period < other.period ? -1 : 1));
}

/** The period in which a local date lies. */
export const periodAt = (period: Period, date: string): string => periodOf(period, dayOf(parseLocalDate(date)));

/** Undefined while nothing was recorded: such a number could not be asked for again. */
export function readingOf(
  { period, value, num, den }: Point,
  { position, on }: KpiAnswer,
  more: Pick<Reading, 'side' | 'cusum'>,
): Reading | undefined {
  if (position === 'start') return undefined;
  return { ...(period !== '' && { period }), value, num, den, ...more, position, on };
}
