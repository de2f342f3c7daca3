import pg from 'pg';
import { batched } from './batching.ts';
import type { Queryable, Statement } from './database.ts';
import { isConnectionLoss } from './errors.ts';
import { type Report, rowsOf, withConnection } from './pooled.ts';

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

type Outcome = { rows: unknown[] } | { error: unknown };

/** Point reads over a pool of one pipelined connection: the reads of one turn travel together. */
export function sharedReader(pool: pg.Pool): Queryable {
  const read = batched<Statement, Outcome>((statements) =>
    withConnection(pool, async (client) => {
      const outcomes = await Promise.all(
        statements.map((statement) =>
          rowsOf(client, statement).then(
            (rows): Outcome => ({ rows }),
            (error: unknown): Outcome => ({ error }),
          ),
        ),
      );
      const lost = outcomes.find((outcome) => 'error' in outcome && isConnectionLoss(outcome.error));
      if (lost && 'error' in lost) throw lost.error;
      return outcomes;
    }),
  );
  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      const outcome = await read(statement);
      if ('error' in outcome) throw outcome.error;
      return outcome.rows as Row[];
    },
  };
}
