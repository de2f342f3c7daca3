import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Extract } from '../../../src/analytics/export/extract.ts';
import { ParquetMissing, parquet, parquetPackage, requireParquet } from '../../../src/analytics/export/parquet.ts';
import { tableOf } from '../../support/tables.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderfold-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function asked(extract: Extract, ...questions: string[]): Promise<(readonly unknown[][])[]> {
  const file = join(folder, 'sample.parquet');
  const pieces: Uint8Array[] = [];
  for await (const piece of parquet(extract)) pieces.push(piece);
  await writeFile(file, Buffer.concat(pieces));
  const duckdb = await DuckDBInstance.create();
  const connection = await duckdb.connect();
  const answers: (readonly unknown[][])[] = [];
  for (const sql of questions) {
    answers.push((await connection.runAndReadAll(sql.replaceAll('FILE', `'${file}'`))).getRowsJson());
  }
  connection.closeSync();
  duckdb.closeSync();
  return answers;
}

const metadata = new Map([['position', '42']]);

it('DuckDB reads every row, with types, nulls and metadata', async () => {
  const table = tableOf(150_000);
  const [[counts] = [], pairs] = await asked(
    { table, metadata },
    `select count(*), count("at"), count(due), sum(lines), count(*) filter (good), min(region), max(id), sum(amount),
            any_value(typeof("at")), any_value(typeof(due)) from FILE`,
    'select decode(key), decode(value) from parquet_kv_metadata(FILE)',
  );
  const values = <K extends string>(kind: K) => table.columns.find((column) => column.kind === kind);
  const [instants, amounts, ids] = [values('instant'), values('number'), values('text')];
  if (instants?.kind !== 'instant' || amounts?.kind !== 'number' || ids?.kind !== 'text')
    throw new Error('the sample has them');
  const lastId = ids.values
    .filter((id) => id !== null)
    .sort()
    .at(-1);
  const known = (all: Float64Array): Float64Array => all.filter((value) => !Number.isNaN(value));
  expect(counts?.slice(0, 2)).toEqual(['150000', String(known(instants.values).length)]);
  expect(counts?.slice(3, 7)).toEqual([String((150_000 * 149_999) / 2 - 450_000), '50000', 'north', lastId]);
  expect(Number(counts?.[7])).toBe(known(amounts.values).reduce((sum, value) => sum + value, 0));
  expect(counts?.slice(8)).toEqual(['TIMESTAMP WITH TIME ZONE', 'DATE']);
  expect(pairs).toContainEqual(['position', '42']);
}, 30_000);

it('an empty extract is a file with columns', async () => {
  const empty = { table: tableOf(0), metadata };
  expect(await asked(empty, 'select count(*) from FILE')).toEqual([[['0']]]);
});

it('says what to install where the package is missing', async () => {
  const find = vi.spyOn(parquetPackage, 'find').mockImplementation(() => {
    throw new Error('Cannot find package');
  });
  await expect(requireParquet()).rejects.toThrow(ParquetMissing);
  await expect(requireParquet()).rejects.toThrow('npm install parquet-wasm');
  find.mockRestore();
});
