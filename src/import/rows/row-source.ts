import type { JoinedRow, Source } from '../cells/columns.ts';
import { openTable, type Table } from '../csv/table.ts';
import { ImportFailure } from '../failure.ts';
import type { Mapping } from '../mapping/schema.ts';
import { type GivenFiles, givenFiles } from './given-files.ts';
import { type Join, openJoin, type Place } from './join.ts';

/** A row that could not be made, and why. */
export interface Unreadable {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly reason: string;
}

export const isUnreadable = (row: JoinedRow | Unreadable): row is Unreadable => 'code' in row;

/** The joined rows of all files of an import. They can be read any number of times. */
export interface RowSource {
  readonly sources: readonly Source[];
  rows(): AsyncGenerator<JoinedRow | Unreadable>;
  /** Rows of joined files that belong to no row; known once all rows were read. */
  unused(): Generator<Place>;
}

/** Opens the given files as the mapping says. Throws ImportFailure for files, headers or keys that do not fit. */
export async function openRows(mapping: Mapping, paths: readonly string[]): Promise<RowSource> {
  const opened = await Promise.all(givenFiles(mapping, paths).map(openAll));
  const nulls = mapping.nulls ?? [];
  const sources: Source[] = [];
  const joins: Join[] = [];
  for (const [number, { source, tables }] of opened.entries()) {
    const options = mapping.joins?.[number - 1];
    if (options) {
      const pointer = `/joins/${number - 1}`;
      joins.push(await openJoin({ options, pointer, joined: source, tables, before: [...sources], nulls }));
    }
    sources.push(source);
  }
  const rows = opened[0]?.tables ?? [];
  return { sources, rows: () => joinedRows(rows, joins), unused: () => unusedOf(joins) };
}

/** Several files for one file of the mapping are read one after the other; their headers must be the same. */
async function openAll({ alias, format, paths }: GivenFiles): Promise<{ source: Source; tables: readonly Table[] }> {
  const tables = await Promise.all(paths.map((path) => openTable(path, format)));
  const [first, ...others] = tables;
  const header = first?.header ?? [];
  for (const { path, header: other } of others) {
    if (other.length === header.length && other.every((name, index) => name === header[index])) continue;
    const message = `has other columns than ${first?.path}`;
    throw new ImportFailure([{ code: 'header-differs', file: path, line: 1, message }]);
  }
  return { source: { alias, path: first?.path ?? alias, header }, tables };
}

function* unusedOf(joins: readonly Join[]): Generator<Place> {
  for (const join of joins) yield* join.unused();
}

async function* joinedRows(tables: readonly Table[], joins: readonly Join[]): AsyncGenerator<JoinedRow | Unreadable> {
  for (const table of tables) {
    for await (const row of table.rows()) {
      if (row.kind === 'unreadable') yield { file: table.path, line: row.line, code: row.code, reason: row.message };
      else yield* applied({ file: table.path, line: row.line, cells: [row.cells] }, joins);
    }
  }
}

function applied(row: JoinedRow, joins: readonly Join[]): readonly (JoinedRow | Unreadable)[] {
  return joins.reduce<readonly (JoinedRow | Unreadable)[]>(
    (rows, join) => rows.flatMap((found) => (isUnreadable(found) ? [found] : join.apply(found))),
    [row],
  );
}
