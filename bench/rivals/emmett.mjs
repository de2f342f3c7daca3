import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CommandHandler } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

// Takes {clients, milliseconds} as lines of JSON, answers `rate <commands per second>`. The decisions are made already:
// each command appends what the same command of a typical order appends in Orderfold.
const [url, file] = process.argv.slice(2);
const commits = JSON.parse(readFileSync(file, 'utf8')).map(({ events }) =>
  events.map(({ type, data, metadata }) => ({ type, data, metadata })),
);
const pool = new pg.Pool({ connectionString: url, max: 12 });
const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
await store.schema.migrate();
const handle = CommandHandler({ evolve: (count) => count + 1, initialState: () => 0 });

let orders = 0;
async function client(end) {
  let done = 0;
  while (performance.now() < end) {
    orders += 1;
    const stream = `order-${process.pid}-${orders}`;
    for (const events of commits) {
      await handle(store, stream, () => events);
      done += 1;
      if (performance.now() >= end) break;
    }
  }
  return done;
}

createInterface(process.stdin).on('line', async (line) => {
  const { clients, milliseconds } = JSON.parse(line);
  const start = performance.now();
  const done = await Promise.all(Array.from({ length: clients }, () => client(start + milliseconds)));
  const seconds = (performance.now() - start) / 1000;
  console.log(`rate ${done.reduce((sum, one) => sum + one, 0) / seconds}`);
});
process.on('SIGTERM', async () => {
  await store.close();
  await pool.end();
  process.exit(0);
});
console.log('ready');
