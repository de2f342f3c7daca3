import type { Queryable } from '../database/database.ts';
import type { Projection, SqlType, Table, Totals } from './projection.ts';
import { isPublished, publishViews, withdrawViews } from './published.ts';

/** Tables of a projection carry the number of their generation; a view without it shows the active one. */
export const physicalName = (table: string, generation: number): string => `${table}_g${generation}`;

export const documentTable = (projection: Pick<Projection, 'name'>, generation: number): string =>
  physicalName(documentShape(projection).name, generation);

export interface Shape {
  readonly name: string;
  readonly columns: Readonly<Record<string, SqlType>>;
  readonly key: readonly string[];
  readonly indexes: readonly string[];
  readonly undigested?: readonly string[];
}

/** Documents of their own are found by their key only. */
export const documentShape = (projection: Pick<Projection, 'name'>): Shape => ({
  name: `${projection.name}_documents`,
  columns: { key: 'text', doc: 'document' },
  key: ['key'],
  indexes: [],
});

const shapeOfTable = (table: Table<unknown>): Shape => ({ ...table, indexes: table.indexes ?? [] });

const shapeOfTotals = (totals: Totals<unknown>): Shape => ({
  name: totals.name,
  columns: { ...totals.key, ...Object.fromEntries(totals.measures.map((measure) => [measure, 'bigint' as const])) },
  key: Object.keys(totals.key),
  indexes: [],
});

/** Everything of a projection that readers may see through a view. */
export const readableShapes = (projection: Projection): readonly Shape[] => [
  ...projection.tables.map(shapeOfTable),
  ...(projection.totals ?? []).map(shapeOfTotals),
];

const allShapes = (projection: Projection): readonly Shape[] => [
  ...readableShapes(projection),
  ...(projection.kept ? [] : [documentShape(projection)]),
];

/** The type as SQL knows it. */
export const sqlType = (type: SqlType): string => (type === 'document' ? 'text' : type);

// Text is ordered by bytes everywhere: cheaper, and the same order on every server.
const columnType = (type: SqlType): string => (type === 'text' ? 'text collate "C"' : sqlType(type));

// Rows of up to a page are stored as they are: compressing each document on every write costs more than all the rest.
const storage = (shape: Shape): string =>
  Object.values(shape.columns).includes('document') ? ' with (toast_tuple_target = 8160)' : '';

function createTable(shape: Shape, generation: number): string {
  const columns = Object.entries(shape.columns).map(([name, type]) => {
    const notNull = shape.key.includes(name) ? ' not null' : '';
    return `${name} ${columnType(type)}${notNull}`;
  });
  const primaryKey = `primary key (${shape.key.join(', ')})`;
  return `create table ${physicalName(shape.name, generation)} (${columns.join(', ')}, ${primaryKey})${storage(shape)}`;
}

export const tablesOf = (projection: Projection, generation: number): string[] =>
  allShapes(projection).map((shape) => physicalName(shape.name, generation));

export async function createTables(tx: Queryable, projection: Projection, generation: number): Promise<void> {
  for (const shape of allShapes(projection)) await tx.query({ text: createTable(shape, generation) });
}

/** Indexes of a loaded table are built much faster than they are kept up to date. Existing ones are left alone. */
export async function createIndexes(tx: Queryable, projection: Projection, generation: number): Promise<void> {
  for (const shape of allShapes(projection)) {
    for (const [at, columns] of shape.indexes.entries()) {
      const table = physicalName(shape.name, generation);
      await tx.query({ text: `create index if not exists ${table}_i${at} on ${table} (${columns})` });
    }
  }
}

/**
 * Points the views at a generation; readers see the change at commit, all views at once. A view whose columns stay is replaced and
 * not made anew: whoever is just about to read it has looked it up already, and would else find it gone.
 */
export async function showGeneration(tx: Queryable, projection: Projection, generation: number): Promise<void> {
  const shapes = readableShapes(projection);
  const stay = await haveColumns(tx, projection, shapes);
  const grants = stay ? undefined : await withdrawViews(tx, projection);
  for (const shape of shapes) {
    if (!stay) await tx.query({ text: `drop view if exists ${shape.name}` });
    const columns = Object.keys(shape.columns).join(', ');
    const physical = physicalName(shape.name, generation);
    await tx.query({ text: `create or replace view ${shape.name} as select ${columns} from ${physical}` });
  }
  if (grants) await publishViews(tx, projection, grants);
}

/** Whether all views are there and show exactly these columns, in this order and of these types, and are published as they should be. */
async function haveColumns(tx: Queryable, projection: Projection, shapes: readonly Shape[]): Promise<boolean> {
  if (!(await isPublished(tx, projection))) return false;
  const rows = await tx.query<{ view: string; name: string; type: string }>({
    text: `select v.name as view, a.attname::text as name, format_type(a.atttypid, null) as type
           from unnest($1::text[]) as v(name) join pg_attribute a on a.attrelid = to_regclass(v.name)
           where a.attnum > 0 and not a.attisdropped order by v.name, a.attnum`,
    values: [shapes.map(({ name }) => name)],
  });
  const full: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };
  return shapes.every(({ name, columns }) => {
    const wanted = Object.entries(columns).map(([column, type]) => `${column} ${full[sqlType(type)] ?? sqlType(type)}`);
    const shown = rows.filter(({ view }) => view === name).map((row) => `${row.name} ${row.type}`);
    return shown.join() === wanted.join();
  });
}
