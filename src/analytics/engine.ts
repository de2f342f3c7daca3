import { tmpdir } from 'node:os';
import type { Position } from '../events/envelope.ts';
import type { Selection } from './export/selection.ts';
import type { Snapshot } from './export/snapshot.ts';
import { FoldedFacts, type ParkedStream } from './facts/facts.ts';
import { Follower } from './follower.ts';
import { kpiCatalogue } from './kpis/catalogue.ts';
import type { Kpi } from './kpis/kpi.ts';
import { Pasts } from './pasts.ts';
import type {
  AsOf,
  CellAnswer,
  CellRequest,
  ChangeAnswer,
  ChangeRequest,
  HistogramAnswer,
  HistogramRequest,
  KpiAnswer,
  KpiRequest,
} from './query/answer.ts';
import { dimensionsOf } from './query/dimensions.ts';
import { Questions } from './questions.ts';
import { type EventSource, type PastEvents, pastOf, type Report } from './source.ts';
import { Turns } from './turns.ts';

export type { ParkedStream } from './facts/facts.ts';
export { type TableName as FactTable, tableNames as factTables } from './facts/tables.ts';
export type { EventSource, PastEvents } from './source.ts';

/** What was asked of a table of facts, and how much of the log it shows. */
export interface Facts extends Snapshot {
  readonly position: Position | 'start';
}

export interface FactsRequest extends Selection {
  readonly asOf?: AsOf;
  readonly signal?: AbortSignal;
}

/**
 * Facts and KPIs in memory, kept up with the log. All methods throw InvalidValue for what cannot be asked: `unknown-kpi`,
 * `unknown-grain`, `unknown-basis`, `unknown-population`, `unknown-attribution`, `unknown-dimension`, `unknown-zone`,
 * `unknown-method`, `unknown-facts`, `invalid-percentile`, `invalid-date`, `invalid-instant`, `invalid-calendar`,
 * `position-not-reached`, `kpi-awaits-events`, `too-many-groups`, `unknown-cell`, `invalid-edges`.
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
  /** Only what is asked is put aside: in memory while it is small, else in a file. Throws `unknown-column`, `invalid-condition` too. */
  facts(name: string, request?: FactsRequest): Promise<Facts>;
  query(request: KpiRequest): Promise<KpiAnswer>;
  /** The units behind one cell of an answer. */
  cell(request: CellRequest): Promise<CellAnswer>;
  histogram(request: HistogramRequest): Promise<HistogramAnswer>;
  /** Which orders, by which events, changed a cell between two positions. */
  whatChanged(request: ChangeRequest): Promise<ChangeAnswer>;
  /** True when the facts show the position; false when the time is up first. */
  waitFor(position: Position, options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<boolean>;
  close(): Promise<void>;
}

export interface AnalyticsOptions {
  readonly log: EventSource;
  /** Where as-of answers read the past; the log itself if left out. */
  readonly past?: PastEvents;
  readonly clock: () => string;
  /** Told of parked streams and lost subscriptions. */
  readonly report?: Report;
  /** How many pasts are kept folded; 3 if left out. */
  readonly rememberedPasts?: number;
  /** For the files in which large tables of facts lie until they are sent; that of the system if left out. */
  readonly directory?: string;
}

const usualPasts = 3;

/** Begins to fold the log; answers show what was folded so far. Wait for a position to know more. */
export async function openAnalytics(options: AnalyticsOptions): Promise<Analytics> {
  const { log, clock, report = () => {}, rememberedPasts = usualPasts, directory = tmpdir() } = options;
  const past = options.past ?? pastOf(log);
  const live = new FoldedFacts();
  const turns = new Turns();
  const follower = new Follower({ log, facts: live, turns, report });
  const questions = new Questions({ live, turns, past, pasts: new Pasts(past, rememberedPasts), clock, directory });
  return {
    kpis: kpiCatalogue,
    get position() {
      return live.position;
    },
    get lagMs() {
      return follower.lagMs;
    },
    get parked() {
      return [...live.parked.values()];
    },
    dimensions: () => dimensionsOf(live),
    facts: (name, request = {}) => questions.facts(name, request),
    query: (request) => questions.query(request),
    cell: (request) => questions.cell(request),
    histogram: (request) => questions.histogram(request),
    whatChanged: (request) => questions.whatChanged(request),
    waitFor: (position, { timeoutMs, signal }) => follower.waitFor(position, timeoutMs, signal),
    close: () => follower.close(),
  };
}
