import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FoldedFacts } from '../src/analytics/facts/facts.ts';
import { fold, settleAll } from '../src/analytics/facts/fold.ts';
import { checkQuestion } from '../src/analytics/query/check.ts';
import { rowsOf } from '../src/analytics/query/rows.ts';
import type { Recorded } from '../src/events/envelope.ts';
import { inSlices } from '../src/events/slices.ts';
import { arquero } from './kpi-arquero.ts';
import { eventsPerOrder, kpiEvents } from './kpi-orders.ts';
import { duckDb, type Group, postgres, type Rival, writeFlatTable } from './kpi-rivals.ts';
import {
  interleaved,
  longestPause,
  type Measured,
  median,
  type Result,
  ratio,
  spread,
  tell,
  whole,
} from './measure.ts';
import { kpiOrders } from './settings.ts';

const judgement = { day: 25_000, instant: 25_000 * 86_400_000 };
const warmUps = 10;

/** Monthly on-time share, exact median and 90th percentile of the cycle time by region, over all orders. */
export async function benchKpi(): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-bench-'));
  const rivals: Rival[] = [];
  try {
    const { facts, perSecond } = folding();
    const path = join(directory, 'flat.csv');
    await writeFlatTable(facts, path);
    const ours = engine(facts);
    const afresh = { ...ours, name: 'Orderfold, asked the first time after an event', ask: () => changed(facts, ours) };
    rivals.push(ours, afresh, await duckDb(path), arquero(path));
    const server = await postgres(path);
    if (server) rivals.push(server);
    const groups = await agreed(rivals);
    for (let i = 0; i < warmUps; i += 1) await afresh.ask();
    const measured = await interleaved(
      'kpi',
      rivals.map((rival) => ({ name: rival.name, run: () => milliseconds(rival) })),
    );
    return result(measured, groups, perSecond, (await longestPause(ours.ask)).pauseMs);
  } finally {
    for (const { close } of rivals) await close();
    await rm(directory, { recursive: true });
  }
}

function folding(): { facts: FoldedFacts; perSecond: number } {
  const facts = new FoldedFacts();
  let busy = 0;
  let batch: Recorded[] = [];
  const work = (): void => {
    const start = performance.now();
    for (const event of batch) fold(facts, event);
    for (const _ of settleAll(facts));
    busy += performance.now() - start;
    batch = [];
  };
  for (const event of kpiEvents(kpiOrders)) if (batch.push(event) === 10_000) work();
  work();
  if (facts.parked.size > 0) throw new Error(`Not folded: ${JSON.stringify([...facts.parked.values()][0])}`);
  const perSecond = (kpiOrders * eventsPerOrder) / (busy / 1000);
  tell(`folded ${whole(perSecond)} events/s`);
  return { facts, perSecond };
}

function engine(facts: FoldedFacts): Rival {
  const question = checkQuestion(facts, {
    kpis: ['on_time_rate', 'cycle_time'],
    grain: 'order',
    population: 'delivered',
    by: 'delivered',
    group: ['month', 'region'],
    zone: 'UTC',
    percentiles: [50, 90],
  });
  return {
    name: 'Orderfold',
    async ask() {
      const rows = await inSlices(rowsOf(facts, question, judgement));
      return rows.map(({ group, kpis }): Group => {
        const percentiles = kpis.cycle_time?.distribution?.percentiles ?? {};
        const { den = 0, num = 0 } = kpis.on_time_rate ?? {};
        return [group.month ?? '', group.region ?? '', den, num, percentiles.p50 ?? 0, percentiles.p90 ?? 0];
      });
    },
    async close() {},
  };
}

/** What is remembered between questions is of one version of the facts. */
function changed(facts: FoldedFacts, { ask }: Rival): Promise<Group[]> {
  facts.version += 1;
  return ask();
}

async function milliseconds({ ask }: Rival): Promise<number> {
  const start = performance.now();
  await ask();
  return performance.now() - start;
}

/** All of them must tell the same before anybody is measured. */
async function agreed(rivals: readonly Rival[]): Promise<number> {
  const answers = await Promise.all(rivals.map(({ ask }) => ask()));
  const plain = (groups: readonly Group[] = []): string =>
    JSON.stringify(groups.map((group) => group.map((cell) => (typeof cell === 'number' ? cell.toFixed(6) : cell))));
  answers.forEach((answer, at) => {
    if (plain(answer) !== plain(answers[0])) throw new Error(`${rivals[at]?.name} answers otherwise than Orderfold`);
  });
  return answers[0]?.length ?? 0;
}

function result(measured: readonly Measured<number>[], groups: number, perSecond: number, pause: number): Result {
  const own = median(measured[0]?.samples ?? []);
  return {
    name: 'kpi',
    about:
      `Orders, share on time, exact median and 90th percentile of the cycle time by month and region (${groups} groups) over ` +
      `${whole(kpiOrders)} orders; answers compared before. Milliseconds; the ratio is how many times as long as Orderfold. DuckDB has ` +
      'the regions as an enumeration; PostgreSQL a covering index, vacuumed, 256 MB work_mem.',
    table: {
      columns: ['engine', 'ms', 'min..max', 'ratio'],
      rows: measured.map(({ name, samples }) => [name, ...spread(samples), ratio(median(samples) / own)]),
    },
    remarks: [
      `Folding decoded events into facts: ${whole(perSecond)} events/s, ${whole(kpiOrders * eventsPerOrder)} events.`,
      `The event loop could not turn for at most ${pause.toFixed(1)} ms during a question.`,
    ],
  };
}
