import type { Measure } from '../kpis/measure.ts';
import type { Distribution, KpiValue } from './answer.ts';
import type { Question } from './question.ts';
import { hasDistribution, type Measured } from './scan.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** What a stored value is divided by to be in the unit of the answer: days, or hours of working time. */
export const divisorOf = (measure: Measure | undefined, { calendar }: Question): number =>
  measure?.kind === 'time' ? (calendar ? hourMs : dayMs) : 1;

/** The numbers of one KPI in one group. */
export function kpiValue({ asked, tally, percentiles }: Measured, group: number, question: Question): KpiValue {
  const measure = asked.kpi.measure as Measure;
  const unit = divisorOf(measure, question);
  const { counted, open: n_open, ...sums } = tally.of(group);
  const part = sums.part / unit;
  if (measure.kind === 'count' || measure.kind === 'sum') return { num: part, den: counted, value: part, n_open };
  const den = measure.kind === 'share' ? sums.whole : counted;
  const value = { num: part, den, value: den === 0 ? null : part / den, n_open };
  if (!hasDistribution(measure)) return value;
  const spread = percentiles?.of(group) ?? null;
  const inUnits = (stored: number | undefined): number | null => (stored === undefined ? null : stored / unit);
  const distribution: Distribution = {
    mean: value.value,
    min: inUnits(spread?.least),
    max: inUnits(spread?.greatest),
    percentiles: Object.fromEntries(
      question.percentiles.map((percent, at) => [`p${percent}`, inUnits(spread?.percentiles[at])]),
    ),
    positive: spread && spread.positive / counted,
  };
  return { ...value, distribution };
}

export const nothing: KpiValue = { num: 0, den: 0, value: null, n_open: 0 };

/** A KPI made of others in the same group. */
export function combined(kind: 'product' | 'difference', parts: readonly KpiValue[]): KpiValue {
  const n_open = Math.max(0, ...parts.map((part) => part.n_open));
  const values = parts.map(({ value }) => value);
  if (values.some((value) => value === null)) return { ...nothing, n_open };
  const numbers = values as number[];
  const value =
    kind === 'product'
      ? numbers.reduce((product, one) => product * one, 1)
      : ((numbers[0] ?? 0) - (numbers[1] ?? 0)) * 100;
  return { num: value, den: 1, value, n_open };
}
