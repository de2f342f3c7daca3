import { type Column, nullDay, type Table } from '../table.ts';

/** A part of a table that leaves the house: some columns, some rows, and what a reader must know about them. */
export interface Extract {
  readonly table: Table;
  /** Row numbers of the table, ascending; all rows if left out. */
  readonly chosen?: Int32Array;
  /** Facts about the data: position, as_of, time zone ... */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Rows that come one table after the other, of which nobody knows yet how many there are. */
export interface Parts {
  /** The columns, without rows. */
  readonly table: Table;
  readonly parts: AsyncIterable<Table>;
  readonly metadata: ReadonlyMap<string, string>;
}

export type Source = Extract | Parts;

/** The tables of a source, of at most `most` rows where we are to cut them. */
export const slicesOf = (source: Source, most?: number, bytes?: number): Iterable<Table> | AsyncIterable<Table> =>
  'parts' in source ? source.parts : slices(source, most, bytes);

export const rowsOf = ({ table, chosen }: Extract): number => chosen?.length ?? table.rows;

/**
 * The extract in tables of at most `most` rows, and of about `bytes` bytes, so that a wide table costs a slow reader no more
 * than a narrow one. Without chosen rows, values are views of the table and must be used before the next slice is asked for.
 */
export function* slices(extract: Extract, most = 65_536, bytes = 1 << 19): Generator<Table> {
  const { table, chosen } = extract;
  const rows = rowsOf(extract);
  const width = table.columns.reduce((sum, column) => sum + bytesPerRow[column.kind], 0);
  const size = Math.max(64, Math.min(most, Math.floor(bytes / Math.max(1, width))));
  const recodings = table.columns.map((column) =>
    chosen && column.kind === 'word' ? recodingOf(column, chosen) : undefined,
  );
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    const columns = table.columns.map((column, at) =>
      chosen ? gathered(column, chosen.subarray(from, to), recodings[at]) : viewed(column, from, to),
    );
    yield { name: table.name, rows: to - from, columns };
  }
}

const bytesPerRow: Readonly<Record<Column['kind'], number>> = {
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

function gathered(column: Column, rows: Int32Array, recoding: Recoding | undefined): Column {
  switch (column.kind) {
    case 'instant':
    case 'number':
      return { ...column, values: picked(column.values, rows, new Float64Array(rows.length)) };
    case 'day':
    case 'count':
      return { ...column, values: picked(column.values, rows, new Int32Array(rows.length)) };
    case 'word':
      return recoded(column, rows, recoding);
    case 'flag':
      return { ...column, values: picked(column.values, rows, new Uint8Array(rows.length)) };
    case 'text':
      return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
  }
}

function recoded(column: WordColumn, rows: Int32Array, recoding: Recoding | undefined): Column {
  const values = picked(column.values, rows, new Int32Array(rows.length));
  if (!recoding) return { ...column, values };
  for (let at = 0; at < values.length; at += 1) {
    const code = values[at] ?? -1;
    values[at] = code < 0 ? -1 : (recoding.codes[code] ?? -1);
  }
  return { ...column, values, words: recoding.words };
}

interface Numbers {
  readonly length: number;
  [index: number]: number;
}

function picked<Target extends Numbers>(from: Numbers, rows: Int32Array, into: Target): Target {
  for (let at = 0; at < rows.length; at += 1) into[at] = from[rows[at] ?? 0] ?? 0;
  return into;
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

type WordColumn = Extract['table']['columns'][number] & { readonly kind: 'word' };

/** Codes of a dictionary that leaves out the words that no chosen row has. */
interface Recoding {
  readonly codes: Int32Array;
  readonly words: readonly string[];
}

/** Few rows of a large dictionary take only the words that they need with them. */
function recodingOf(column: WordColumn, chosen: Int32Array): Recoding | undefined {
  if (column.words.length <= chosen.length) return undefined;
  const codes = new Int32Array(column.words.length).fill(-1);
  const words: string[] = [];
  for (const row of chosen) {
    const code = column.values[row] ?? -1;
    if (code >= 0 && codes[code] === -1) codes[code] = words.push(column.words[code] ?? '') - 1;
  }
  return { codes, words };
}
