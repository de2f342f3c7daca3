import type { Database } from '../../../database/database.ts';
import type { Position, Recorded } from '../../envelope.ts';
import type { LogMessage, SubscribeOptions } from '../port.ts';
import { type EventRow, eventColumns, placeOf, positionOf, recordedFrom } from './rows.ts';
import { Wake } from './wake.ts';

/** Only what no running transaction can still come before. */
const visible = 'tx < pg_snapshot_xmin(pg_current_snapshot())';
const ordered = 'order by tx, position';

const pageSql = `select ${eventColumns} from events
  where (tx, position) > ($1::xid8, $2::bigint) and ${visible} ${ordered} limit $3`;
/** Unwanted events come without their content: they only move the position. */
const filteredPageSql = `select tx, position, stream, revision, event_id, type,
  case when type = any($4::text[]) then data end as data, case when type = any($4::text[]) then metadata end as metadata
  from events where (tx, position) > ($1::xid8, $2::bigint) and ${visible} ${ordered} limit $3`;
const beyondSql = 'select exists (select from events where (tx, position) > ($1::xid8, $2::bigint)) as beyond';
const headSql = `select tx, position from events where ${visible} order by tx desc, position desc limit 1`;

/** About this much JSON is held ahead of the consumer, twice. */
const pageBytes = 2 * 2 ** 20;
const pollMs = 1_000;

interface Page {
  /** Wanted events, in order. */
  readonly events: Recorded[];
  /** How far the log was seen. */
  readonly end: Position | 'start';
  /** More may follow at once. */
  readonly full: boolean;
}

type SparseRow = Omit<EventRow, 'data' | 'metadata'> & { data: string | null; metadata: string | null };

/** Position of the last event that every reader can see. */
export async function headOf(database: Database): Promise<Position | 'start'> {
  const [last] = await database.query<{ tx: string; position: string }>({ name: 'log-head', text: headSql });
  return last ? positionOf(last) : 'start';
}

/** Reads pages in order. Their size follows the size of the events, so that memory is bounded in bytes. */
class Pages {
  readonly #database: Database;
  readonly #types: readonly string[] | undefined;
  #limit = 256;

  constructor(database: Database, types: readonly string[] | undefined) {
    this.#database = database;
    this.#types = types;
  }

  async after(position: Position | 'start'): Promise<Page> {
    const limit = this.#limit;
    const values: unknown[] = [...placeOf(position), limit];
    if (this.#types) values.push(this.#types);
    const statement = this.#types
      ? { name: 'log-page-filtered', text: filteredPageSql, values }
      : { name: 'log-page', text: pageSql, values };
    const rows = await this.#database.query<SparseRow>(statement);
    const last = rows.at(-1);
    if (last) this.#adapt(rows);
    const wanted = rows.filter((row): row is EventRow => row.data !== null);
    return { events: wanted.map(recordedFrom), end: last ? positionOf(last) : position, full: rows.length === limit };
  }

  #adapt(rows: readonly SparseRow[]): void {
    let bytes = 0;
    for (const row of rows) bytes += 200 + (row.data?.length ?? 0) + (row.metadata?.length ?? 0);
    const fitting = Math.floor(pageBytes / (bytes / rows.length));
    this.#limit = Math.max(16, Math.min(4_000, this.#limit * 4, fitting));
  }

  /** Whether there are events that are not visible yet, because an older transaction is still running. */
  async beyond(position: Position | 'start'): Promise<boolean> {
    const [row] = await this.#database.query<{ beyond: boolean }>({
      name: 'log-beyond',
      text: beyondSql,
      values: placeOf(position),
    });
    return row?.beyond ?? false;
  }
}

export interface TailOptions extends SubscribeOptions {
  /** Calls `ring` after appends; returns the way to stop. */
  readonly onAppended: (ring: () => void) => () => void;
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

/** The subscription of the port: pages while there is a backlog (the next one is read ahead), then live. */
export async function* tail(database: Database, options: TailOptions): AsyncGenerator<LogMessage, void, undefined> {
  const { signal, report } = options;
  const wake = new Wake();
  const stopListening = options.onAppended(wake.ring);
  signal.addEventListener('abort', wake.ring);
  const pages = new Pages(database, options.types);
  let position = options.after;
  let caughtUp: Position | undefined;
  let quiet = 5;
  let failures = 0;
  let ahead: Promise<Page> | undefined;
  try {
    while (!signal.aborted) {
      try {
        const page = await (ahead ?? pages.after(position));
        ahead = page.full ? pages.after(page.end) : undefined;
        ahead?.catch(() => {}); // awaited in the next turn, which may never come
        if (page.end !== position) quiet = 5;
        for (const event of page.events) {
          if (signal.aborted) return;
          yield { kind: 'event', event };
        }
        position = page.end;
        failures = 0;
        if (signal.aborted) return;
        if (page.full) {
          if (page.events.at(-1)?.position !== position) yield { kind: 'progress', position: position as Position };
          continue;
        }
        if (caughtUp !== position) {
          caughtUp = position as Position;
          yield { kind: 'caught-up', position };
        }
        if (signal.aborted) return;
        const pending = await pages.beyond(position);
        quiet = pending ? Math.min(quiet * 2, 200) : 5;
        await wake.wait(pending ? quiet : pollMs);
      } catch (error) {
        ahead = undefined;
        failures++;
        report({ message: 'Reading the event log failed; it will be tried again', error });
        await wake.wait(Math.min(10_000, 100 * 1.5 ** failures) * (0.5 + Math.random() / 2));
      }
    }
  } finally {
    signal.removeEventListener('abort', wake.ring);
    stopListening();
  }
}
