/** Appends to an embedded log in the directory given, as fast as it can, and says each revision after it is acknowledged. */
import { migrate } from '../../../src/database/migrate.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';

const [dataDirectory = ''] = process.argv.slice(2);
const database = await openDatabase({ dataDirectory });
await migrate(database, postgresLogMigrations);
const log = openPostgresLog(database);

async function write(stream: string): Promise<never> {
  for (let revision = 0; ; revision++) {
    const expected = revision === 0 ? 'no-stream' : revision - 1;
    const outcome = await log.append(stream, sampleEvents(stream, revision, 1), { expected });
    if (outcome.kind !== 'appended') throw new Error(`Unexpected: ${JSON.stringify(outcome)}`);
    process.stdout.write(`${stream} ${revision}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, () => write(freshStream())));
