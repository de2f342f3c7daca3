import type { House } from '../src/main/compose.ts';
import { projections } from '../src/projections/all.ts';
import { ordersProjection } from '../src/projections/orders/projection.ts';
import type { Projection } from '../src/projections/projection.ts';
import { createRunner } from '../src/projections/runner.ts';
import { registerCustomers } from '../src/simulate/play.ts';
import { forgetProjections } from '../test/support/projecting.ts';
import { projectByStatement } from './by-statement.ts';
import { eachInstallation } from './installation.ts';
import { type Comparison, comparisonTable, interleaved, type Result, tell, type Variant } from './measure.ts';
import { beforeAll, loadOrders, typicalOrders } from './orders.ts';
import { activeOrders, projectedEvents, sliceMs } from './settings.ts';

const eventsOfOrder = 10;
const rival = 'order status, a statement per event';

/** Events per second into the read models of the product, and into a hand-written one. */
export async function benchProject(): Promise<Result> {
  const comparisons: Comparison[] = [];
  await eachInstallation(async ({ name, open }) => {
    const house = await open();
    try {
      await registerCustomers(house, beforeAll);
      tell(`${name}: appending ${projectedEvents} events`);
      const orders = Math.ceil(projectedEvents / eventsOfOrder);
      const events = await loadOrders(house.log, typicalOrders(orders), activeOrders);
      const measured = await interleaved(name, variantsOn(house, { orders, events }));
      comparisons.push({ situation: name, rival, measured });
    } finally {
      await house.close();
    }
  });
  return {
    name: 'project',
    about:
      `Events per second into read models, from ${projectedEvents.toLocaleString('en-US')} events of typical orders, ` +
      `${activeOrders} orders under way at a time, read and parsed from the log. The rival is written by hand: the status of orders ` +
      'and their lines in two tables with the same indexes, kept by one prepared statement per event.',
    table: comparisonTable('events/s', comparisons),
    remarks: [],
  };
}

interface Loaded {
  readonly orders: number;
  readonly events: number;
}

function variantsOn(house: House, loaded: Loaded): Variant<number>[] {
  return [
    { name: 'orders read model, batches', run: () => projected(house, [ordersProjection], loaded) },
    { name: 'all read models, batches', run: () => projected(house, projections, loaded) },
    { name: rival, run: () => projectByStatement(house, { milliseconds: 2 * sliceMs, batch: 500 }) },
    {
      name: 'order status, a transaction per event',
      run: () => projectByStatement(house, { milliseconds: sliceMs, batch: 1 }),
    },
  ];
}

/** From the start of the runner until its checkpoint is at the end of the log. */
async function projected(
  { log, database }: House,
  list: readonly Projection[],
  { orders, events }: Loaded,
): Promise<number> {
  await forgetProjections(database, projections);
  const problems: unknown[] = [];
  const runner = createRunner({ log, database, projections: list, report: (problem) => problems.push(problem) });
  const head = await log.head();
  if (head === 'start') throw new Error('The log is empty');
  const start = performance.now();
  runner.start();
  const reached = await runner.waitFor(head, { timeoutMs: 600_000 });
  const seconds = (performance.now() - start) / 1000;
  await runner.stop();
  const [row] = await database.query<{ rows: number }>({ text: 'select count(*)::int as rows from order_status' });
  if (!reached || problems.length > 0 || row?.rows !== orders) {
    throw new Error(`Projected ${row?.rows} of ${orders} orders; problems: ${JSON.stringify(problems)}`);
  }
  return events / seconds;
}
