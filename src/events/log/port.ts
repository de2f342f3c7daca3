import type { NewEvent, Position, Recorded, Revision } from '../envelope.ts';
import type { BulkOptions, RawEvent } from './bulk.ts';

/** The log of record. Two adapters (eventstoredb.ts, postgres.ts) pass one contract suite (test/contract/eventLog.ts). */
export interface EventLog {
  /**
   * The events of one stream in order of revision, after `after` (exclusive) up to `upTo` (inclusive).
   * A stream that does not exist is empty. Throws LogUnavailable. Leaving the iteration early releases whatever the read holds.
   */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<Recorded>;
  /**
   * Appends all events or none. `expected` is mandatory: the revision of the last event, or 'no-stream'.
   * Appending the same event ids again at the same expected revision is answered like the first time.
   * Never throws for a lost race or a lost connection: those are outcomes. Throws AppendTooLarge, and then sent nothing.
   */
  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendOutcome>;
  /**
   * The whole log in one order, after `after` (exclusive), then live until `signal` aborts. Survives lost connections by itself.
   * Markers travel in the same sequence as events. Pulls: nothing is read far ahead of the consumer.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<LogMessage>;
  /** Position of the last event that every subscriber can see; 'start' when the log is empty. Throws LogUnavailable. */
  head(): Promise<Position | 'start'>;
  /**
   * The whole log after a position up to what every subscriber can see now, in large pieces: for copying it, where the store
   * has a faster way than a subscription. Rejects when the store cannot be reached; nothing is tried again.
   */
  bulk?(options: BulkOptions): AsyncIterable<readonly RawEvent[]>;
  close(): Promise<void>;
}

/** The store behind the log cannot be reached now, or broke off; reading again later may succeed. */
export class LogUnavailable extends Error {
  override readonly name: string = 'LogUnavailable';
  readonly code: string = 'event-log-unavailable';
}

/** The store behind the log does not take so much in one append. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
  readonly code = 'append-too-large';
}

export interface ReadStreamOptions {
  readonly after?: Revision;
  readonly upTo?: Revision;
  readonly signal?: AbortSignal;
}

export interface AppendOptions {
  readonly expected: Revision | 'no-stream';
  readonly signal?: AbortSignal;
}

export interface SubscribeOptions {
  readonly after: Position | 'start';
  /** Only events of these types; progress markers still tell how far the log was seen. */
  readonly types?: readonly string[];
  readonly signal: AbortSignal;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly revision: Revision; readonly position: Position }
  | { readonly kind: 'conflict'; readonly actual: Revision | 'no-stream' }
  /** Timed out or lost the connection: the events may or may not be there. */
  | { readonly kind: 'unknown'; readonly cause: Error };

export type LogMessage =
  | { readonly kind: 'event'; readonly event: Recorded }
  /** Nothing of interest up to here. Never to be stored as a checkpoint of its own. */
  | { readonly kind: 'progress'; readonly position: Position }
  | { readonly kind: 'caught-up'; readonly position: Position | 'start' };
