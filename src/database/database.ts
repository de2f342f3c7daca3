import type { Kysely } from 'kysely';

/** One SQL statement. Named statements are prepared once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Queryable {
  /** Rows as objects. bigint columns arrive as strings, timestamps as RFC 3339 strings, json as text (unparsed). */
  query<Row = Record<string, unknown>>(statement: Statement): Promise<Row[]>;
}

/** A PostgreSQL server or the embedded PGlite, behind the same doors. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /** For queries that are composed; rooms narrow the schema with `withTables`. */
  readonly kysely: Kysely<Record<never, never>>;
  /** For point reads: pipelined on a server, the one connection on PGlite. Every statement is its own transaction. */
  readonly reader: Queryable;
  /**
   * The rows of a query in the binary format of COPY (see copy-rows.ts), the fastest way out of the database. The whole
   * answer is held in memory: the query has a limit. Takes no parameters; `settings` of the server hold for this query.
   */
  copyOut(query: string, settings?: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** Commits when `work` resolves, rolls back when it rejects (and rethrows). */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Several statements without parameters (schema). */
  execute(sql: string): Promise<void>;
  /** Calls `listener` for every NOTIFY on the channel; reconnects by itself, calling `listener('')` after a gap. Returns the way to stop. */
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A named, ordered piece of schema owned by one room. Applied once, in order, under a lock. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}
