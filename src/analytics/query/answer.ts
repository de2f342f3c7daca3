import type { Position } from '../../events/envelope.ts';
import type { CalendarDefinition } from '../../values/calendars.ts';
import type { LocalDate, Zone } from '../../values/dates.ts';
import type { Attribution, Basis, Grain, Population, Unit } from '../kpis/kpi.ts';

/** What was known: after the event at a position, or at an instant of recording (RFC 3339). Left out: now. */
export type AsOf = { readonly position: Position } | { readonly instant: string };

/** A question. Everything but the KPIs may be left out; the answer says what was taken instead. Names are checked. */
export interface KpiRequest {
  readonly kpis: readonly string[];
  readonly grain?: string;
  readonly basis?: string;
  readonly population?: string;
  readonly by?: string;
  /** Periods (day, week, month, quarter, year) and dimensions; rows come in this order. */
  readonly group?: readonly string[];
  /** Several values of one dimension mean any of them; the empty one means units without a value. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
  /** Zone in which instants fall into periods. Left out: the zone of each place of delivery. */
  readonly zone?: string;
  /** Inclusive local dates, of the date that `by` names. */
  readonly from?: string;
  readonly to?: string;
  /** Durations in working time of this calendar. Left out: calendar time. */
  readonly calendar?: CalendarDefinition;
  /** Percent, 0 to 100; 50, 90 and 95 if left out. */
  readonly percentiles?: readonly number[];
  /** `linear`: Hyndman-Fan type 7, as percentile_cont. `nearest`: type 1, as percentile_disc. */
  readonly method?: string;
  readonly asOf?: AsOf;
  /** Local date on which is judged what is overdue; the date of `asOf` if left out. */
  readonly on?: string;
  /** Also answer what was known then: each cell gets `compared`. As reported is the past, as restated is now. */
  readonly compare?: AsOf;
  readonly signal?: AbortSignal;
}

/** A number with what it was made of. `value` is null where nothing was counted. */
export interface KpiValue {
  readonly num: number;
  readonly den: number;
  readonly value: number | null;
  /** Units that belong to the question but are not due (or not done) yet, and so not counted. */
  readonly n_open: number;
  readonly distribution?: Distribution;
}

export interface Distribution {
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** By name: `p50`, `p99.5`. */
  readonly percentiles: Readonly<Record<string, number | null>>;
  /** Share of the values that are above zero. */
  readonly positive: number | null;
}

export interface Compared extends KpiValue {
  /** Value now less value then; null where one of them is. */
  readonly delta: number | null;
}

export interface KpiCell extends KpiValue {
  readonly compared?: Compared;
}

export interface KpiRow {
  readonly group: Readonly<Record<string, string | null>>;
  /** By KPI id. */
  readonly kpis: Readonly<Record<string, KpiCell>>;
}

/** What was taken as agreed in the answer, for each KPI. */
export interface Conventions {
  readonly kpi: string;
  readonly version: number;
  readonly unit: Unit | 'working-hours';
  readonly grain: Grain;
  readonly basis: Basis | null;
  readonly population: Population | null;
  readonly by: Attribution;
}

export interface KpiAnswer {
  readonly rows: readonly KpiRow[];
  readonly conventions: readonly Conventions[];
  readonly group: readonly string[];
  /** `ship-to` where the question named none. */
  readonly zone: Zone;
  readonly percentiles: readonly number[];
  readonly method: 'linear' | 'nearest';
  readonly calendar: string | null;
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
  /** What was known: everything up to this position, or of it what was recorded up to `asOf`. */
  readonly position: Position | 'start';
  readonly asOf: AsOf | null;
  /** Date on which was judged what is overdue. */
  readonly on: LocalDate;
  /** Streams that could not be interpreted, and so are missing from some of their events on. */
  readonly parkedStreams: number;
}

/** One cell of an answer: the question, one of its KPIs, and the group of the row. */
export interface CellRequest extends KpiRequest {
  readonly kpi: string;
  readonly cell: Readonly<Record<string, string | null>>;
}

/** A unit behind a cell. `counted` is false for open ones; `good` is null unless the KPI is a rate. */
export interface CellUnit {
  readonly orderId: string;
  readonly orderNo: string;
  readonly lineNo: number | null;
  readonly scheduleId: string | null;
  readonly shipmentId: string | null;
  readonly counted: boolean;
  readonly good: boolean | null;
  /** What the unit adds: 1 or 0 for rates, days, counts, amounts. */
  readonly value: number | null;
}

export interface CellAnswer {
  readonly units: readonly CellUnit[];
  readonly position: Position | 'start';
}

/** The counted units of one KPI, sorted into bins by what each of them adds. Groups of the question do not matter. */
export interface HistogramRequest extends KpiRequest {
  readonly kpi: string;
  /** In the unit of the KPI, ascending. */
  readonly edges: readonly number[];
}

export interface HistogramAnswer {
  /** One more than edges: below the first, from each edge to the next, from the last on. */
  readonly counts: readonly number[];
  readonly position: Position | 'start';
}

export interface ChangeRequest extends CellRequest {
  readonly since: Position | 'start';
  readonly until?: Position;
}

/** An order whose contribution to the cell differs, with the events between the two positions that made it so. */
export interface ChangedOrder {
  readonly orderId: string;
  readonly orderNo: string;
  readonly before: readonly CellUnit[];
  readonly after: readonly CellUnit[];
  readonly events: readonly ChangingEvent[];
}

export interface ChangingEvent {
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly occurredAt: string;
  readonly recordedAt: string;
}

export interface ChangeAnswer {
  readonly before: KpiValue;
  readonly after: KpiValue;
  readonly since: Position | 'start';
  readonly until: Position | 'start';
  readonly orders: readonly ChangedOrder[];
}
