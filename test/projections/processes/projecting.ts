/** Appends typical orders and projects them at the same time, as fast as it can, until it is killed. Says each checkpoint. */
import { migrate } from '../../../src/database/migrate.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { projections } from '../../../src/projections/all.ts';
import { projectionMigrations } from '../../../src/projections/migrations.ts';
import { createRunner } from '../../../src/projections/runner.ts';
import { typicalOrder } from '../../support/order-history.ts';

const [url = '', dataDirectory = '', first = '0'] = process.argv.slice(2);
const database = await openDatabase({ url: url || undefined, dataDirectory });
await migrate(database, [...postgresLogMigrations, ...projectionMigrations]);
const log = openPostgresLog(database);
const limits = { batchWeight: 60, cachedDocuments: 20 };
const runner = createRunner({ log, database, projections, limits, report: ({ message }) => console.error(message) });
runner.checkpoints.subscribe(({ projection, position }) => process.stdout.write(`${projection} ${position}\n`));
runner.start();

// Each order in two appends, so that streams go on across batches and crashes.
for (let serial = Number(first); ; serial += 8) {
  const orders = Array.from({ length: 8 }, (_, i) => typicalOrder(serial + i));
  await Promise.all(
    orders.map(({ stream, events }) => log.append(stream, events.slice(0, 5), { expected: 'no-stream' })),
  );
  await Promise.all(orders.map(({ stream, events }) => log.append(stream, events.slice(5), { expected: 4 })));
}
