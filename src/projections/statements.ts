import type { Statement } from '../database/database.ts';
import type { Row, SqlType, Table, Totals } from './projection.ts';
import { physicalName, sqlType } from './schema.ts';
import { textArray } from './text-array.ts';

/** One statement per table and batch. Rows travel as one JSON parameter, documents beside them as an array of text. */

const recordset = (columns: Readonly<Record<string, SqlType>>): string =>
  `json_to_recordset($1::json) as (${Object.entries(columns)
    .map(([name, type]) => `${name} ${sqlType(type)}`)
    .join(', ')})`;

const isDocument = ([, type]: readonly [string, SqlType]): boolean => type === 'document';

/** What to select from, as `r`, and its parameters. */
function source(columns: Readonly<Record<string, SqlType>>, rows: readonly Row[]): { text: string; values: unknown[] } {
  const documents = Object.entries(columns).filter(isDocument);
  if (documents.length === 0) return { text: recordset(columns), values: [JSON.stringify(rows)] };
  const plain = Object.fromEntries(Object.entries(columns).filter((column) => !isDocument(column)));
  const names = documents.map(([name]) => name);
  const arrays = names.map((_, at) => `unnest($${at + 2}::text[])`);
  const none = Object.fromEntries(names.map((name) => [name, undefined]));
  const without = rows.map((row) => ({ ...row, ...none }));
  return {
    text: `rows from (${recordset(plain)}, ${arrays.join(', ')}) as r(${[...Object.keys(plain), ...names].join(', ')})`,
    values: [JSON.stringify(without), ...names.map((name) => textArray(rows.map((row) => String(row[name]))))],
  };
}

/** Upsert of whole rows. */
export function upsert(
  table: Pick<Table<unknown>, 'name' | 'columns' | 'key'>,
  generation: number,
  rows: readonly Row[],
): Statement {
  const physical = physicalName(table.name, generation);
  const names = Object.keys(table.columns);
  const rest = names.filter((name) => !table.key.includes(name));
  const change =
    rest.length > 0 ? `update set ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}` : 'nothing';
  const { text, values } = source(table.columns, rows);
  return {
    name: `upsert-${physical}`,
    text: `insert into ${physical} (${names.join(', ')}) select ${names.join(', ')} from ${text}
           on conflict (${table.key.join(', ')}) do ${change}`,
    values,
  };
}

/** Adds differences to totals. Rows that come out as 0 everywhere stay; readers and digests pass over them. */
export function addToTotals(totals: Totals<unknown>, generation: number, differences: readonly Row[]): Statement {
  const physical = physicalName(totals.name, generation);
  const key = Object.keys(totals.key);
  const columns = {
    ...totals.key,
    ...Object.fromEntries(totals.measures.map((measure) => [measure, 'bigint' as const])),
  };
  const names = Object.keys(columns);
  const { text, values } = source(columns, differences);
  const selected = [...key, ...totals.measures.map((measure) => `coalesce(${measure}, 0)`)];
  const added = totals.measures.map((measure) => `${measure} = t.${measure} + excluded.${measure}`);
  return {
    name: `add-${physical}`,
    text: `insert into ${physical} as t (${names.join(', ')}) select ${selected.join(', ')} from ${text}
           on conflict (${key.join(', ')}) do update set ${added.join(', ')}`,
    values,
  };
}

/** Rows of the wanted keys. A join on unnest: `= any($1)` is planned badly on tables that were never analysed. */
export const selectByKey = (
  physical: string,
  key: string,
  columns: readonly string[],
  keys: readonly string[],
): Statement => ({
  name: `load-${physical}`,
  text: `select t.${key} as document_key, ${columns.map((column) => `t.${column}`).join(', ')}
         from unnest($1::text[]) as wanted(key) join ${physical} t on t.${key} = wanted.key`,
  values: [keys],
});
