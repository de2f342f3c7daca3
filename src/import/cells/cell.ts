import type { Cell, CellOptions } from '../mapping/schema.ts';
import type { Column, Columns, JoinedRow } from './columns.ts';

/** What is wrong with a cell of one row. */
export interface CellProblem {
  readonly code: string;
  readonly column: string;
  readonly reason: string;
}

/** Notes a problem; the row is rejected once all of its cells were looked at. */
export type Wrong = (problem: CellProblem) => void;

/** Reads a cell: trimmed text, or null when it is empty, a null word, or missing and without a default. */
export interface CellReader {
  /** For error messages: the column, or the first of several. */
  readonly column: string;
  read(row: JoinedRow): string | null;
}

export interface CellContext {
  readonly columns: Columns;
  /** Words that mean null in every column. */
  readonly nulls: readonly string[];
}

type Place = Pick<CellOptions, 'column' | 'columns' | 'file' | 'value' | 'default' | 'nulls' | 'words'>;

/** Binds a cell of the mapping to the columns of the files. Null words and `words` are compared exactly, after trimming. */
export function bindCell(context: CellContext, cell: Cell | Place, pointer: string): CellReader {
  const options: Place = typeof cell === 'string' ? { column: cell } : cell;
  const { value, words } = options;
  if (value !== undefined) return { column: `"${value}"`, read: () => value };
  const names = options.columns ?? (options.column === undefined ? [] : [options.column]);
  const columns = names
    .map((name) => context.columns.find(name, options.file, pointer))
    .filter((found) => found !== undefined);
  const nulls = new Set([...context.nulls, ...(options.nulls ?? [])].map((word) => word.trim()));
  const mapped = words === undefined ? undefined : new Map(Object.entries(words));
  const fallback = options.default ?? null;
  return {
    column: names.join(' / '),
    read: (row) => {
      const text = firstKnown(row, columns, nulls);
      return text === null ? fallback : (mapped?.get(text) ?? text);
    },
  };
}

function firstKnown(row: JoinedRow, columns: readonly Column[], nulls: ReadonlySet<string>): string | null {
  for (const { source, index } of columns) {
    const text = row.cells[source]?.[index]?.trim() ?? '';
    if (text !== '' && !nulls.has(text)) return text;
  }
  return null;
}
