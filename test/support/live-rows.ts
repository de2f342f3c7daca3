import { cellsOf } from '../../src/audit/past/cells.ts';
import type { Cells, Readable, RowKey } from '../../src/audit/past/read-model.ts';
import type { Queryable } from '../../src/database/database.ts';

export interface LiveRow {
  readonly key: string;
  readonly cells: Cells;
}

/** Some rows as they stand in the tables that readers see, drawn by the database. */
export async function someRows(database: Queryable, table: Readable, limit: number): Promise<LiveRow[]> {
  const columns = Object.entries(table.columns).map(([name, type]) => (type === 'numeric' ? `${name}::text` : name));
  const rows = await database.query<{ row: string }>({
    text: `select row_to_json(r)::text as row from (select ${columns.join(', ')} from ${table.name} order by random() limit ${limit}) r`,
  });
  return rows.map(({ row }) => {
    const cells = cellsOf(table.columns, JSON.parse(row) as Cells);
    return { key: table.key.map((column) => (cells as RowKey)[column]).join(','), cells };
  });
}
