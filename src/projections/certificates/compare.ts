import type { Queryable } from '../../database/database.ts';
import { digestTable } from '../digest.ts';
import type { Projection } from '../projection.ts';
import { parkedStreamsOf } from '../quarantine/parked.ts';
import type { Generation } from '../registry.ts';
import { physicalName, readableShapes, type Shape } from '../schema.ts';
import type { TableVerdict } from './certificate.ts';
import { differingRows, type RowPair } from './differences.ts';

/** Differing rows that a certificate lists; all of them are counted. */
export const mostListed = 200;

export interface Comparison {
  readonly tables: readonly TableVerdict[];
  readonly differing: number;
  readonly rows: readonly (RowPair & { readonly shape: Shape })[];
  readonly parked: ReadonlySet<string>;
}

/** Compares the tables of two generations. Only true within one snapshot of the database. */
export async function compareGenerations(
  tx: Queryable,
  projection: Projection,
  live: Generation,
  built: Generation,
): Promise<Comparison> {
  const tables: TableVerdict[] = [];
  const rows: (RowPair & { readonly shape: Shape })[] = [];
  const totals = new Set((projection.totals ?? []).map(({ name }) => name));
  for (const shape of readableShapes(projection)) {
    const rebuilt = physicalName(shape.name, built.generation);
    const shown = physicalName(shape.name, live.generation);
    const columns = digested(shape, Object.keys(shape.columns));
    const measures = totals.has(shape.name) ? columns.filter((column) => !shape.key.includes(column)) : [];
    const made = await digestTable(tx, { physical: rebuilt, columns, key: shape.key, measures });
    const there = live.version === built.version ? Object.keys(shape.columns) : await columnsOf(tx, shown);
    if (!shape.key.every((column) => there.includes(column))) {
      tables.push({ table: shape.name, ...made, differing: made.rows });
      continue;
    }
    const both = columns.filter((column) => there.includes(column));
    const shared = measures.filter((column) => there.includes(column));
    const was = await digestTable(tx, { physical: shown, columns: both, key: shape.key, measures: shared });
    const changed = changedColumns(columns, digested(shape, there));
    const same = changed === undefined && was.digest === made.digest;
    const found = same
      ? { count: 0, rows: [] }
      : await differingRows(
          tx,
          { shown, rebuilt, columns: both, key: shape.key, measures: shared },
          Math.max(1, mostListed - rows.length),
        );
    tables.push({
      ...{ table: shape.name, ...made, shown: was, differing: found.count },
      ...(changed && { columns: changed }),
    });
    for (const row of found.rows) if (rows.length < mostListed) rows.push({ ...row, shape });
  }
  const differing = tables.reduce((sum, table) => sum + table.differing, 0);
  return { tables, differing, rows, parked: await parkedStreamsOf(tx, live) };
}

const digested = ({ undigested = [] }: Shape, columns: readonly string[]): string[] =>
  columns.filter((column) => !undigested.includes(column));

function changedColumns(now: readonly string[], before: readonly string[]): TableVerdict['columns'] {
  const added = now.filter((column) => !before.includes(column));
  const removed = before.filter((column) => !now.includes(column));
  return added.length + removed.length === 0 ? undefined : { added, removed };
}

async function columnsOf(tx: Queryable, table: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>({
    text: `select attname::text as name from pg_attribute
           where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    values: [table],
  });
  return rows.map(({ name }) => name);
}
