/** Appends typical orders and keeps a journal of them, as fast as it can, until it is killed. Says how far the files are. */
import { openJournal } from '../../../../src/analytics/journal/journal.ts';
import { migrate } from '../../../../src/database/migrate.ts';
import { openDatabase } from '../../../../src/database/open.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../../src/events/log/postgres.ts';
import { tiny } from '../../../support/journal.ts';
import { typicalOrder } from '../../../support/order-history.ts';

const [url = '', dataDirectory = '', directory = '', first = '0'] = process.argv.slice(2);
const database = await openDatabase({ url: url || undefined, dataDirectory });
await migrate(database, postgresLogMigrations);
const log = openPostgresLog(database);
let segments = 0;
await openJournal({
  log,
  directory,
  limits: { ...tiny, batchEvents: 25, segmentEvents: 100 },
  report: ({ message }) => process.stdout.write(`problem: ${message}\n`),
  onProgress(standing) {
    if (standing.segments > segments) process.stdout.write(`sealed ${standing.segments}\n`);
    segments = standing.segments;
  },
});

for (let serial = Number(first); ; serial += 4) {
  const orders = Array.from({ length: 4 }, (_, i) => typicalOrder(serial + i));
  await Promise.all(orders.map(({ stream, events }) => log.append(stream, events, { expected: 'no-stream' })));
}
