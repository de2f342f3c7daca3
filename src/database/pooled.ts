import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { copyOut } from './copy.ts';
import type { Database, Queryable, Statement } from './database.ts';
import { isConnectionLoss } from './errors.ts';

/** Told about problems that no caller is waiting for, e.g. a lost idle connection. */
export type Report = (problem: { message: string; error?: unknown }) => void;

interface Parts {
  readonly kind: Database['kind'];
  readonly pool: pg.Pool;
  readonly reader: Queryable;
  readonly listen: Database['listen'];
  readonly close: () => Promise<void>;
}

export async function rowsOf<Row>(client: pg.ClientBase, statement: Statement): Promise<Row[]> {
  const { name, text, values } = statement;
  const config: pg.QueryConfig = { text };
  if (name !== undefined) config.name = name;
  if (values !== undefined) config.values = [...values];
  const result = await client.query(config);
  // Several statements in one text give several results; the last one is the answer.
  const last: pg.QueryResult | undefined = Array.isArray(result) ? result.at(-1) : result;
  return (last?.rows ?? []) as Row[];
}

/** Lends a connection to `work`. One that is left in an unknown state is closed, not given to anybody else. */
export async function withConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  isBroken: (error: unknown) => boolean = isConnectionLoss,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = isBroken(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The rollback failed: the connection is gone, and the server has rolled back or will. */
class TransactionLost extends Error {
  override readonly name = 'TransactionLost';
  constructor(cause: unknown) {
    super('The connection to the database was lost inside a transaction', { cause });
  }
}

const isLost = (error: unknown): boolean => error instanceof TransactionLost;

async function inTransaction<T>(client: pg.PoolClient, work: (tx: Queryable) => Promise<T>): Promise<T> {
  // Not waited for: statements of a connection are answered in order, and a lost connection fails the first of `work` too.
  const begun = client.query('begin');
  begun.catch(() => {});
  try {
    const result = await work({ query: (statement) => rowsOf(client, statement) });
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      throw new TransactionLost(error);
    });
    throw error;
  }
}

/** A Database over a node-postgres pool, whatever its connections speak to. */
export function pooledDatabase({ kind, pool, reader, listen, close }: Parts): Database {
  let closing: Promise<void> | undefined;
  return {
    kind,
    reader,
    listen,
    close() {
      closing ??= close();
      return closing;
    },
    kysely: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    query: (statement) => withConnection(pool, (client) => rowsOf(client, statement)),
    copyOut: (query, settings) => withConnection(pool, (client) => copyOut(client, query, settings)),
    transaction: (work) => withConnection(pool, (client) => inTransaction(client, work), isLost),
    execute: (sql) => withConnection(pool, async (client) => void (await client.query(sql))),
  };
}
