import type { Position } from '../../events/envelope.ts';
import { dictionariesOf } from './changes/dictionaries.ts';
import { Dictionary } from './dictionary.ts';
import type { Exact } from './exact.ts';
import { lineRows } from './lines.ts';
import { LocalDays } from './local-days.ts';
import { orderRows } from './orders.ts';
import { RowSet } from './row-set.ts';
import { holdRows, scheduleRows, shipmentRows } from './schedule-lines.ts';
import { OrderStreams } from './streams.ts';

/** A stream that could not be interpreted from an event on. */
export interface ParkedStream {
  readonly stream: string;
  readonly position: Position;
  readonly code: string;
  readonly message: string;
}

export interface ErrorCounts {
  wrongItems: number;
  damages: number;
  documents: number;
}

/** A delivery of one of several parts of a schedule line. */
export interface PartialDelivery {
  readonly at: number;
  readonly qty: Exact;
}

/** Everything that the fold knows: columns for what every order has, maps for what few have. */
export class FoldedFacts {
  readonly #shipmentIds = new Dictionary();
  readonly #modes = new Dictionary();
  readonly orders = orderRows();
  readonly lines = lineRows(this.#shipmentIds, this.#modes);
  readonly schedule = scheduleRows(this.#shipmentIds, this.#modes);
  readonly shipments = shipmentRows(this.#shipmentIds, this.#modes);
  readonly holds = holdRows();
  readonly dictionaries = dictionariesOf(this);
  readonly streams = new OrderStreams(this.orders.columns.orderId.store);
  /** Days at the places of delivery, and at those of the promises. */
  readonly placeDays = new LocalDays(this.orders.columns.shipToZone.dictionary);
  readonly promiseDays = new LocalDays(this.schedule.columns.zone.dictionary);
  position: Position | 'start' = 'start';
  /** Events of the log up to there, of whatever kind. */
  events = 0;
  /** Latest time of recording, epoch milliseconds. */
  recordedAt = Number.NaN;
  /** Least and greatest instant of all columns, epoch milliseconds. */
  readonly span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  /** Raised by every event that was folded: what was derived from an older version is stale. */
  version = 0;
  readonly parked = new Map<string, ParkedStream>();
  readonly errorsOfOrder = new Map<number, ErrorCounts>();
  readonly errorsOfLine = new Map<number, ErrorCounts>();
  /** Further shipments of lines that left with more than one: rows of the shipments. */
  readonly alsoLeftWith = new Map<number, number[]>();
  /** Deliveries of schedule lines that came in more than one part. */
  readonly parts = new Map<number, PartialDelivery[]>();
  /** Orders whose outcome is to be worked out again. */
  readonly unsettled = new RowSet();
}

/** Remembers how far the instants of the facts reach; NaN changes nothing. */
export function reachTo({ span }: FoldedFacts, epoch: number): number {
  if (epoch < span.from) span.from = epoch;
  if (epoch > span.to) span.to = epoch;
  return epoch;
}

/** The stream tells of an order or line that was never opened. */
export class InconsistentFacts extends Error {
  override readonly name = 'InconsistentFacts';
  readonly code = 'inconsistent-stream';
}

/** Rows of a chain, in order. */
export function* chain(first: number, next: Int32Array): Generator<number> {
  for (let row = first; row >= 0; row = next[row] as number) yield row;
}

export function linesOf({ orders, lines }: FoldedFacts, order: number): Generator<number> {
  return chain(orders.columns.firstLine.values[order] as number, lines.columns.next.values);
}

export function scheduleOf({ lines, schedule }: FoldedFacts, line: number): Generator<number> {
  return chain(lines.columns.firstSchedule.values[line] as number, schedule.columns.next.values);
}
