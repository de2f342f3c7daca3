import { join } from 'node:path';
import pg from 'pg';
import type { Database } from '../database.ts';
import { pooledListener } from '../listener.ts';
import { pooledDatabase, type Report } from '../pooled.ts';
import { sharedReader } from '../reader.ts';
import { types } from '../type-parsers.ts';
import { prepareDirectory, removeUnfinished, templateDirectory } from './directory.ts';
import { lockDirectory } from './lock.ts';
import { EmbeddedSession } from './session.ts';

/**
 * PostgreSQL in a thread of this process (PGlite), its files in `{dataDirectory}/database`, synced at every commit.
 * One process at a time: a second one gets DirectoryInUse, which names the first.
 */
export async function openEmbedded(options: {
  dataDirectory: string;
  template?: string;
  report: Report;
}): Promise<Database> {
  const { dataDirectory, report } = options;
  const unlock = lockDirectory(dataDirectory);
  try {
    await removeUnfinished(dataDirectory, 'database');
    const directory = join(dataDirectory, 'database');
    await prepareDirectory(directory, options.template ?? templateDirectory());
    const session = await EmbeddedSession.start(directory);
    return overSession(session, unlock, report);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Milliseconds, long because statements wait for each other. PGlite has no timers of its own to end a statement. */
const timeouts = { query_timeout: 120_000, connectionTimeoutMillis: 120_000 };

/** The ordinary client on a pool of one connection: PGlite has one session, and transactions must not mix in it. */
function overSession(session: EmbeddedSession, unlock: () => void, report: Report): Database {
  const config: pg.PoolConfig = {
    stream: () => session.connect(),
    pipeline: true,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    types,
    max: 1,
    idleTimeoutMillis: 0,
    ...timeouts,
  };
  const pool = new pg.Pool(config);
  pool.on('error', (error) => report({ message: 'The embedded database stopped', error }));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pooledDatabase({
    kind: 'pglite',
    pool,
    reader: sharedReader(pool),
    listen: pooledListener(pool).listen,
    close: async () => {
      await pool.end();
      await session.close();
      unlock();
    },
  });
}
