import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { appended, eventsOf, follow } from '../../contract/log-support.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { noPostgres, startPostgres } from '../../support/postgres.ts';

const tools = ['pg_dump', 'psql'].every((tool) => spawnSync(tool, ['--version']).status === 0);
const count = 20;

/** What docs/running.md says about moving the log to another server. */
test('a log restored from a dump is hidden until its transactions are made old ones, and then complete and in order', async ({
  skip,
}) => {
  const [from, to] = tools ? await Promise.all([startPostgres(), startPostgres()]) : [];
  if (!from || !to) return skip(noPostgres);
  const stream = freshStream();
  await withLog(from.url, async (log, database) => {
    // The old server has counted further than a new one does with a restore.
    for (let i = 0; i < 2_000; i += 1) await database.query({ text: 'select pg_current_xact_id()' });
    for (let i = 0; i < count; i += 1) {
      await appended(log.append(stream, sampleEvents(stream, i, 1), { expected: i === 0 ? 'no-stream' : i - 1 }));
    }
  });
  execFileSync('psql', ['--quiet', to.url], { input: execFileSync('pg_dump', [from.url]), stdio: 'pipe' });

  await withLog(to.url, async (log, database) => {
    expect(await revisions(log)).toEqual([]);
    await database.query({ text: "update events set tx = '3'" });
  });
  await withLog(to.url, async (log) => {
    await appended(log.append(stream, sampleEvents(stream, count, 1), { expected: count - 1 }));
    expect(await revisions(log)).toEqual(Array.from({ length: count + 1 }, (_, i) => i));
  });
  await Promise.all([from.stop(), to.stop()]);
});

type Log = ReturnType<typeof openPostgresLog>;

async function withLog(url: string, work: (log: Log, database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase({ url, dataDirectory: tmpdir() });
  await migrate(database, postgresLogMigrations);
  const log = openPostgresLog(database);
  await work(log, database);
  await log.close();
  await database.close();
}

const revisions = async (log: Log) =>
  eventsOf(await follow(log, { after: 'start' }, (_, last) => last.kind === 'caught-up')).map((e) => e.revision);
