import type { Database, Statement } from '../../../database/database.ts';
import type { Position, Recorded } from '../../envelope.ts';
import { type EventRow, eventColumns, placeOf, positionOf, recordedFrom } from './rows.ts';

/** Only what no running transaction can still come before. */
export const visible = 'tx < pg_snapshot_xmin(pg_current_snapshot())';
export const ordered = 'order by tx, position';

const pageSql = `select ${eventColumns} from events
  where (tx, position) > ($1::xid8, $2::bigint) and ${visible} ${ordered} limit $3`;
/** Unwanted events come without their content: they only move the position. */
const filteredPageSql = `select tx, position, stream, revision, event_id, type,
  case when type = any($4::text[]) then data end as data, case when type = any($4::text[]) then metadata end as metadata
  from events where (tx, position) > ($1::xid8, $2::bigint) and ${visible} ${ordered} limit $3`;
const beyondSql = 'select exists (select from events where (tx, position) > ($1::xid8, $2::bigint)) as beyond';
const headSql = `select tx, position from events where ${visible} order by tx desc, position desc limit 1`;

/** About this many bytes of JSON are in a page; a subscription holds two pages at most. */
const pageBytes = 2 * 2 ** 20;
const smallestPage = 16;
const largestPage = 4_000;
/** Bytes of an event beside its JSON, roughly. */
const overhead = 200;

export interface Page {
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

/** Whether there are events that cannot be read yet, because an older transaction is still running. */
export async function isMoreBeyond(database: Database, position: Position | 'start'): Promise<boolean> {
  const statement = { name: 'log-beyond', text: beyondSql, values: placeOf(position) };
  const [row] = await database.query<{ beyond: boolean }>(statement);
  return row?.beyond ?? false;
}

/** Reads the log page by page. The size of a page follows the size of the events, so that memory is bounded in bytes. */
export class Pages {
  readonly #database: Database;
  readonly #types: readonly string[] | undefined;
  #limit = 256;

  constructor(database: Database, types: readonly string[] | undefined) {
    this.#database = database;
    this.#types = types;
  }

  async after(position: Position | 'start'): Promise<Page> {
    const limit = this.#limit;
    const rows = await this.#database.query<SparseRow>(this.#statement(position, limit));
    const last = rows.at(-1);
    if (!last) return { events: [], end: position, full: false };
    this.#adapt(rows);
    const wanted = rows.filter((row): row is EventRow => row.data !== null);
    return { events: wanted.map(recordedFrom), end: positionOf(last), full: rows.length === limit };
  }

  #statement(position: Position | 'start', limit: number): Statement {
    const values: unknown[] = [...placeOf(position), limit];
    if (!this.#types) return { name: 'log-page', text: pageSql, values };
    return { name: 'log-page-filtered', text: filteredPageSql, values: [...values, this.#types] };
  }

  #adapt(rows: readonly SparseRow[]): void {
    let bytes = 0;
    for (const row of rows) bytes += overhead + (row.data?.length ?? 0) + (row.metadata?.length ?? 0);
    const fitting = Math.floor(pageBytes / (bytes / rows.length));
    this.#limit = Math.max(smallestPage, Math.min(largestPage, this.#limit * 4, fitting));
  }
}
