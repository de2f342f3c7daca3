import pg from 'pg';
import type { Queryable, Statement } from './database.ts';
import { isConnectionLoss } from './errors.ts';
import { type Report, rowsOf } from './pooled.ts';

/** One connection on which reads do not wait for each other's answers. Connects on first use and again after a loss. */
export function pipelinedReader(config: pg.ClientConfig, report: Report): Queryable & { close(): Promise<void> } {
  let current: Promise<pg.Client> | undefined;
  let closed = false;

  function connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...config, pipeline: true });
    const connecting = client.connect().then(() => client);
    const forget = () => {
      if (current === connecting) current = undefined;
    };
    client.on('error', (error) => {
      forget();
      report({ message: 'The reading database connection was lost', error });
    });
    client.on('end', forget);
    connecting.catch(forget);
    return connecting;
  }

  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      if (closed) throw new Error('The database is closed');
      current ??= connect();
      return rowsOf<Row>(await current, statement);
    },
    async close() {
      closed = true;
      const client = await current?.catch(() => undefined);
      await client?.end();
    },
  };
}

/** How long reads may follow each other on the one connection before others get their turn, in milliseconds. */
const leaseMs = 10;

interface Lease {
  readonly client: Promise<pg.PoolClient>;
  readonly endsAt: number;
  running: number;
  lost: boolean;
}

/**
 * Point reads over a pool of one pipelined connection: while one is under way, others join it without waiting for its
 * answer, until the lease is over.
 */
export function sharedReader(pool: pg.Pool): Queryable {
  let current: Lease | undefined;

  function join(): Lease {
    if (!current || performance.now() > current.endsAt) {
      current = { client: pool.connect(), endsAt: performance.now() + leaseMs, running: 0, lost: false };
    }
    current.running += 1;
    return current;
  }

  async function leave(lease: Lease): Promise<void> {
    lease.running -= 1;
    if (lease.running > 0) return;
    if (current === lease) current = undefined;
    const client = await lease.client.catch(() => undefined); // whoever joined was told that there is none
    client?.release(lease.lost);
  }

  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      const lease = join();
      try {
        return await rowsOf<Row>(await lease.client, statement);
      } catch (error) {
        lease.lost ||= isConnectionLoss(error);
        throw error;
      } finally {
        await leave(lease);
      }
    },
  };
}
