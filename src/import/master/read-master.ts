import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { openTable, type TableRow } from '../csv/table.ts';
import { ImportFailure } from '../failure.ts';
import type { Reject } from '../rejects.ts';
import { cellValue, UnreadableCell } from './cells.ts';
import { type Column, columnsOf } from './columns.ts';

/** What the rows of a thing say, or why they cannot. `line` is the first of them. */
export type ReadVersion =
  | {
      readonly kind: 'read';
      readonly line: number;
      readonly id: string;
      readonly effectiveFrom?: string;
      /** Left out where it was withdrawn. */
      readonly specification?: object;
    }
  | { readonly kind: 'rejected'; readonly reject: Reject };

interface Row {
  readonly line: number;
  readonly id: string;
  readonly effectiveFrom: string;
  readonly withdrawn: boolean;
  /** In the order of the columns. */
  readonly cells: readonly string[];
}

const format = { encoding: 'utf8', delimiter: ',', quote: '"', escape: '"' };

/**
 * The things in a CSV file, as `masterCsv` writes it. Columns that are all empty may be left out. Throws ImportFailure for a
 * file that is none, and for columns that are unknown.
 */
export async function* readMasterCsv(schema: TSchema, path: string): AsyncGenerator<ReadVersion> {
  const table = await openTable(path, format);
  const columns = columnsOf(schema);
  const places = placesOf(columns, table.header, path);
  const check = Compile(schema);
  let rows: Row[] = [];
  const whole = (): ReadVersion[] => (rows.length === 0 ? [] : [versionOf(columns, rows, check, path)]);
  for await (const read of table.rows()) {
    if (read.kind === 'unreadable') {
      const { line, code, message } = read;
      yield* whole();
      rows = [];
      yield { kind: 'rejected', reject: { file: path, line, code, reason: message } };
      continue;
    }
    const row = rowOf(places, read);
    if (rows[0] && (row.id !== rows[0].id || row.effectiveFrom !== rows[0].effectiveFrom)) {
      yield* whole();
      rows = [];
    }
    rows.push(row);
  }
  yield* whole();
}

interface Places {
  readonly id: number;
  readonly effectiveFrom: number;
  readonly withdrawn: number;
  readonly cells: readonly number[];
}

function placesOf(columns: readonly Column[], header: readonly string[], file: string): Places {
  const known = new Set(['id', 'effectiveFrom', 'withdrawn', ...columns.map(({ name }) => name)]);
  const unknown = header.filter((name) => !known.has(name));
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  const problems = [
    ...unknown.map((name) => ({
      code: 'column-unknown',
      message: `has a column ${JSON.stringify(name)}; known are ${[...known].join(', ')}`,
    })),
    ...twice.map((name) => ({ code: 'column-twice', message: `has the column ${JSON.stringify(name)} twice` })),
    ...(header.includes('id') ? [] : [{ code: 'column-missing', message: 'has no column "id"' }]),
  ];
  const [first, ...more] = problems.map((problem) => ({ ...problem, file, line: 1 }));
  if (first) throw new ImportFailure([first, ...more]);
  const place = (name: string): number => header.indexOf(name);
  return {
    id: place('id'),
    effectiveFrom: place('effectiveFrom'),
    withdrawn: place('withdrawn'),
    cells: columns.map(({ name }) => place(name)),
  };
}

function rowOf(places: Places, { line, cells }: Extract<TableRow, { kind: 'row' }>): Row {
  const cell = (place: number): string => cells[place]?.trim() ?? '';
  return {
    line,
    id: cell(places.id),
    effectiveFrom: cell(places.effectiveFrom),
    withdrawn: cell(places.withdrawn) === 'true',
    cells: places.cells.map(cell),
  };
}

function versionOf(
  columns: readonly Column[],
  rows: readonly Row[],
  check: ReturnType<typeof Compile>,
  file: string,
): ReadVersion {
  const [first] = rows;
  if (!first) throw new Error('No rows');
  const { line, id, effectiveFrom } = first;
  const reject = (code: string, reason: string, at: { line: number; column?: string } = { line }): ReadVersion => ({
    kind: 'rejected',
    reject: { file, code, reason, ...at },
  });
  if (id === '') return reject('id-missing', 'has no id');
  const dated = { id, ...(effectiveFrom !== '' && { effectiveFrom }) };
  if (first.withdrawn) return { kind: 'read', line, ...dated };
  const specification: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    for (const [number, row] of rows.entries()) {
      const text = row.cells[index] ?? '';
      const at = { line: row.line, column: column.name };
      if (number > 0 && column.list === undefined && text !== '' && text !== first.cells[index])
        return reject('rows-differ', `says ${JSON.stringify(text)} where line ${line} says otherwise`, at);
      if (number > 0 && column.list === undefined) continue;
      try {
        put(specification, column, number, cellValue(column.cell, text));
      } catch (error) {
        if (!(error instanceof UnreadableCell)) throw error;
        return reject('cell-unreadable', error.message, at);
      }
    }
  }
  if (!check.Check(specification)) {
    const [fault] = check.Errors(specification);
    return reject('specification-invalid', `${fault?.instancePath || '/'}: ${fault?.message ?? 'invalid'}`);
  }
  return { kind: 'read', line, ...dated, specification };
}

type Parts = Record<string, unknown>;

/** Sets what a cell says; nothing for an empty one. */
function put(specification: Parts, { list, path }: Column, row: number, value: unknown): void {
  if (value === undefined) return;
  const target = list === undefined ? specification : entryOf(specification, list.split('.'), row);
  parentOf(target, path)[last(path)] = value;
}

function entryOf(specification: Parts, path: readonly string[], row: number): Parts {
  const entries = within<Parts[]>(parentOf(specification, path), last(path), () => []);
  while (entries.length <= row) entries.push({});
  return entries[row] as Parts;
}

const parentOf = (parts: Parts, path: readonly string[]): Parts =>
  path.slice(0, -1).reduce((parent, key) => within<Parts>(parent, key, () => ({})), parts);

function within<T>(parts: Parts, key: string, make: () => T): T {
  if (parts[key] === undefined) parts[key] = make();
  return parts[key] as T;
}

const last = (path: readonly string[]): string => path.at(-1) ?? '';
