import { mkdtempSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedSnapshots } from '../../src/analytics/export/shared-snapshots.ts';
import type { Table } from '../../src/analytics/table.ts';
import { factsLike } from './fact-tables.ts';
import { fakeAnalytics, fakePosition } from './fakeAnalytics.ts';
import { fakeApi } from './fakeApi.ts';

/**
 * The HTTP edge over one table of facts, in a process of its own: rows, folder. Answers every line with its resident memory in MB
 * after a collection (`quiet`: as soon as it has not much to do), and with how long the event loop was held since the last line, milliseconds at p99.
 */
const [rows = 1, folder = ''] = [Number(process.argv[2]), process.argv[3]];
const each = <T>(make: (row: number) => number, values: T & { [n: number]: number }): T => {
  for (let row = 0; row < rows; row += 1) values[row] = make(row);
  return values;
};
const about = 'A column';
const words = Array.from({ length: 200 }, (_, n) => `Country ${n}`);
const table: Table = {
  name: 'orders',
  rows,
  columns: [
    { kind: 'instant', name: 'ordered_at', about, values: each((row) => 1.7e12 + row * 1_000, new Float64Array(rows)) },
    {
      kind: 'instant',
      name: 'completed_at',
      about,
      values: each((row) => (row % 9 ? 1.71e12 + row * 1_000 : Number.NaN), new Float64Array(rows)),
    },
    { kind: 'number', name: 'value', about, values: each((row) => row / 4, new Float64Array(rows)) },
    { kind: 'day', name: 'commit_on', about, values: each((row) => 19_000 + (row % 700), new Int32Array(rows)) },
    { kind: 'word', name: 'country', about, words, values: each((row) => row % 200, new Int32Array(rows)) },
    { kind: 'flag', name: 'in_full', about, values: each((row) => row % 3, new Uint8Array(rows)) },
  ],
};
const json = JSON.stringify({ filler: 'x'.repeat(2_000) });
const status = { orderId: 'o', customerId: 'c', revision: 1, position: fakePosition, json };
const snapshots = new SharedSnapshots();
const exportDirectory = mkdtempSync(`${folder}/exports-`);
const { app, keyFor } = await fakeApi({
  analytics: fakeAnalytics({
    facts: async (_, selection = {}) => ({
      ...(await snapshots.take(fakePosition, factsLike(table), selection, { directory: exportDirectory })),
      position: fakePosition,
    }),
  }),
  orders: { statusJson: async () => status, search: async () => ({ items: [] }), changedSince: async () => [] },
  settings: { exportDirectory },
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ url, key: keyFor('admin') }));
const resolution = 1;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
async function busy(): Promise<number> {
  const before = performance.eventLoopUtilization();
  await sleep(100);
  return performance.eventLoopUtilization(before).utilization;
}
createInterface(process.stdin).on('line', async (line) => {
  while (line === 'quiet' && (await busy()) > 0.3);
  const held = delay.percentile(99) / 1e6 - resolution;
  globalThis.gc?.();
  console.log(`resident ${process.memoryUsage().rss / 1e6} held ${held}`);
  delay.reset();
});
process.once('SIGTERM', () => process.exit());
