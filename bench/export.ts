import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Running, startProcess } from './child.ts';
import { median, type Result, ratio, tell, whole } from './measure.ts';
import { exportedRows, repetitions, sliceMs } from './settings.ts';

const slowClients = 20;
const formats = ['arrows', 'arrow', 'parquet', 'csv', 'json'] as const;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Service {
  readonly url: string;
  readonly key: string;
  readonly process: Running;
  readonly load: Running;
}

/** Exports of one large table: how fast they are read, and what slow clients cost everybody else. */
export async function benchExport(): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'orderfold-bench-'));
  const process = startProcess(fileOf('exporting.ts'), [String(exportedRows), folder], { NODE_OPTIONS: '--expose-gc' });
  const load = startProcess(fileOf('load.mjs'));
  try {
    const { url, key } = JSON.parse((await process.line(/^\{.*$/))[0]) as { url: string; key: string };
    const service: Service = { url, key, process, load };
    const rows = [...(await speeds(service)), ...(await slowness(service))];
    return {
      name: 'export',
      about:
        `A table of ${exportedRows.toLocaleString('en-US')} rows and 6 columns, over HTTP on the same machine. A slow client reads one byte a second; ` +
        `status lookups are GET /v1/orders/{id} from memory over 16 connections. Memory is that of the service beyond the table itself.`,
      table: { columns: ['situation', 'figure', 'unit', 'ratio'], rows },
      remarks: [],
    };
  } finally {
    await process.stop();
    await load.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function speeds({ url, key }: Service): Promise<string[][]> {
  const seconds = new Map<string, number>();
  for (const format of formats) {
    tell(`export, ${format}`);
    const start = performance.now();
    const answer = await fetch(`${url}/v1/analytics/facts/orders?format=${format}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    for await (const _ of answer.body ?? []);
    seconds.set(format, (performance.now() - start) / 1_000);
  }
  const csv = seconds.get('csv') ?? Number.NaN;
  return [...seconds].map(([format, time]) => [
    `read as ${format}`,
    (exportedRows / time / 1e6).toFixed(2),
    'million rows/s',
    ratio(csv / time),
  ]);
}

async function slowness(service: Service): Promise<string[][]> {
  const before = await resident(service);
  const undisturbed = await lookups(service);
  const clients = [slowClient(service, 1)];
  const one = await mostResident(service);
  for (let n = 2; n <= slowClients; n += 1) clients.push(slowClient(service, n));
  await sleep(1_000);
  const all = await mostResident(service);
  const disturbed = await lookups(service);
  for (const client of clients) client.destroy();
  return [
    ['one slow client', whole(one - before), 'MB', ''],
    [`${slowClients} slow clients`, whole(all - before), 'MB', ''],
    ['status lookups, nobody else there', whole(undisturbed), 'requests/s', '1.00'],
    [
      `status lookups beside ${slowClients} slow clients`,
      whole(disturbed),
      'requests/s',
      ratio(disturbed / undisturbed),
    ],
  ];
}

/** Asks for another selection each, so that none is served from what was made for another. */
function slowClient({ url, key }: Service, n: number) {
  const { hostname, port } = new URL(url);
  const client = connect(Number(port), hostname);
  client.pause();
  const path = `/v1/analytics/facts/orders?format=arrows&limit=${exportedRows - n}`;
  client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  const reading = setInterval(() => client.read(1), 1_000);
  client.once('close', () => clearInterval(reading));
  return client;
}

async function resident({ process }: Service): Promise<number> {
  process.send('memory');
  return Number((await process.line(/^resident (.*)$/))[1]);
}

/** Over the time in which exports are written and then only held. */
async function mostResident(service: Service): Promise<number> {
  let most = 0;
  for (let n = 0; n < 20; n += 1, await sleep(250)) most = Math.max(most, await resident(service));
  return most;
}

async function lookups({ url, key, load }: Service): Promise<number> {
  const rates: number[] = [];
  for (let n = 0; n < repetitions; n += 1) {
    load.send(JSON.stringify({ url, key, paths: ['/v1/orders/o'], connections: 16, seconds: sliceMs / 500 }));
    const answer = JSON.parse((await load.line(/^{.*$/))[0]) as { perSecond: number; failed: number };
    if (answer.failed > 0) throw new Error(`${answer.failed} lookups failed`);
    rates.push(answer.perSecond);
  }
  return median(rates);
}
