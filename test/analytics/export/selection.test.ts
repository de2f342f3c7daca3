import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../src/analytics/export/extract.ts';
import { json } from '../../../src/analytics/export/json.ts';
import { type Selection, selected } from '../../../src/analytics/export/selection.ts';
import { literal } from '../../../src/analytics/export/where.ts';
import type { Table } from '../../../src/analytics/table.ts';
import { snapshotLike } from '../../support/fact-tables.ts';
import { rowsAsObjects, tableOf } from '../../support/tables.ts';

const table = tableOf(500);
interface Sample {
  readonly at: string | null;
  readonly due: string | null;
  readonly amount: number | null;
  readonly lines: number;
  readonly good: boolean | null;
  readonly region: string | null;
  readonly id: string | null;
}
const objects = rowsAsObjects(table) as unknown as Sample[];
const metadata = new Map<string, string>();
async function rowsIn(source: Source): Promise<Sample[]> {
  let text = '';
  for await (const piece of json(source)) text += piece;
  return JSON.parse(text);
}
/** As it is put aside, and as it is selected of a small table: the same. */
const read = async (selection: Selection, of: Table = table): Promise<Sample[]> => {
  const { table: header, parts } = await snapshotLike(of, selection);
  const found = await rowsIn({ table: header, parts: parts(), metadata });
  expect(await rowsIn({ table: selected(of, selection), metadata })).toEqual(found);
  return found;
};
const where = (...conditions: string[]) => read({ where: conditions });
const kept = (test: (row: Sample) => boolean) => objects.filter((row) => test(row));

describe('where', () => {
  it.each([
    ['region:north', (row: Sample) => row.region === 'north'],
    ['region:north,south', (row: Sample) => row.region === 'north' || row.region === 'south'],
    ['region:', (row: Sample) => row.region === null],
    ['region:,north', (row: Sample) => row.region === null || row.region === 'north'],
    ['region:ü\\, "east"', (row: Sample) => row.region === 'ü, "east"'],
    ['region:nowhere', () => false],
    ['good:true', (row: Sample) => row.good === true],
    ['good:', (row: Sample) => row.good === null],
    ['lines:7', (row: Sample) => row.lines === 7],
    ['lines:..-1,400..', (row: Sample) => row.lines < 0 || row.lines >= 400],
    ['amount:10..20.5', (row: Sample) => row.amount !== null && row.amount >= 10 && row.amount <= 20.5],
    ['due:2022-03-01..2022-03-31', (row: Sample) => String(row.due).startsWith('2022-03')],
    ['at:1954-01-01T00:00:00Z..', (row: Sample) => row.at !== null && row.at >= '1954'],
    ['at:..1954-02-26T23:06:40.000Z', (row: Sample) => row.at !== null && row.at <= '1954-02-26T23:06:40.000Z'],
    ['id:O-8ß', (row: Sample) => row.id === 'O-8ß'],
  ] as const)('%s', async (condition, test) => {
    expect(await where(condition)).toEqual(kept(test));
  });

  it('takes the rows for which all conditions hold', async () => {
    const both = await where('region:north', 'good:true');
    expect(both.length).toBeGreaterThan(0);
    expect(both).toEqual(kept((row) => row.region === 'north' && row.good === true));
  });

  it('finds any word by its literal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (word) => {
        const one: Table = {
          name: 't',
          rows: 2,
          columns: [{ name: 'w', about: '', kind: 'word', words: ['other\u0000', word], values: Int32Array.of(1, 0) }],
        };
        expect(await read({ where: [`w:${literal(word)}`] }, one)).toEqual([{ w: word }]);
      }),
    );
  });

  it.each([
    '',
    'region',
    ':x',
    'nothing:1',
    'due:2022-02-30',
    'at:yesterday',
    'lines:many',
    'good:1',
    'region:a..b',
    'lines:1..2..3',
  ])('refuses %s with the place and what there is', async (condition) => {
    await expect(where(condition)).rejects.toThrow(expect.objectContaining({ name: 'InvalidValue', place: '?/where' }));
  });
});

describe('columns and limit', () => {
  it('gives columns in the order asked for', async () => {
    expect(Object.keys((await read({ columns: ['lines', 'at'] }))[0] ?? {})).toEqual(['lines', 'at']);
    await expect(read({ columns: ['lines', 'profit'] })).rejects.toThrow(/"profit"; there are at, due/);
  });

  it('filters by columns that are not shown', async () => {
    const rows = await read({ columns: ['lines'], where: ['region:north'] });
    expect(rows).toEqual(kept((row) => row.region === 'north').map(({ lines }) => ({ lines })));
  });

  it('never hides that there was more', async () => {
    const cut = await snapshotLike(table, { where: ['good:true'], limit: 3 });
    expect([cut.rows, cut.fitting]).toEqual([3, kept((row) => row.good === true).length]);
    expect(await snapshotLike(table, { limit: 10 })).toMatchObject({ rows: 10, fitting: 500 });
  });
});
