import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../src/events/envelope.ts';
import type { House } from '../src/main/compose.ts';
import { activeCheckpoints } from '../src/projections/checkpoint.ts';
import { registerCustomers } from '../src/simulate/play.ts';
import type { Running } from './child.ts';
import { postgresInstallation } from './installation.ts';
import { type Result, type Table, tell, whole } from './measure.ts';
import { beforeAll, loadOrders, typicalOrders } from './orders.ts';
import { startService } from './serving.ts';
import { memoryEvents } from './settings.ts';

const steps = 10;
const sampleMs = 50;

/** Memory of the service while it projects a long log into all read models, from nothing. */
export async function benchMemory(): Promise<Result> {
  const about =
    `Resident memory of the service process (PostgreSQL mode) while it projects ${memoryEvents.toLocaleString('en-US')} events ` +
    'of typical orders into all read models, from an empty start; BENCH_EVENTS changes the number. `now` is at that point of the log, `most` the greatest until then.';
  const installation = await postgresInstallation();
  if (!installation) {
    return {
      name: 'memory',
      about,
      table: { columns: ['skipped'], rows: [['no PostgreSQL server found']] },
      remarks: [],
    };
  }
  const house = await installation.open();
  try {
    await registerCustomers(house, beforeAll);
    tell(`appending ${memoryEvents} events`);
    const events = await loadOrders(house.log, typicalOrders(Math.ceil(memoryEvents / 10)), 100);
    const service = startService(installation);
    try {
      return { name: 'memory', about, table: await observe(house, service, events), remarks: [] };
    } finally {
      await service.stop();
    }
  } finally {
    await house.close();
    await installation.remove();
  }
}

async function observe({ database, log }: House, { pid }: Running, events: number): Promise<Table> {
  const head = serialOf(await log.head());
  const rows: string[][] = [];
  const start = performance.now();
  for (let most = 0, step = 1; step <= steps; await sleep(sampleMs)) {
    const now = residentMegabytes(pid);
    most = Math.max(most, now);
    const positions = (await activeCheckpoints(database)).map(({ position }) => serialOf(position));
    const share = positions.length === 0 ? 0 : Math.min(...positions) / head;
    for (; step <= steps && share >= step / steps; step += 1) {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      rows.push([`${step * 10} %`, whole((events * step) / steps), whole(now), whole(most), seconds]);
      tell(`memory: ${rows.at(-1)?.join(', ')}`);
    }
  }
  return { columns: ['projected', 'events', 'now MB', 'most MB', 'seconds since start'], rows };
}

/** Events of one appending process have consecutive serial numbers in their positions. */
const serialOf = (position: Position | 'start'): number => (position === 'start' ? 0 : Number(position.split(':')[1]));

const residentMegabytes = (pid: number): number =>
  (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6;
