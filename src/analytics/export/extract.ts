import { type Column, nullDay, type Table } from '../table.ts';

/** A table that leaves the house, and what a reader must know about it. */
export interface Extract {
  readonly table: Table;
  /** Facts about the data: position, as_of, time zone ... */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Rows that come one table after the other. */
export interface Parts {
  /** The columns, without rows. */
  readonly table: Table;
  readonly parts: AsyncIterable<Table>;
  readonly metadata: ReadonlyMap<string, string>;
}

export type Source = Extract | Parts;

/**
 * The tables of a source, of at most `most` rows and of about `bytes` bytes, so that a wide table costs a slow reader no more
 * than a narrow one. Values may be views of the source and must be used before the next table is asked for.
 */
export async function* slicesOf(source: Source, most = 65_536, bytes = 1 << 19): AsyncGenerator<Table> {
  if (!('parts' in source)) yield* slices(source.table, most, bytes);
  else for await (const part of source.parts) yield* slices(part, most, bytes);
}

function* slices({ name, columns, rows }: Table, most: number, bytes: number): Generator<Table> {
  const width = columns.reduce((sum, { kind }) => sum + bytesPerRow[kind], 0);
  const size = Math.max(64, Math.min(most, Math.floor(bytes / Math.max(1, width))));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    yield { name, rows: to - from, columns: columns.map((column) => viewed(column, from, to)) };
  }
}

export const bytesPerRow: Readonly<Record<Column['kind'], number>> = {
  instant: 8,
  number: 8,
  day: 4,
  count: 4,
  word: 4,
  flag: 1,
  text: 24,
};

function viewed(column: Column, from: number, to: number): Column {
  switch (column.kind) {
    case 'instant':
    case 'number':
      return { ...column, values: column.values.subarray(from, to) };
    case 'day':
    case 'count':
      return { ...column, values: column.values.subarray(from, to) };
    case 'word':
      return { ...column, values: column.values.subarray(from, to) };
    case 'flag':
      return { ...column, values: column.values.subarray(from, to) };
    case 'text':
      return { ...column, values: column.values.slice(from, to) };
  }
}

/** True where the row has no value in the column. */
export function isNull(column: Column, row: number): boolean {
  switch (column.kind) {
    case 'instant':
    case 'number':
      return Number.isNaN(column.values[row]);
    case 'day':
      return column.values[row] === nullDay;
    case 'count':
      return false;
    case 'flag':
      return column.values[row] === 2;
    case 'word':
      return (column.values[row] ?? -1) < 0;
    case 'text':
      return (column.values[row] ?? null) === null;
  }
}
