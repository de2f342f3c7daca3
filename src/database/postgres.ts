import pg from 'pg';
import type { Database } from './database.ts';
import { postgresListener } from './listener.ts';
import { pooledDatabase, type Report } from './pooled.ts';
import { pipelinedReader } from './reader.ts';
import { types } from './type-parsers.ts';

/** Milliseconds. The server ends what takes longer; `query_timeout` is for a server that no longer answers at all. */
const timeouts = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  query_timeout: 45_000,
  connectionTimeoutMillis: 10_000,
};

/**
 * Connects lazily: a server that is away makes statements fail, not this call. Connections that were lost are replaced
 * when the next statement needs one.
 */
export function openPostgres(options: { url: string; poolSize: number; report: Report }): Database {
  const { url, poolSize, report } = options;
  const config: pg.ClientConfig = {
    connectionString: url,
    types,
    keepAlive: true,
    application_name: 'orderfold',
    options: '-c timezone=UTC -c datestyle=ISO',
    ...timeouts,
  };
  const pool = new pg.Pool({ ...config, pipeline: true, max: poolSize, idleTimeoutMillis: 30_000 });
  const lost = (error: Error) => report({ message: 'A database connection was lost', error });
  pool.on('error', lost);
  // The pool stops listening while a connection is lent out; an unheard error event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const reader = pipelinedReader(config, report);
  const listener = postgresListener(config, report);
  return pooledDatabase({
    kind: 'postgres',
    pool,
    reader,
    listen: listener.listen,
    close: async () => {
      await Promise.all([reader.close(), listener.close(), pool.end()]);
    },
  });
}
