import { mkdtempSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyRows } from '../src/analytics/facts/apply.ts';
import { Texts, Words } from '../src/analytics/facts/columns.ts';
import { FoldedFacts } from '../src/analytics/facts/facts.ts';
import { fold, settleAll } from '../src/analytics/facts/fold.ts';
import { roomForAll } from '../src/analytics/facts/room.ts';
import { ChangeFiles } from '../src/analytics/history/change-files.ts';
import { tables } from '../src/analytics/history/checkpoint-arrays.ts';
import { History } from '../src/analytics/history/history.ts';
import type { Recorded } from '../src/events/envelope.ts';
import { inSlices } from '../src/events/slices.ts';
import { eventsPerOrder, kpiEvents } from './kpi-orders.ts';
import { longestPause, type Result, tell, whole } from './measure.ts';
import { historyEvents } from './settings.ts';

const batchEvents = 1_024;
const orders = Math.ceil(historyEvents / eventsPerOrder);
const events = orders * eventsPerOrder;

/** What the columns of the history are worth: facts without the events, from the beginning, from a checkpoint, and as of the past. */
export async function benchHistory(): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-bench-history-'));
  const rows: string[][] = [];
  const tellRow = (what: string, seconds: number, of: number, pauseMs?: number): void => {
    rows.push([what, seconds.toFixed(2), whole(of / seconds), pauseMs === undefined ? '' : pauseMs.toFixed(1)]);
    tell(`history: ${rows.at(-1)?.join(', ')}`);
  };
  try {
    tellRow('decoded events folded, changes kept', await foldAll(directory), events);
    const sizes = await Promise.all(['changes', 'checkpoints'].map((name) => bytesIn(join(directory, name))));
    const restore = (history: History) => history.restored();
    const toMiddle = (history: History) => history.upTo(positionOf(events / 2));
    const measured = async (what: string, work: (history: History) => Promise<FoldedFacts>): Promise<number> => {
      const { seconds, pauseMs, folded, bytes } = await timed(directory, work);
      tellRow(what, seconds, folded, pauseMs);
      return bytes;
    };
    await measured('facts restored: newest checkpoint, then changes', restore);
    await measured('facts as of the middle, from the nearest checkpoint', toMiddle);
    await rm(join(directory, 'checkpoints'), { recursive: true, force: true });
    const bytes = await measured('facts from the changes alone, outcomes once at the end', restore);
    await measured('facts as of the middle, from the changes alone', toMiddle);
    const applying = await applied(directory);
    tellRow('changes applied, read from the files, outcomes not worked out', applying.seconds, events);
    tellRow('outcomes of all orders worked out after that', applying.settleSeconds, events);
    return result(rows, sizes, bytes);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const positionOf = (event: number): string => String(Math.floor(event)).padStart(20, '0');

const openHistory = (directory: string): Promise<History> =>
  History.open({
    directory,
    writes: true,
    report: ({ message }) => {
      throw new Error(message);
    },
  });

/** Seconds of folding and keeping; making the events is not counted. */
async function foldAll(directory: string): Promise<number> {
  const [history, facts] = [await openHistory(directory), new FoldedFacts()];
  let busy = 0;
  let batch: Recorded[] = [];
  const work = async (isEnd: boolean): Promise<void> => {
    const start = performance.now();
    for (const event of batch) fold(facts, event, history.changes);
    for (const _ of settleAll(facts));
    const last = batch.at(-1);
    if (last) history.folded(last, batch.at(-2)?.position ?? facts.position);
    await history.keep(facts, isEnd);
    busy += performance.now() - start;
    batch = [];
  };
  for (const event of kpiEvents(orders)) if (batch.push(event) === batchEvents) await work(false);
  await work(true);
  return busy / 1000;
}

async function timed(directory: string, work: (history: History) => Promise<FoldedFacts>) {
  const history = await openHistory(directory);
  const start = performance.now();
  const { answer: facts, pauseMs } = await longestPause(() => work(history));
  const seconds = (performance.now() - start) / 1000;
  return { folded: facts.events, bytes: bytesOf(facts), pauseMs, seconds };
}

async function applied(directory: string): Promise<{ seconds: number; settleSeconds: number }> {
  const [files, facts] = [await ChangeFiles.open(join(directory, 'changes')), new FoldedFacts()];
  for (const _ of roomForAll(facts, files.heads.at(-1)?.rows ?? [], 0));
  const start = performance.now();
  for (let index = 0; index < files.count; index += 1) {
    const columns = await files.read(index);
    applyRows(facts, columns, 0, columns.events);
  }
  const between = performance.now();
  await inSlices(settleAll(facts));
  return { seconds: (between - start) / 1000, settleSeconds: (performance.now() - between) / 1000 };
}

/** Of all arrays, with the room that they have for more. */
function bytesOf(facts: FoldedFacts): number {
  const stores = new Set(facts.dictionaries.map(({ texts }) => texts));
  let bytes = 0;
  for (const column of tables.flatMap((table) => facts[table].all())) {
    if (column instanceof Words) stores.add(column.dictionary.texts);
    if (column instanceof Texts) stores.add(column.store);
    else bytes += column.values.byteLength;
  }
  for (const { bytes: text, offsets } of stores) bytes += text.byteLength + offsets.byteLength;
  return bytes;
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = await Promise.all((await readdir(directory)).map((name) => stat(join(directory, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

function result(rows: readonly string[][], [changes = 0, checkpoints = 0]: readonly number[], bytes: number): Result {
  const megabytes = (size: number): string => whole(size / 1e6);
  return {
    name: 'history',
    about:
      `Facts of ${whole(events)} events (${whole(orders)} orders of one line) from the columns that the history keeps beside the journal. ` +
      'BENCH_HISTORY_EVENTS changes the number. `pause`: the longest time for which the event loop could not turn.',
    table: { columns: ['what', 'seconds', 'events/s', 'pause ms'], rows },
    remarks: [
      `On disk: changes ${megabytes(changes)} MB (${(changes / events).toFixed(0)} bytes an event), checkpoints ${megabytes(checkpoints)} MB.`,
      `In memory: facts ${megabytes(bytes)} MB, ${(bytes / orders).toFixed(0)} bytes an order with its line, schedule line, shipment and hold; the process ${megabytes(process.memoryUsage().rss)} MB.`,
    ],
  };
}
