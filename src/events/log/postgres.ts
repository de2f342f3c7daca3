import type { Database } from '../../database/database.ts';
import type { Recorded } from '../envelope.ts';
import type { EventLog, ReadStreamOptions, SubscribeOptions } from './port.ts';
import { Appender } from './postgres/appender.ts';
import { bulk } from './postgres/bulk.ts';
import { headOf } from './postgres/pages.ts';
import { type EventRow, eventColumns, recordedFrom } from './postgres/rows.ts';
import { appendedChannel } from './postgres/schema.ts';
import { tail } from './postgres/tail.ts';
import { unlessAborted } from './postgres/wake.ts';

export { postgresLogMigrations } from './postgres/schema.ts';

export interface PostgresLogOptions {
  /** After so many milliseconds without an answer an append is `unknown`. Default 10,000. */
  readonly appendTimeoutMs?: number;
  /** Told about failures that a subscription overcomes by itself. */
  readonly report?: (problem: { message: string; error?: unknown }) => void;
}

const streamPage = 500;
const streamSql = `select ${eventColumns} from events
  where stream = $1 and revision > $2 and revision <= $3 order by revision limit ${streamPage}`;
const lastRevision = 2 ** 31 - 1;

/** The event log in PostgreSQL or in the embedded database; `postgresLogMigrations` must have been applied. Does not close the database. */
export function openPostgresLog(database: Database, options: PostgresLogOptions = {}): EventLog {
  return new PostgresLog(database, options);
}

class PostgresLog implements EventLog {
  readonly #database: Database;
  readonly #appender: Appender;
  readonly #report: NonNullable<PostgresLogOptions['report']>;
  readonly #closing = new AbortController();
  readonly #rings = new Set<() => void>();
  #listening: Promise<() => Promise<void>> | undefined;

  constructor(database: Database, options: PostgresLogOptions) {
    this.#database = database;
    this.#appender = new Appender(database, options.appendTimeoutMs ?? 10_000);
    this.#report = options.report ?? (() => {});
  }

  append: EventLog['append'] = async (stream, events, options) => {
    const outcome = await this.#appender.append(stream, events, options);
    if (outcome.kind === 'appended') this.#ringAll();
    return outcome;
  };

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<Recorded, void, undefined> {
    const { upTo = lastRevision, signal } = options;
    let after = options.after ?? -1;
    // Most streams are short: their one page shares the connection for point reads. A long stream does not block it.
    for (let source = this.#database.reader; ; source = this.#database) {
      const statement = { name: 'log-stream', text: streamSql, values: [stream, after, upTo] };
      const rows = await unlessAborted(source.query<EventRow>(statement), signal);
      for (const row of rows) {
        signal?.throwIfAborted();
        yield recordedFrom(row);
      }
      if (rows.length < streamPage) return;
      after = rows.at(-1)?.revision ?? after;
    }
  }

  async *subscribe(options: SubscribeOptions) {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const sources = [options.signal, this.#closing.signal];
    for (const source of sources) source.addEventListener('abort', abort);
    if (sources.some((source) => source.aborted)) abort();
    try {
      yield* tail(this.#database, {
        ...options,
        signal: stop.signal,
        onAppended: (ring) => this.#onAppended(ring),
        report: this.#report,
      });
    } finally {
      for (const source of sources) source.removeEventListener('abort', abort);
    }
  }

  bulk: NonNullable<EventLog['bulk']> = (options) => bulk(this.#database, options);

  head: EventLog['head'] = () => headOf(this.#database);

  close: EventLog['close'] = async () => {
    this.#closing.abort();
    const stop = await this.#listening?.catch(() => undefined);
    await stop?.();
  };

  #ringAll = (): void => {
    for (const ring of this.#rings) ring();
  };

  #onAppended(ring: () => void): () => void {
    this.#rings.add(ring);
    this.#listening ??= this.#database.listen(appendedChannel, this.#ringAll).catch((error: unknown) => {
      this.#listening = undefined;
      this.#report({ message: 'Cannot listen for appended events; polling only', error });
      throw error;
    });
    this.#listening.catch(() => {}); // reported above, and nobody may be waiting
    return () => this.#rings.delete(ring);
  }
}
