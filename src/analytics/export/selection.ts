import type { Table } from '../table.ts';
import type { Extract } from './extract.ts';
import { columnNamed, rowsWhere } from './where.ts';

export interface Selection {
  /** In this order; every column of the table if left out. */
  readonly columns?: readonly string[];
  /** Conditions, see where.ts. */
  readonly where?: readonly string[];
  /** At most so many rows, the first ones. */
  readonly limit?: number;
}

/** What was selected, and how many rows fitted the conditions before the limit. */
export interface Selected extends Extract {
  readonly fitting: number;
}

/** Throws InvalidValue unknown-column, invalid-condition with `?/columns` or `?/where` as place. */
export async function selected(
  table: Table,
  { columns, where = [], limit }: Selection,
  metadata: ReadonlyMap<string, string>,
): Promise<Selected> {
  const chosen = where.length === 0 ? undefined : await rowsWhere(table, where);
  const shown = columns ? columns.map((name) => columnNamed(table, name, '?/columns')) : table.columns;
  const fitting = chosen?.length ?? table.rows;
  const rows = Math.min(fitting, limit ?? fitting);
  const narrow: Table = { name: table.name, rows: chosen ? table.rows : rows, columns: shown };
  return { table: narrow, metadata, fitting, ...(chosen && { chosen: chosen.subarray(0, rows) }) };
}
