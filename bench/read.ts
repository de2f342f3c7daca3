import { fileURLToPath } from 'node:url';
import { orderIdIn, registerCustomers } from '../src/simulate/play.ts';
import { type Running, startProcess } from './child.ts';
import { embeddedInstallation, type Installation, postgresInstallation } from './installation.ts';
import {
  interleaved,
  type Measured,
  median,
  type Result,
  ratio,
  spread,
  type Table,
  tell,
  type Variant,
} from './measure.ts';
import { beforeAll, loadOrders, typicalOrders } from './orders.ts';
import { addressOf, startService } from './serving.ts';
import { readableOrders, sliceMs } from './settings.ts';

const connections = 32;
const pathsInTurn = 500;
const rival = 'bare route, a constant of the same size';

interface Target {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  readonly paths: readonly string[];
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Status lookups over HTTP. Services, rival and the program that asks are processes of their own. */
export async function benchRead(): Promise<Result> {
  const cleanup: (() => Promise<void>)[] = [];
  try {
    const targets: Target[] = [];
    for (const create of [embeddedInstallation, postgresInstallation]) {
      const installation = await create();
      if (!installation) continue;
      cleanup.push(installation.remove);
      targets.push(await serve(installation, cleanup));
    }
    targets.push(await serveConstant(await sizeOf(targets[0]), cleanup));
    const load = startProcess(fileURLToPath(new URL('load.mjs', import.meta.url)));
    cleanup.push(load.stop);
    for (const target of targets) await ask(load, target, sliceMs);
    const variants: Variant<Load>[] = targets.map((target) => ({
      name: target.name,
      run: () => ask(load, target, 2 * sliceMs),
    }));
    return result(tableOf(await interleaved('read', variants)));
  } finally {
    for (const undo of cleanup.reverse()) await undo();
  }
}

const result = (table: Table): Result => ({
  name: 'read',
  about:
    `Status lookups by id, GET /v1/orders/{id} with an API key, among ${readableOrders.toLocaleString('en-US')} orders, ` +
    `${pathsInTurn} of them in turn, so that they are told from memory; ${connections} connections on the same machine. The rival is a fastify server with one route and nothing else.`,
  table,
  remarks: [],
});

/** An installation with orders, its read models up to date, and the service on it. */
async function serve(installation: Installation, cleanup: (() => Promise<void>)[]): Promise<Target> {
  const house = await installation.open();
  let key: string;
  try {
    await registerCustomers(house, beforeAll);
    tell(`${installation.name}: ${readableOrders} orders`);
    await loadOrders(house.log, typicalOrders(readableOrders), 100);
    house.runner.start();
    await house.projected();
    if (installation.name === 'PostgreSQL') await house.database.execute('analyze');
    const request = { label: 'bench', role: 'order-desk', createdBy: { id: 'bench', operator: true } } as const;
    key = (await house.keys.create(request)).text;
  } finally {
    await house.close();
  }
  const service = startService(installation);
  cleanup.push(service.stop);
  return { name: `Orderfold on ${installation.name}`, url: await addressOf(service), key, paths: somePaths() };
}

/** Orders from everywhere in the table, without chance. */
function somePaths(): string[] {
  const paths: string[] = [];
  const step = Math.max(1, Math.floor(readableOrders / pathsInTurn));
  let index = 0;
  for (const script of typicalOrders(readableOrders)) {
    if (index % step === 0) paths.push(`/v1/orders/${orderIdIn(script)}`);
    index += 1;
  }
  return paths.sort();
}

async function serveConstant(bytes: number, cleanup: (() => Promise<void>)[]): Promise<Target> {
  const bare = startProcess(fileURLToPath(new URL('bare.ts', import.meta.url)), [String(bytes)]);
  cleanup.push(bare.stop);
  return { name: rival, url: (await bare.line(/^http.*$/))[0], key: 'none', paths: ['/'] };
}

async function sizeOf(target: Target | undefined): Promise<number> {
  if (!target) throw new Error('Nothing is served');
  const answer = await fetch(`${target.url}${target.paths[0]}`, { headers: { authorization: `Bearer ${target.key}` } });
  if (!answer.ok) throw new Error(`${target.name} answered ${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}

async function ask(load: Running, target: Target, milliseconds: number): Promise<Load> {
  load.send(JSON.stringify({ ...target, connections, seconds: milliseconds / 1000 }));
  const answer = JSON.parse((await load.line(/^{.*$/))[0]) as Load & { readonly failed: number };
  if (answer.failed > 0) throw new Error(`${answer.failed} requests to ${target.name} failed`);
  return answer;
}

function tableOf(measured: readonly Measured<Load>[]): Table {
  const rate = (one: Measured<Load> | undefined): number[] => one?.samples.map(({ perSecond }) => perSecond) ?? [];
  const base = median(rate(measured.find(({ name }) => name === rival)));
  const rows = measured.map((one) => [
    one.name,
    ...spread(rate(one)),
    median(one.samples.map(({ p50 }) => p50)).toFixed(1),
    median(one.samples.map(({ p99 }) => p99)).toFixed(1),
    ratio(median(rate(one)) / base),
  ]);
  return { columns: ['variant', 'requests/s', 'min..max', 'p50 ms', 'p99 ms', 'ratio'], rows };
}
