import type { Queryable, Statement } from '../../database/database.ts';
import { isLocalDate } from '../../values/dates.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import { type Grain, grains, type KpiDefinition, kpiCatalogue, type Population, populations } from './catalogue.ts';
import { checkDimensions, dimensionSql, isPeriod, periods } from './dimensions.ts';
import { type Basis, bases } from './outcome.ts';
import { unitsOf } from './units.ts';

export interface KpiQuery {
  readonly kpi: string;
  readonly grain: string;
  readonly basis: string;
  readonly population: string;
  /** Dimensions and periods; the rows come in this order. */
  readonly group: readonly string[];
  /** Several values of one dimension mean any of them. */
  readonly filter: Readonly<Record<string, readonly string[]>>;
  /** Local date on which is judged what is overdue; later deliveries have not happened yet. */
  readonly asOf: string;
  /** Inclusive, on the date of `by`. */
  readonly from?: string;
  readonly to?: string;
}

export interface CheckedQuery extends KpiQuery {
  readonly definition: KpiDefinition;
  readonly grain: Grain;
  readonly basis: Basis;
  readonly population: Population;
}

function oneOf<T extends string>(what: string, value: string, valid: readonly T[]): T {
  const found = valid.find((one) => one === value);
  if (found === undefined) {
    throw new InvalidValue(
      `unknown-${what}`,
      `There is no ${what} ${shown(value)}; there are ${valid.join(', ')}`,
      what,
    );
  }
  return found;
}

function dateOf(what: string, value: string): string {
  if (!isLocalDate(value))
    throw new InvalidValue('invalid-date', `${shown(value)} is not a calendar date (YYYY-MM-DD)`, what);
  return value;
}

/** Throws InvalidValue with a code `unknown-...` and the valid names. */
export async function checkQuery(database: Queryable, query: KpiQuery): Promise<CheckedQuery> {
  const kpi = oneOf(
    'kpi',
    query.kpi,
    kpiCatalogue.map(({ id }) => id),
  );
  const definition = kpiCatalogue.find(({ id }) => id === kpi) as KpiDefinition;
  const grain = oneOf('grain', oneOf('grain', query.grain, grains), definition.grains);
  const basis = oneOf('basis', query.basis, bases);
  const population = oneOf('population', query.population, populations);
  dateOf('asOf', query.asOf);
  if (query.from !== undefined) dateOf('from', query.from);
  if (query.to !== undefined) dateOf('to', query.to);
  await checkDimensions(database, query.group);
  const filtered = Object.keys(query.filter);
  const period = filtered.find(isPeriod);
  if (period !== undefined) {
    throw new InvalidValue('unknown-dimension', `Periods are not filtered by ${period}; give from and to`, period);
  }
  await checkDimensions(database, filtered);
  return { ...query, definition, grain, basis, population };
}

/** The date of a unit that periods, `from` and `to` look at. */
export type AttributedBy = 'delivery' | 'target';

export const attributedBy = ({ definition, population }: CheckedQuery): AttributedBy =>
  definition.population && population === 'due' ? 'target' : 'delivery';

/** Column of the date on which the unit was done, by the basis. */
const doneOn = (basis: Basis): string => (basis === 'ship' ? 'u.shipped_on' : 'u.completed_on');

/** Collects parameters while SQL is written. */
export function parameters(): { readonly values: unknown[]; readonly add: (value: unknown) => string } {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

/** One row per unit: whether it counts, fails or is open, its measure in days, and its group. */
export function unitsSql(query: CheckedQuery, add: (value: unknown) => string): string {
  const { definition, grain, basis, population, group, filter } = query;
  const asOf = `${add(query.asOf)}::date`;
  const done = doneOn(definition.basis ? basis : 'commit');
  const finished = `coalesce(${done} <= ${asOf}, false)`;
  const overdue = `coalesce(u.${basis}_missed < ${asOf}, false)`;
  const member = definition.population && population === 'due' ? `(${finished} or ${overdue})` : finished;
  const date = attributedBy(query) === 'target' ? `u.${basis}_on` : done;
  const groups = group.map((name, at) => `${groupSql(name, grain, date)} as g${at}`);
  const conditions = ['u.counted', ...(definition.basis ? [`u.${basis}_on is not null`] : [])];
  for (const [name, values] of Object.entries(filter)) {
    conditions.push(`coalesce(${dimensionSql(name, grain)}, '') = any(${add(values)}::text[])`);
  }
  if (query.from !== undefined) conditions.push(`${date} >= ${add(query.from)}::date`);
  if (query.to !== undefined) conditions.push(`${date} <= ${add(query.to)}::date`);
  const onTime = `(${finished} and u.${basis}_missed is null)`;
  const success: Record<string, string> = {
    on_time_rate: onTime,
    in_full_rate: `(${finished} and coalesce(u.in_full, false))`,
    otif_rate: `(${onTime} and coalesce(u.in_full, false))`,
    delivery_accuracy_rate: 'u.delivery_errors = 0',
  };
  return `select ${[...groups, `${member} as member`, `${success[definition.id] ?? 'true'} as good`, `${daysSql(query)} as days`].join(', ')}
          from ${unitsOf[grain].from}${latenessJoin(query)} where ${conditions.join(' and ')}`;
}

const groupSql = (name: string, grain: Grain, date: string): string =>
  isPeriod(name) ? `to_char(${date}, '${periods[name]}')` : dimensionSql(name, grain);

function daysSql({ definition }: CheckedQuery): string {
  const since = { cycle_time: 'ordered_at', quote_to_delivery_time: 'quoted_at' }[definition.id];
  if (since) return `extract(epoch from (u.completed_at - u.${since})) / 86400`;
  return definition.id === 'days_late' ? 'nullif(greatest(late.days, 0), 0)::numeric' : 'null::numeric';
}

/**
 * A line is as late as its latest schedule line, an order as its latest line. The date that the customer asked for holds for
 * the whole line, which may have been promised nothing.
 */
function latenessJoin({ definition, grain, basis }: CheckedQuery): string {
  if (definition.id !== 'days_late') return '';
  const key = {
    order: ['order_id'],
    line: ['order_id', 'line_no'],
    'schedule-line': ['order_id', 'schedule_id'],
    shipment: [],
  }[grain];
  const done = basis === 'ship' ? 'shipped_on' : 'completed_on';
  const parts = basis === 'request' && grain !== 'schedule-line' ? 'kpi_lines' : 'kpi_schedule_lines';
  return ` join (select ${key.join(', ')}, max(${done} - ${basis}_on) as days from ${parts}
                 group by ${key.join(', ')}) late on ${key.map((column) => `late.${column} = u.${column}`).join(' and ')}`;
}

/** The whole question as one statement; one row per group. */
export function kpiStatement(query: CheckedQuery): Statement {
  const { values, add } = parameters();
  const units = unitsSql(query, add);
  const groups = query.group.map((_, at) => `g${at}`);
  const measured = query.definition.kind === 'duration' ? 'member and days is not null' : 'member';
  const percentile = (p: number): string =>
    `percentile_cont(${p}) within group (order by days::double precision) filter (where ${measured})`;
  const duration = [
    `sum(days) filter (where ${measured})::double precision as sum`,
    `avg(days) filter (where ${measured})::double precision as mean`,
    ...[50, 90, 95, 99].map((p) => `${percentile(p / 100)} as p${p}`),
    `min(days) filter (where ${measured})::double precision as min`,
    `max(days) filter (where ${measured})::double precision as max`,
  ];
  const select = [
    ...groups,
    `count(*) filter (where ${measured})::integer as den`,
    `count(*) filter (where ${measured} and good)::integer as num`,
    'count(*) filter (where not member)::integer as n_open',
    ...(query.definition.kind === 'duration' ? duration : []),
  ];
  const by =
    groups.length > 0
      ? ` group by ${groups.join(', ')} order by ${groups.map((g) => `${g} nulls last`).join(', ')}`
      : '';
  return { text: `select ${select.join(', ')} from (${units}) units${by}`, values };
}
