import { type Table as ArrowTable, tableFromIPC, type Vector } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordBatches } from '../../../src/analytics/export/arrow/batches.ts';
import { arrowFile, arrowStream } from '../../../src/analytics/export/arrow/ipc.ts';
import { dayText, instantText } from '../../../src/analytics/export/cells.ts';
import type { Source } from '../../../src/analytics/export/extract.ts';
import { snapshotLike } from '../../support/fact-tables.ts';
import { anyTable, type Cell, rowsAsObjects, tableOf } from '../../support/tables.ts';

const metadata = new Map([['position', '00000000000000000042']]);
const kinds = { stream: arrowStream, file: arrowFile } as const;

async function bytesOf(source: Source, kind: keyof typeof kinds): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of kinds[kind](recordBatches(source))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Cells as Arrow's own reader sees them. */
function readBack(table: ArrowTable): Record<string, Cell>[] {
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(
      table.schema.fields.map(({ name, type }) => {
        const value = (table.getChild(name) as Vector).get(row);
        if (value === null) return [name, null];
        if (String(type).startsWith('Timestamp')) return [name, instantText(Number(value))];
        if (String(type).startsWith('Date')) return [name, dayText(Number(value) / 86_400_000)];
        return [name, value];
      }),
    ),
  );
}

describe.each(['stream', 'file'] as const)('Arrow %s', (kind) => {
  it('gives back every cell of any table', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const read = tableFromIPC(await bytesOf({ table, metadata }, kind));
        expect(readBack(read)).toEqual(rowsAsObjects(table));
      }),
      { numRuns: 60 },
    );
  });

  it('shares one dictionary between many batches', async () => {
    const table = tableOf(200_000);
    const read = tableFromIPC(await bytesOf({ table, metadata }, kind));
    expect(read.batches.length).toBeGreaterThan(2);
    expect(read.numRows).toBe(200_000);
    expect(readBack(read.slice(199_990))).toEqual(
      rowsAsObjects(
        table,
        Array.from({ length: 10 }, (_, n) => 199_990 + n),
      ),
    );
    expect(new Set(read.batches.map((batch) => [...batch.dictionaries.keys()].join())).size).toBe(1);
  });

  it('keeps the schema of an empty extract', async () => {
    const read = tableFromIPC(await bytesOf({ table: tableOf(0), metadata }, kind));
    expect(read.numRows).toBe(0);
    expect(read.schema.names).toEqual(['at', 'due', 'amount', 'lines', 'good', 'region', 'id']);
    expect(read.schema.fields.map(({ type }) => String(type))).toEqual([
      'Timestamp<MILLISECOND, UTC>',
      'Date32<DAY>',
      'Float64',
      'Int32',
      'Bool',
      'Dictionary<Int32, Utf8>',
      'Utf8',
    ]);
  });

  it('tells about the data and about each column', async () => {
    const { schema } = tableFromIPC(await bytesOf({ table: tableOf(1), metadata }, kind));
    expect(schema.metadata.get('position')).toBe('00000000000000000042');
    expect(schema.fields[0]?.metadata.get('about')).toBe('Of every kind one');
  });
});

it('few rows of a large dictionary take only their own words along', async () => {
  const words = Array.from({ length: 50_000 }, (_, n) => `word ${n}`);
  const values = Int32Array.from(words.keys());
  const table = { name: 't', rows: 50_000, columns: [{ name: 'w', about: '', kind: 'word' as const, words, values }] };
  const few = await snapshotLike(table, { where: ['w:word 7,word 49999'] });
  const bytes = await bytesOf({ table: few.table, parts: few.parts(), metadata }, 'stream');
  expect(readBack(tableFromIPC(bytes))).toEqual([{ w: 'word 7' }, { w: 'word 49999' }]);
  expect(bytes.length).toBeLessThan(2_000);
});
