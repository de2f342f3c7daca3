import type { Column, Table } from '../table.ts';
import { columnNamed, conditionsOf, rowsThat } from './where.ts';

export interface Selection {
  /** In this order; every column of the table if left out. */
  readonly columns?: readonly string[];
  /** Conditions, see where.ts. */
  readonly where?: readonly string[];
  /** At most so many rows, the first ones. */
  readonly limit?: number;
}

/** What is selected of a small table. Throws InvalidValue unknown-column, invalid-condition with `?/columns` or `?/where` as place. */
export function selected(table: Table, { columns, where = [], limit }: Selection): Table {
  const shown = columns ? columns.map((name) => columnNamed(table, name, '?/columns')) : table.columns;
  const chosen = where.length === 0 ? undefined : rowsThat(conditionsOf(table, where), table);
  const rows = Math.min(chosen?.length ?? table.rows, limit ?? table.rows);
  const { name } = table;
  if (!chosen) return { name, rows, columns: shown };
  const taken = chosen.subarray(0, rows);
  return { name, rows, columns: shown.map((column) => gathered(column, taken)) };
}

function gathered(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case 'instant':
    case 'number':
      return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
    case 'day':
    case 'count':
    case 'word':
      return { ...column, values: Int32Array.from(rows, (row) => column.values[row] ?? 0) };
    case 'flag':
      return { ...column, values: Uint8Array.from(rows, (row) => column.values[row] ?? 2) };
    case 'text':
      return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
  }
}
