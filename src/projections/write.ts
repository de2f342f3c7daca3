import type { Queryable, Statement } from '../database/database.ts';
import type { FoldedFeed } from './feed.ts';
import { park } from './quarantine.ts';
import { isRejection, RejectedRows } from './rejection.ts';
import { documentTable } from './schema.ts';
import { addToTotals, upsert, upsertDocuments } from './statements.ts';

/** Writes what was folded, one statement per table. Throws RejectedRows when the database refuses a value. */
export async function writeFolded(tx: Queryable, { feed, from, writes, poisoned, held }: FoldedFeed): Promise<void> {
  const { projection } = feed;
  const run = async (statement: Statement): Promise<void> => {
    try {
      await tx.query(statement);
    } catch (cause) {
      throw isRejection(cause) ? new RejectedRows(projection.name, cause) : cause;
    }
  };
  for (const [at, table] of projection.tables.entries()) {
    const rows = writes.rows[at] ?? [];
    if (rows.length > 0) await run(upsert(table, from.generation, rows));
  }
  for (const [at, totals] of (projection.totals ?? []).entries()) {
    const differences = writes.differences[at] ?? [];
    if (differences.length > 0) await run(addToTotals(totals, from.generation, differences));
  }
  if (writes.documents.length > 0) {
    await run(upsertDocuments(documentTable(projection, from.generation), writes.documents));
  }
  await park(tx, from, poisoned, held);
}
