import type { Position, Recorded } from '../events/envelope.ts';
import type { LogMessage } from '../events/log/port.ts';
import type { Kpi } from './kpis/kpi.ts';
import type {
  AsOf,
  CellAnswer,
  CellRequest,
  ChangeAnswer,
  ChangeRequest,
  KpiAnswer,
  KpiRequest,
} from './query/answer.ts';
import type { Table } from './table.ts';

export const factTables = ['orders', 'lines', 'schedule-lines', 'shipments'] as const;
export type FactTable = (typeof factTables)[number];

/** A table that does not change any more, and how much of the log it shows. */
export interface Facts {
  readonly table: Table;
  readonly position: Position | 'start';
}

/** A stream that could not be interpreted from an event on. */
export interface ParkedStream {
  readonly stream: string;
  readonly position: Position;
  readonly code: string;
  readonly message: string;
}

/**
 * Facts and KPIs in memory, kept up with the log. All methods throw InvalidValue for what cannot be asked: `unknown-kpi`,
 * `unknown-grain`, `unknown-basis`, `unknown-population`, `unknown-attribution`, `unknown-dimension`, `unknown-zone`,
 * `unknown-method`, `unknown-facts`, `invalid-percentile`, `invalid-date`, `invalid-instant`, `invalid-position`,
 * `position-not-reached`, `kpi-awaits-events`, `too-many-groups`, `unknown-cell`.
 */
export interface Analytics {
  /** The whole catalogue, those that await events included. */
  readonly kpis: readonly Kpi[];
  /** Position of the last event that the facts show. */
  readonly position: Position | 'start';
  /** Milliseconds since the facts last were where the log was; 0 when they are. */
  readonly lagMs: number;
  readonly parked: readonly ParkedStream[];
  /** Names that questions may group and filter by: periods, built-in and free dimensions. */
  dimensions(): readonly string[];
  facts(name: string, options?: { readonly asOf?: AsOf; readonly signal?: AbortSignal }): Promise<Facts>;
  query(request: KpiRequest): Promise<KpiAnswer>;
  /** The units behind one cell of an answer. */
  cell(request: CellRequest): Promise<CellAnswer>;
  /** Which orders, by which events, changed a cell between two positions. */
  whatChanged(request: ChangeRequest): Promise<ChangeAnswer>;
  /** True when the facts show the position; false when the time is up first. */
  waitFor(position: Position, options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<boolean>;
  close(): Promise<void>;
}

/** Where events come from: the log, or an archive of it. */
export interface EventSource {
  subscribe(options: { readonly after: Position | 'start'; readonly signal: AbortSignal }): AsyncIterable<LogMessage>;
  head(): Promise<Position | 'start'>;
}

/** A second source for going over the past again, faster than the log: everything after a position up to another, in order. */
export interface PastEvents {
  read(after: Position | 'start', upTo?: Position): AsyncIterable<Recorded>;
}

export interface AnalyticsOptions {
  readonly log: EventSource;
  /** Where as-of answers read the past; the log itself if left out. */
  readonly past?: PastEvents;
  readonly clock: () => string;
  /** Told of parked streams and lost subscriptions. */
  readonly report?: (problem: { readonly code: string; readonly message: string; readonly cause?: unknown }) => void;
  /** How many pasts are kept folded; 3 if left out. */
  readonly rememberedPasts?: number;
}
