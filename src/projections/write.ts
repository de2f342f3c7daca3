import type { Queryable, Statement } from '../database/database.ts';
import type { FoldedFeed } from './feed.ts';
import { parking } from './quarantine/parked.ts';
import { isRejection, RejectedRows } from './rejection.ts';
import { documentShape } from './schema.ts';
import { addToTotals, upsert } from './statements.ts';

/**
 * Sends what was folded, one statement per table, without waiting for the answers. Each rejects with RejectedRows when
 * the database refuses a value.
 */
export function writeFolded(tx: Queryable, folded: FoldedFeed): Promise<unknown>[] {
  const { feed, from, poisoned, held } = folded;
  const send = async (statement: Statement): Promise<void> => {
    try {
      await tx.query(statement);
    } catch (cause) {
      throw isRejection(cause) ? new RejectedRows(feed.projection.name, cause) : cause;
    }
  };
  const tables = tableStatements(folded).map(send);
  return [...tables, ...parking(from, poisoned, held).map((statement) => tx.query(statement))];
}

function tableStatements({ feed, from, writes }: FoldedFeed): Statement[] {
  const { tables, totals = [] } = feed.projection;
  const statements: Statement[] = [];
  for (const [at, table] of tables.entries()) {
    const rows = writes.rows[at] ?? [];
    if (rows.length > 0) statements.push(upsert(table, from.generation, rows));
  }
  for (const [at, one] of totals.entries()) {
    const differences = writes.differences[at] ?? [];
    if (differences.length > 0) statements.push(addToTotals(one, from.generation, differences));
  }
  if (writes.documents.length > 0) {
    statements.push(upsert(documentShape(feed.projection), from.generation, writes.documents));
  }
  return statements;
}
