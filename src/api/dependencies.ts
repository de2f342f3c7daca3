import { tmpdir } from 'node:os';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Static } from 'typebox';
import type { Analytics, PastEvents } from '../analytics/engine.ts';
import type { Manifest } from '../analytics/journal/manifest.ts';
import type { JournalStanding } from '../analytics/journal/standing.ts';
import type { Viewing } from '../audit/access/viewing.ts';
import type { Audit } from '../audit/audit.ts';
import type { Erasing } from '../audit/erasure/erase.ts';
import type { Notary } from '../audit/notary.ts';
import type { SubjectExports } from '../audit/subject/export.ts';
import type { CommandHandler, CommandMeta, CommandOutcome } from '../commands/handle.ts';
import type { OrderState } from '../commands/order/aggregate.ts';
import type { PlaceOrder } from '../commands/order/commands.ts';
import type { Queryable } from '../database/database.ts';
import type { EventLog } from '../events/log/port.ts';
import type { Seals } from '../events/seals/seals.ts';
import type { AccessReader } from '../projections/access.ts';
import type { AlertReader } from '../projections/alerts/reader.ts';
import type { CertificateReader } from '../projections/certificates/store.ts';
import type { ContactReader } from '../projections/contacts.ts';
import type { CustomerReader } from '../projections/customers.ts';
import type { KpiDefinition } from '../projections/kpi/catalogue.ts';
import type { KpiQuery } from '../projections/kpi/query.ts';
import type { DailyKpis, KpiAnswer } from '../projections/kpi/reader.ts';
import type { PriceBooks } from '../projections/master/price-book.ts';
import type { MasterReader } from '../projections/master/reader.ts';
import type { OrderReader } from '../projections/orders/reader.ts';
import type { QuarantineDesk } from '../projections/quarantine/desk.ts';
import type { Rebuilds } from '../projections/rebuilds.ts';
import type { Runner } from '../projections/runner.ts';
import type { ApiKeys } from './keys/keys.ts';
import type { SessionSecret } from './keys/session-secret.ts';
import type { Pages } from './pages/page.ts';

/** Everything the HTTP edge needs, composed once outside (main, cli, tests). Nothing is composed in here. */
export interface ApiDependencies {
  readonly handler: CommandHandler;
  readonly placeOrder: (body: Static<typeof PlaceOrder>, meta: CommandMeta) => Promise<CommandOutcome<OrderState>>;
  readonly orders: Pick<OrderReader, 'statusJson' | 'search' | 'changedSince'>;
  readonly customers: CustomerReader;
  readonly contacts: ContactReader;
  readonly accesses: AccessReader;
  /** Opens what is sealed for those who may read it, and notes that they did. */
  readonly viewing: Viewing;
  readonly erasing: Erasing;
  readonly subjects: SubjectExports;
  readonly seals: Pick<Seals, 'blind'>;
  readonly master: MasterReader;
  readonly prices: PriceBooks;
  readonly alerts: AlertReader;
  readonly kpis: KpiReader;
  readonly analytics: Analytics;
  /** All events up to a position: from the journal, or from the log. */
  readonly past: PastEvents;
  readonly audit: Audit;
  readonly journal: JournalFiles;
  readonly certificates: CertificateReader;
  readonly rebuilds: Omit<Rebuilds, 'stop'>;
  readonly quarantine: QuarantineDesk;
  readonly runner: Pick<Runner, 'states' | 'checkpoints' | 'waitFor'>;
  readonly notary: NotaryReader;
  /** Pages for browsers; none are served if left out. */
  readonly pages?: Pages;
  readonly log: Pick<EventLog, 'readStream' | 'head'>;
  /** Asked for one row by /readyz. */
  readonly database: Queryable;
  readonly sessionSecret: SessionSecret;
  readonly keys: ApiKeys;
  /** The current instant, RFC 3339 in UTC with milliseconds. */
  readonly clock: () => string;
  /** False while the service is still being prepared (demo data, read models catching up at start). */
  readonly prepared: () => boolean;
  readonly logger: Logger;
  /** Where every room registers its metrics; served at /metrics. */
  readonly metrics: Registry;
  readonly settings: ApiSettings;
}

/** Tamper evidence: checkpoints, proofs, verification of an order, evidence to take away. */
export type NotaryReader = Pick<
  Notary,
  | 'publicKey'
  | 'standing'
  | 'checkpoint'
  | 'checkpoints'
  | 'latest'
  | 'at'
  | 'inclusion'
  | 'consistency'
  | 'verifyOrder'
  | 'evidence'
>;

export interface JournalFiles {
  /** Undefined where no journal is kept, or it cannot be opened. */
  manifest(): Promise<Manifest | undefined>;
  /** Path of the file of a segment that the manifest names. */
  fileOf(segment: string): string;
  /** What it holds and does; undefined where none is kept, or before it was opened. */
  standing(): JournalStanding | undefined;
}

export interface ApiSettings {
  /** Version shown in the OpenAPI document. */
  readonly version: string;
  /** Serve /docs and /openapi.json without a key. */
  readonly publicDocs: boolean;
  /** Requests per minute of one principal, and of one address without a key. */
  readonly requestsPerMinute: number;
  readonly anonymousRequestsPerMinute: number;
  /** Bytes of a request body; `largeBodyLimit` is for placing and changing orders of many lines. */
  readonly bodyLimit: number;
  readonly largeBodyLimit: number;
  readonly requestTimeoutMs: number;
  /** Refuse with 503 while the event loop is later than this; 0 never refuses. */
  readonly maxEventLoopDelayMs: number;
  /** Requests slower than this are logged; every failed one is. */
  readonly slowRequestMs: number;
  /** Longest time a read waits for `Orderfold-Min-Position`. */
  readonly maxWaitMs: number;
  readonly heartbeatMs: number;
  /** Open live streams of this process; more are refused with 503. */
  readonly maxLiveStreams: number;
  /** Live KPI streams of this process; each costs a question whenever something happens. */
  readonly maxLiveKpis: number;
  /** Each costs a question whenever something happened. */
  readonly maxWatches: number;
  /** Open streams of alerts of this process. */
  readonly maxLiveAlerts: number;
  /** Where exports lie while they are sent, in files without a name. */
  readonly exportDirectory: string;
  /** Most rows of one export by a key of the role analyst; 0 for no limit. Auditors and admins have none. */
  readonly analystExportRows: number;
  /** Not ready while a projection is this far behind. */
  readonly maxLagSeconds: number;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies: readonly string[];
}

export const defaultApiSettings: ApiSettings = {
  version: '0.1.0',
  publicDocs: true,
  requestsPerMinute: 600,
  anonymousRequestsPerMinute: 300,
  bodyLimit: 64 * 1024,
  largeBodyLimit: 1024 * 1024,
  requestTimeoutMs: 30_000,
  maxEventLoopDelayMs: 1_000,
  slowRequestMs: 1_000,
  maxWaitMs: 10_000,
  heartbeatMs: 15_000,
  maxLiveStreams: 1_000,
  maxLiveKpis: 100,
  maxWatches: 500,
  maxLiveAlerts: 500,
  exportDirectory: tmpdir(),
  analystExportRows: 0,
  maxLagSeconds: 30,
  trustedProxies: [],
};

export interface KpiReader {
  catalogue(): readonly KpiDefinition[];
  query(query: KpiQuery): Promise<KpiAnswer>;
  daily(range: { readonly from: string; readonly to: string }): Promise<readonly DailyKpis[]>;
}
