import fc from 'fast-check';
import { dayText, instantText } from '../../src/analytics/export/cells.ts';
import { type Column, nullDay, type Table } from '../../src/analytics/table.ts';

export type Cell = string | number | boolean | null;

/** The value of a cell as JSON shows it. */
export function cellOf(column: Column, row: number): Cell {
  switch (column.kind) {
    case 'instant': {
      const value = column.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : instantText(value);
    }
    case 'day': {
      const value = column.values[row] ?? nullDay;
      return value === nullDay ? null : dayText(value);
    }
    case 'number': {
      const value = column.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    }
    case 'count':
      return column.values[row] ?? 0;
    case 'flag':
      return [false, true, null][column.values[row] ?? 2] ?? null;
    case 'word':
      return column.words[column.values[row] ?? -1] ?? null;
    case 'text':
      return column.values[row] ?? null;
  }
}

export const rowsAsObjects = (table: Table, rows?: Iterable<number>): Record<string, Cell>[] =>
  Array.from(rows ?? Array(table.rows).keys(), (row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, cellOf(column, row)])),
  );

const awkward = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '=1+1', '-3', '+A1', '@x', '\tx', 'a,b', 'say "no"', 'two\r\nlines', "'quoted", '\u0000', 'ä€😀'),
);

/** One column of every kind, with nulls, of the given number of rows. */
export function columnsOf(rows: number, seed: number): Column[] {
  const at = <T>(make: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => make(row));
  const null7 = (row: number): boolean => (row * 31 + seed) % 7 === 0;
  const about = 'Of every kind one';
  return [
    {
      name: 'at',
      about,
      kind: 'instant',
      values: Float64Array.from(at((r) => (null7(r) ? Number.NaN : r * 1e9 - 5e11))),
    },
    {
      name: 'due',
      about,
      kind: 'day',
      values: Int32Array.from(at((r) => (null7(r + 1) ? nullDay : 19_000 + (r % 900)))),
    },
    {
      name: 'amount',
      about,
      kind: 'number',
      values: Float64Array.from(at((r) => (null7(r + 2) ? Number.NaN : r / 8))),
    },
    { name: 'lines', about, kind: 'count', values: Int32Array.from(at((r) => r - 3)) },
    { name: 'good', about, kind: 'flag', values: Uint8Array.from(at((r) => (r + seed) % 3)) },
    {
      name: 'region',
      about,
      kind: 'word',
      words: ['north', 'south', 'ü, "east"'],
      values: Int32Array.from(at((r) => ((r + seed) % 4) - 1)),
    },
    { name: 'id', about, kind: 'text', values: at((r) => (null7(r + 3) ? null : `O-${r}ß`)) },
  ];
}

export const tableOf = (rows: number, seed = 1): Table => ({ name: 'sample', rows, columns: columnsOf(rows, seed) });

/** Tables of up to 40 rows with awkward words and texts. */
export const anyTable: fc.Arbitrary<Table> = fc
  .tuple(
    fc.nat(40),
    fc.nat(20),
    fc.uniqueArray(awkward, { minLength: 1, maxLength: 6 }),
    fc.array(awkward, { minLength: 40, maxLength: 40 }),
  )
  .map(([rows, seed, words, texts]) => {
    const table = tableOf(rows, seed);
    const columns = table.columns.map((column): Column => {
      if (column.kind === 'word') {
        return { ...column, words, values: column.values.map((_, row) => ((row + seed) % (words.length + 1)) - 1) };
      }
      if (column.kind === 'text')
        return { ...column, values: column.values.map((value, row) => (value === null ? null : (texts[row] ?? null))) };
      return column;
    });
    return { ...table, columns };
  });
