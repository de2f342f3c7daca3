import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportSummary } from '../../src/import/summary.ts';
import { type Random, seededRandom } from '../../src/simulate/random.ts';
import { historyCsv, historyMapping } from '../support/history-csv.ts';
import { fileFolder } from '../support/import-files.ts';
import { runOrderfold } from '../support/orderfold-process.ts';
import { type Kept, keptIn } from '../support/recorded-history.ts';
import { seedFor, soak } from '../support/seed.ts';

const kills = soak ? 10 : 2;
const seed = seedFor('import-killed');
const folder = fileFolder();
afterAll(() => folder.remove());

const generated = {
  name: 'generated',
  mapping: folder.write('mapping.json', JSON.stringify(historyMapping)),
  csv: folder.write('history.csv', historyCsv(seed, soak ? 2_000 : 120)),
};
/** The delivery history of docs/examples; the file is not part of this repository. */
const scms = {
  name: 'scms',
  mapping: 'docs/examples/scms-mapping.json',
  csv: process.env.ORDERFOLD_SCMS_CSV ?? '',
};

/** When the write-ahead log of the directory was last written; 0 before there is one. */
function lastWrite(data: string): number {
  const directory = join(data, 'database/database/pg_wal');
  try {
    return Math.max(0, ...readdirSync(directory).map((name) => statSync(join(directory, name)).mtimeMs));
  } catch {
    return 0;
  }
}

/** Calls back each time the database was seen to have written, until `ended`. */
async function watchWrites(data: string, ended: Promise<unknown>, written: (count: number) => void): Promise<number> {
  let count = 0;
  let last = lastWrite(data);
  const look = setInterval(() => {
    const now = lastWrite(data);
    if (now === last) return;
    last = now;
    count += 1;
    written(count);
  }, 2);
  await ended;
  clearInterval(look);
  return count;
}

describe.each(scms.csv === '' ? [generated] : [generated, scms])('an import of $name history', (history) => {
  const { name, mapping, csv } = history;
  const begin = (data: string) =>
    runOrderfold('cli.ts', ['import', '--json', '-m', mapping, csv], { ORDERFOLD_DATA: data });

  async function whole(data: string): Promise<{ summary: ImportSummary; writes: number }> {
    const run = begin(data);
    const writes = await watchWrites(data, run.ended, () => {});
    expect(await run.ended, run.words.join('\n')).toEqual({ code: 0, signal: null });
    return { summary: JSON.parse(run.data.join('')) as ImportSummary, writes };
  }

  /** False when it was done before its moment came. */
  async function killed(data: string, random: Random, writes: number): Promise<boolean> {
    const moment = random.between(1, Math.max(1, writes));
    const run = begin(data);
    await watchWrites(data, run.ended, (count) => count === moment && void run.kill());
    const { code, signal } = await run.ended;
    if (signal === null) expect(code, run.words.join('\n')).toBe(0);
    return signal === 'SIGKILL';
  }

  let undisturbed: Kept;
  let writes: number;
  beforeAll(async () => {
    const data = folder.path(`${name}-undisturbed`);
    const done = await whole(data);
    writes = done.writes;
    undisturbed = await keptIn(data);
    expect(undisturbed.events).toBe(done.summary.eventsAppended);
  }, 600_000);

  test('that is killed again and again ends like one that never was', async () => {
    const random = seededRandom(`${seed}/${name}`);
    const data = folder.path(`${name}-killed`);
    let deaths = 0;
    while (deaths < kills && (await killed(data, random, Math.ceil(writes / kills)))) deaths += 1;
    const { summary: resumed } = await whole(data);
    const { summary: again } = await whole(data);
    process.stdout.write(
      `import-killed: ${undisturbed.events} events of ${name}, killed ${deaths} times, ${resumed.eventsAppended} left to the last run\n`,
    );
    expect(deaths).toBeGreaterThan(0);
    expect(again).toMatchObject({ eventsAppended: 0, customersAdded: 0, orders: { added: 0, rejected: 0 } });
    expect(await keptIn(data)).toEqual({ ...undisturbed, differing: [] });
  }, 1_200_000);
});
