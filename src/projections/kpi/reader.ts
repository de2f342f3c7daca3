import type { Queryable } from '../../database/database.ts';
import type { Row } from '../projection.ts';
import { bases } from './outcome.ts';
import { type AttributedBy, attributedBy, checkQuery, type KpiQuery, kpiStatement } from './query.ts';

export { kpiCatalogue } from './catalogue.ts';
export type { KpiQuery } from './query.ts';

/** One group. `value` is null where nothing was counted. */
export interface KpiRow {
  readonly group: Readonly<Record<string, string | null>>;
  /** Rates: units that succeeded. Durations: sum of days. Counts: units. */
  readonly num: number;
  /** Units that were counted. */
  readonly den: number;
  /** Rates: num / den. Durations: mean, days. Counts: units. */
  readonly value: number | null;
  /** Units that are not due (or not delivered) yet, and so not counted. */
  readonly n_open: number;
  /** Durations only, in days; percentiles are interpolated. */
  readonly distribution?: Distribution;
}

export interface Distribution {
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface KpiAnswer {
  readonly kpi: string;
  readonly unit: string;
  readonly grain: string;
  readonly basis: string | null;
  readonly population: string;
  readonly asOf: string;
  /** Which date of a unit decides its period, and is compared with from and to. */
  readonly by: AttributedBy;
  readonly rows: readonly KpiRow[];
}

/** Answers a question from the fact tables, exactly. Throws InvalidValue `unknown-kpi`, `unknown-dimension` and the like. */
export async function queryKpi(database: Queryable, query: KpiQuery): Promise<KpiAnswer> {
  const checked = await checkQuery(database, query);
  const { definition, grain, basis } = checked;
  const rows = await database.query<Row>(kpiStatement(checked));
  return {
    kpi: definition.id,
    unit: definition.unit,
    grain,
    basis: definition.basis ? basis : null,
    population: definition.population ? checked.population : 'delivered',
    asOf: query.asOf,
    by: attributedBy(checked),
    rows: rows.map((row) => rowOf(row, query.group, definition.kind)),
  };
}

const numberOrNull = (value: Row[string]): number | null =>
  value === null || value === undefined ? null : Number(value);

function rowOf(row: Row, group: readonly string[], kind: 'rate' | 'duration' | 'count'): KpiRow {
  const groups = Object.fromEntries(group.map((name, at) => [name, text(row[`g${at}`])]));
  const den = Number(row.den);
  const counted = { group: groups, den, n_open: Number(row.n_open) };
  if (kind === 'duration') {
    const distribution: Distribution = {
      mean: numberOrNull(row.mean),
      median: numberOrNull(row.p50),
      p90: numberOrNull(row.p90),
      p95: numberOrNull(row.p95),
      p99: numberOrNull(row.p99),
      min: numberOrNull(row.min),
      max: numberOrNull(row.max),
    };
    return { ...counted, num: Number(row.sum ?? 0), value: distribution.mean, distribution };
  }
  const num = Number(row.num);
  if (kind === 'count') return { ...counted, num: den, value: den };
  return { ...counted, num, value: den === 0 ? null : num / den };
}

const text = (value: Row[string]): string | null => (value === null || value === undefined ? null : String(value));

/** Totals of one day and grain, in the words of the table `kpi_daily`. */
export type DailyKpis = Readonly<Record<string, string | number | null>>;

/**
 * Daily totals from `from` to `to`, both inclusive, for orders and for lines: `ordered` on the day of the order, all else on
 * the day of the last delivery. `on_time_{basis}_rate`, `in_full_rate`, `accurate_rate` and `cycle_days_mean` are ratios of
 * the totals beside them.
 */
export async function dailyKpis(
  database: Queryable,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly DailyKpis[]> {
  const rows = await database.query<Row>({
    name: 'kpi-daily',
    text: `select day::text as day_text, d.* from kpi_daily d where day between $1::date and $2::date order by day, grain`,
    values: [from, to],
  });
  return rows.map(({ day_text, day: _day, grain, ...measures }) => {
    const totals = Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, Number(value ?? 0)]));
    return { day: String(day_text), grain: String(grain), ...totals, ...ratiosOf(totals) };
  });
}

const ratio = (part: number | undefined, whole: number | undefined): number | null =>
  whole ? (part ?? 0) / whole : null;

function ratiosOf(totals: Readonly<Record<string, number>>): Record<string, number | null> {
  return {
    in_full_rate: ratio(totals.in_full, totals.delivered),
    accurate_rate: ratio(totals.accurate, totals.delivered),
    cycle_days_mean: ratio((totals.cycle_seconds ?? 0) / 86_400, totals.cycle_count),
    ...Object.fromEntries(
      bases.map((basis) => [`on_time_${basis}_rate`, ratio(totals[`on_time_${basis}`], totals[`due_${basis}`])]),
    ),
  };
}
