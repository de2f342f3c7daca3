import { pastOf } from '../src/analytics/source.ts';
import type { Database } from '../src/database/database.ts';
import { auditOf } from '../src/main/audit.ts';
import { registerCustomers } from '../src/simulate/play.ts';
import { projectAll } from '../test/support/projecting.ts';
import { eachInstallation } from './installation.ts';
import { interleaved, type Measured, median, type Result, tell, type Variant } from './measure.ts';
import { beforeAll, loadOrders, typicalOrders } from './orders.ts';
import { activeOrders, historyOrders, quick } from './settings.ts';

const asks = quick ? 20 : 200;
const rival = 'a search of the log for the correlations';

/** The history of the longest order, with everything tied to it and a sentence for each event. */
export async function benchHistory(): Promise<Result> {
  const rows: string[][] = [];
  await eachInstallation(async ({ name, open }) => {
    const house = await open();
    try {
      await registerCustomers(house, beforeAll);
      tell(`${name}: appending ${historyOrders} orders`);
      await loadOrders(house.log, typicalOrders(historyOrders), activeOrders);
      await projectAll({ log: house.log, database: house.database });
      const { orderId, events } = await longestOrder(house.database);
      const audit = auditOf(house, pastOf(house.log));
      const measured = await interleaved(name, [
        variant('history, as of now', () => audit.history(orderId, { limit: 1_000 })),
        variant('state at a moment', () => audit.orderAt(orderId, { recorded: '2026-03-01T12:00:00.000Z' })),
        { name: rival, run: () => timesOf(() => searched(house.database, orderId), quick ? 2 : 10) },
      ]);
      rows.push(...measured.map((one) => [name, one.name, String(events), ...milliseconds(one)]));
    } finally {
      await house.close();
    }
  });
  return {
    name: 'history',
    about:
      `Milliseconds for the longest of ${historyOrders.toLocaleString('en-US')} orders: its history with everything that is tied to it, ` +
      'merged and told in sentences; and its state at a moment. The rival reads the order and then finds what is tied to it in the ' +
      'log itself, which has no index for that.',
    table: { columns: ['situation', 'variant', 'events of the order', 'p50 ms', 'p99 ms'], rows },
    remarks: [],
  };
}

const variant = (name: string, work: () => Promise<unknown>): Variant<readonly number[]> => ({
  name,
  run: () => timesOf(work, asks),
});

async function timesOf(work: () => Promise<unknown>, times: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken;
}

function milliseconds({ samples }: Measured<readonly number[]>): [string, string] {
  const sorted = samples.flat().sort((a, b) => a - b);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
  return [median(sorted).toFixed(1), p99.toFixed(1)];
}

async function longestOrder(database: Database): Promise<{ readonly orderId: string; readonly events: number }> {
  const [longest] = await database.query<{ stream: string; events: number }>({
    text: `select stream, count(*)::int as events from events where stream like 'order-%' group by stream order by 2 desc, 1 limit 1`,
  });
  if (!longest) throw new Error('There are no orders');
  return { orderId: longest.stream.slice('order-'.length), events: longest.events };
}

const searched = (database: Database, orderId: string): Promise<unknown> =>
  database.query({
    text: `with own as (select data, metadata from events where stream = $1),
             ids as (select distinct metadata->>'correlationId' as id from own)
           select e.stream, e.type, e.data, e.metadata from events e
           where e.metadata->>'correlationId' in (select id from ids) order by e.tx, e.position`,
    values: [`order-${orderId}`],
  });
