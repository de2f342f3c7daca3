import { bindCell, type CellContext } from '../cells/cell.ts';
import { columnsOf, type JoinedRow, type Source } from '../cells/columns.ts';
import type { Table } from '../csv/table.ts';
import { ImportFailure, type Problem } from '../failure.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Unreadable } from './row-source.ts';

type JoinOptions = NonNullable<Mapping['joins']>[number];

export interface Join {
  /** Adds the cells of a joined file to a row: one row, several, or why there is none. */
  readonly apply: (row: JoinedRow) => readonly (JoinedRow | Unreadable)[];
  /** Rows of the joined file that no row asked for so far. */
  readonly unused: () => Generator<Place>;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Rows of a joined file with the same key. */
interface Counterparts {
  readonly rows: { readonly place: Place; readonly cells: readonly string[] }[];
  used: boolean;
}

export interface JoinInput {
  readonly options: JoinOptions;
  readonly pointer: string;
  readonly joined: Source;
  readonly tables: readonly Table[];
  /** The files that the rows consist of so far. */
  readonly before: readonly Source[];
  readonly nulls: readonly string[];
}

/** Reads a whole joined file into an index by its key columns: its memory is that of the file. */
export async function openJoin(input: JoinInput): Promise<Join> {
  const { options, pointer, joined, before, nulls } = input;
  const left = columnsOf(before);
  const right = columnsOf([joined]);
  const context: CellContext = { columns: left, nulls };
  const on = Object.entries(options.on).map(([column, cell]) => ({
    theirs: right.find(column, undefined, `${pointer}/on`),
    ours: bindCell(context, cell, `${pointer}/on/${column}`),
  }));
  const [first, ...rest] = [...left.problems, ...right.problems];
  if (first) throw new ImportFailure([first, ...rest]);
  const index = await readIndex(
    input.tables,
    on.map(({ theirs }) => theirs?.index ?? 0),
    options.rows !== 'many',
  );

  const apply = (row: JoinedRow): readonly (JoinedRow | Unreadable)[] => {
    const parts = on.map(({ ours }) => ours.read(row));
    const found = parts.includes(null) ? undefined : index.get(parts.join(keySeparator));
    if (found) {
      found.used = true;
      return found.rows.map(({ cells }) => ({ ...row, cells: [...row.cells, cells] }));
    }
    if (!options.required) return [{ ...row, cells: [...row.cells, undefined] }];
    const columns = on.map(({ ours }) => ours.column).join(' + ');
    const reason = `${joined.alias} has no row for ${parts.map((part) => part ?? '(empty)').join(' + ')}`;
    return [{ file: row.file, line: row.line, code: 'join-missing', column: columns, reason }];
  };
  return { apply, unused: () => unusedIn(index) };
}

function* unusedIn(index: ReadonlyMap<string, Counterparts>): Generator<Place> {
  for (const { rows, used } of index.values()) if (!used) for (const { place } of rows) yield place;
}

const keySeparator = '\u0000';

async function readIndex(
  tables: readonly Table[],
  key: readonly number[],
  unique: boolean,
): Promise<Map<string, Counterparts>> {
  const index = new Map<string, Counterparts>();
  for (const table of tables) {
    for await (const row of table.rows()) {
      if (row.kind === 'unreadable') throw failure(table, row.line, row.code, row.message);
      const name = key.map((column) => (row.cells[column] ?? '').trim()).join(keySeparator);
      const same = index.get(name);
      const found = { place: { file: table.path, line: row.line }, cells: row.cells };
      if (!same) index.set(name, { rows: [found], used: false });
      else if (!unique) same.rows.push(found);
      else
        throw failure(
          table,
          row.line,
          'join-key-repeated',
          `has the key ${name.replaceAll(keySeparator, ' + ')} a second time; use rows "many" if that is meant`,
        );
    }
  }
  return index;
}

const failure = (table: Table, line: number, code: string, message: string): ImportFailure => {
  const problem: Problem = { code, file: table.path, line, message };
  return new ImportFailure([problem]);
};
