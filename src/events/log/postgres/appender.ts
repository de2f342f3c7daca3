import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../../../database/database.ts';
import { sqlState } from '../../../database/errors.ts';
import type { NewEvent, Revision } from '../../envelope.ts';
import { orderPlace } from '../bulk.ts';
import type { AppendOptions, AppendOutcome } from '../port.ts';
import { positionOf } from './rows.ts';

interface Pending {
  readonly stream: string;
  /** What append_events expects for this append, as JSON. */
  readonly request: string;
  readonly lastRevision: Revision;
  readonly eventCount: number;
  resolve(outcome: AppendOutcome): void;
  reject(reason: unknown): void;
}

interface AnswerRow {
  readonly request: number;
  readonly actual: number;
  readonly last_tx: string | null;
  readonly last_position: string | null;
}

/** A flush holds at most so many events and characters of JSON, unless one append alone is larger. */
const maxEvents = 2_000;
const maxCharacters = 8 * 2 ** 20;
const uniqueViolation = '23505';
/** SQLSTATE classes of trouble that passes: lost connection, deadlock, out of resources, timed out or shut down. */
const transient = /^(08|40|53|55|57)/;

/** The server works on one flush while the answers of the other are worked on here. */
const maxFlights = 2;
/** So many waiting appends are worth a flush before this turn of the event loop is over. */
const worthwhile = 16;

/**
 * Group commit: appends that arrive while flushes are in flight form the next, and a flush is one statement.
 * An append that the server refuses for its content is repeated alone, so that it cannot fail its neighbours.
 */
export class Appender {
  readonly #database: Database;
  readonly #timeoutMs: number;
  readonly #inFlight = new Set<string>();
  #waiting: Pending[] = [];
  #flights = 0;
  #turning = false;

  constructor(database: Database, timeoutMs: number) {
    this.#database = database;
    this.#timeoutMs = timeoutMs;
  }

  append(stream: string, events: readonly NewEvent[], { expected, signal }: AppendOptions): Promise<AppendOutcome> {
    if (events.length === 0) throw new RangeError('Nothing to append');
    const base = expected === 'no-stream' ? -1 : expected;
    const members = events.map(memberOf);
    const request = JSON.stringify([stream, base, members]);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== pending);
        settle({
          kind: 'unknown',
          cause: new Error('The append was given up by its caller', { cause: signal?.reason }),
        });
      };
      const settle = (outcome: AppendOutcome) => {
        signal?.removeEventListener('abort', abort);
        resolve(outcome);
      };
      const lastRevision = base + events.length;
      const pending: Pending = { stream, request, lastRevision, eventCount: events.length, resolve: settle, reject };
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) return abort();
      this.#waiting.push(pending);
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#flights === maxFlights) return;
    if (this.#waiting.length >= worthwhile) return void this.#fly();
    if (!this.#turning) void this.#flyAfterTurn();
  }

  /** Whoever was just answered may have the next append ready: it joins this flush. */
  async #flyAfterTurn(): Promise<void> {
    this.#turning = true;
    await turn();
    this.#turning = false;
    if (this.#flights < maxFlights) await this.#fly();
  }

  async #fly(): Promise<void> {
    const batch = this.#take();
    if (batch.length === 0) return; // all that waits is for streams in flight
    this.#flights += 1;
    for (const { stream } of batch) this.#inFlight.add(stream);
    await this.#flush(batch);
    for (const { stream } of batch) this.#inFlight.delete(stream);
    this.#flights -= 1;
    this.#next();
  }

  /** The next flush: in order of arrival, each stream once and none that is in flight. */
  #take(): Pending[] {
    const taken: Pending[] = [];
    const left: Pending[] = [];
    const streams = new Set(this.#inFlight);
    let events = 0;
    let characters = 0;
    for (const pending of this.#waiting) {
      events += pending.eventCount;
      characters += pending.request.length;
      const fits = taken.length === 0 || (events <= maxEvents && characters <= maxCharacters);
      const next = fits && !streams.has(pending.stream) ? taken : left;
      next.push(pending);
      streams.add(pending.stream); // later appends to the same stream must not overtake this one
    }
    this.#waiting = left;
    return taken;
  }

  async #flush(batch: readonly Pending[]): Promise<void> {
    try {
      const rows = await this.#send(batch);
      for (const row of rows)
        batch[row.request - 1]?.resolve(outcomeOf(row, batch[row.request - 1]?.lastRevision ?? 0));
    } catch (error) {
      const state = sqlState(error);
      if (state === undefined || (transient.test(state) && batch.length === 1)) {
        for (const pending of batch) pending.resolve({ kind: 'unknown', cause: error as Error });
      } else if (batch.length > 1 || state === uniqueViolation) {
        // Rolled back as a whole. A unique violation means that another process was faster: checking again sees it.
        for (const pending of batch) await this.#flush([pending]);
      } else batch[0]?.reject(error);
    }
  }

  /** Rejects without an SQLSTATE when the answer does not come in time: the statement may still be executed. */
  async #send(batch: readonly Pending[]): Promise<AnswerRow[]> {
    const answer = this.#database.query<AnswerRow>({
      name: 'append-events',
      text: 'select request, actual, last_tx, last_position from append_events($1::jsonb)',
      values: [`[${batch.map((pending) => pending.request).join(',')}]`],
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`No answer from the database in ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Data and metadata travel as text: they are stored byte for byte, and the server parses the request only once. */
function memberOf({ eventId, type, data, metadata }: NewEvent) {
  const { orderNo, lineNo } = orderPlace(data);
  return [
    eventId,
    type,
    orderNo,
    lineNo,
    metadata.occurredAt,
    metadata.recordedAt,
    JSON.stringify(data),
    JSON.stringify(metadata),
  ];
}

function outcomeOf(row: AnswerRow, revision: Revision): AppendOutcome {
  if (row.last_tx === null || row.last_position === null) {
    return { kind: 'conflict', actual: row.actual < 0 ? 'no-stream' : row.actual };
  }
  return { kind: 'appended', revision, position: positionOf({ tx: row.last_tx, position: row.last_position }) };
}
