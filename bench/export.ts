import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { slowClient } from '../test/support/slow-client.ts';
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
  const process = startProcess(fileOf('../test/support/export-server.ts'), [String(exportedRows), folder], {
    NODE_OPTIONS: '--expose-gc',
  });
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

async function speeds(service: Service): Promise<string[][]> {
  const seconds = new Map<string, number>();
  const held = new Map<string, number>();
  for (const format of formats) {
    tell(`export, ${format}`);
    await state(service);
    const start = performance.now();
    const answer = await fetch(`${service.url}/v1/analytics/facts/orders?format=${format}`, {
      headers: { authorization: `Bearer ${service.key}` },
    });
    for await (const _ of answer.body ?? []);
    seconds.set(format, (performance.now() - start) / 1_000);
    held.set(format, (await state(service)).held);
  }
  const csv = seconds.get('csv') ?? Number.NaN;
  return [...seconds].flatMap(([format, time]) => [
    [`read as ${format}`, (exportedRows / time / 1e6).toFixed(2), 'million rows/s', ratio(csv / time)],
    [`event loop held meanwhile, p99`, (held.get(format) ?? Number.NaN).toFixed(1), 'ms', ''],
  ]);
}

async function slowness(service: Service): Promise<string[][]> {
  const before = (await state(service)).resident;
  const most = { one: 0, all: 0 };
  const rates: { readonly alone: number; readonly beside: number }[] = [];
  // With and without them in turn, so that a slow minute of the machine hits both.
  for (let n = 0; n < repetitions; n += 1) {
    tell(`export, lookups beside slow clients, ${n + 1} of ${repetitions}`);
    const alone = await lookups(service);
    const clients = [slowClient(service, slowPath(1))];
    most.one = Math.max(most.one, await mostResident(service));
    for (let serial = 2; serial <= slowClients; serial += 1) clients.push(slowClient(service, slowPath(serial)));
    most.all = Math.max(most.all, await mostResident(service));
    rates.push({ alone, beside: await lookups(service) });
    for (const client of clients) client.destroy();
    await sleep(1_000);
  }
  const [alone, beside] = [median(rates.map((rate) => rate.alone)), median(rates.map((rate) => rate.beside))];
  const shares = median(rates.map((rate) => rate.beside / rate.alone));
  return [
    ['one slow client', whole(most.one - before), 'MB', ''],
    [`${slowClients} slow clients`, whole(most.all - before), 'MB', ''],
    ['status lookups, nobody else there', whole(alone), 'requests/s', '1.00'],
    [`status lookups beside ${slowClients} slow clients`, whole(beside), 'requests/s', ratio(shares)],
  ];
}

/** Each asks for another selection, so that none is served from what was made for another. */
const slowPath = (serial: number): string => `/v1/analytics/facts/orders?format=arrows&limit=${exportedRows - serial}`;

async function state({ process }: Service): Promise<{ readonly resident: number; readonly held: number }> {
  process.send('state');
  const [, resident, held] = await process.line(/^resident (.*) held (.*)$/);
  return { resident: Number(resident), held: Number(held) };
}

/** Over the time in which exports are written and then only held. */
async function mostResident(service: Service): Promise<number> {
  let most = 0;
  for (let n = 0; n < 20; n += 1, await sleep(250)) most = Math.max(most, (await state(service)).resident);
  return most;
}

async function lookups({ url, key, load }: Service): Promise<number> {
  load.send(JSON.stringify({ url, key, paths: ['/v1/orders/o'], connections: 16, seconds: sliceMs / 500 }));
  const { perSecond, failed } = JSON.parse((await load.line(/^{.*$/))[0]) as { perSecond: number; failed: number };
  if (failed > 0) throw new Error(`${failed} lookups failed`);
  return perSecond;
}
