import { createHash } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { Projection } from './projection.ts';
import { physicalName, readableShapes } from './schema.ts';

/**
 * SHA-256 per table, over its rows in order of their key. Equal digests mean equal read models, also in two logs that hold
 * the same streams in another order.
 */
export type Digests = Readonly<Record<string, string>>;

const pageRows = 5_000;

/** Reads every row of a generation, page by page. Only comparable within one transaction, or when nothing is being written. */
export async function digestGeneration(tx: Queryable, projection: Projection, generation: number): Promise<Digests> {
  const digests: Record<string, string> = {};
  const totals = new Set((projection.totals ?? []).map(({ name }) => name));
  for (const { name, columns, key, undigested = [] } of readableShapes(projection)) {
    const digested = Object.keys(columns).filter((column) => !undigested.includes(column));
    const measures = totals.has(name) ? digested.filter((column) => !key.includes(column)) : [];
    const table = { physical: physicalName(name, generation), columns: digested, key, measures };
    digests[name] = (await digestTable(tx, table)).digest;
  }
  return digests;
}

interface Hashed {
  readonly physical: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Rows in which all of these are 0 do not count: totals that came and went. */
  readonly measures: readonly string[];
}

/** Rows and digest of one table, page by page. */
export async function digestTable(
  tx: Queryable,
  { physical, columns, key, measures }: Hashed,
): Promise<{ readonly rows: number; readonly digest: string }> {
  const hash = createHash('sha256');
  let count = 0;
  const order = key.join(', ');
  const present = measures.length > 0 ? [`(${measures.map((measure) => `${measure} <> 0`).join(' or ')})`] : [];
  for (let last: readonly unknown[] | undefined; ; ) {
    const after = last ? [`(${order}) > (${key.map((_, at) => `$${at + 1}`).join(', ')})`] : [];
    const where = [...present, ...after];
    const rows = await tx.query<Record<string, unknown>>({
      text: `select row_to_json(r)::text as row_text, ${key.map((column, at) => `r.${column}::text as k${at}`).join(', ')}
             from (select ${columns.join(', ')} from ${physical} ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
                   order by ${order} limit ${pageRows}) r`,
      values: last ?? [],
    });
    for (const row of rows) hash.update(String(row.row_text)).update('\n');
    count += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < pageRows) return { rows: count, digest: hash.digest('hex') };
    last = key.map((_, at) => end[`k${at}`]);
  }
}
