import type { Statement } from '../database/database.ts';
import type { Row, SqlType, Table, Totals } from './projection.ts';
import { physicalName, sqlType } from './schema.ts';

/** One statement per table and batch; all rows travel in one JSON parameter. */

const recordset = (columns: Readonly<Record<string, SqlType>>): string =>
  `json_to_recordset($1::json) as r(${Object.entries(columns)
    .map(([name, type]) => `${name} ${sqlType(type)}`)
    .join(', ')})`;

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
  return {
    name: `upsert-${physical}`,
    text: `insert into ${physical} (${names.join(', ')}) select ${names.join(', ')} from ${recordset(table.columns)}
           on conflict (${table.key.join(', ')}) do ${change}`,
    values: [rowsAsJson(table.columns, rows)],
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
  const selected = [...key, ...totals.measures.map((measure) => `coalesce(${measure}, 0)`)];
  const added = totals.measures.map((measure) => `${measure} = t.${measure} + excluded.${measure}`);
  return {
    name: `add-${physical}`,
    text: `insert into ${physical} as t (${names.join(', ')}) select ${selected.join(', ')} from ${recordset(columns)}
           on conflict (${key.join(', ')}) do update set ${added.join(', ')}`,
    values: [JSON.stringify(differences)],
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

/** `document` columns already hold JSON text: it is put in as it is, neither parsed nor escaped again. */
function rowsAsJson(columns: Readonly<Record<string, SqlType>>, rows: readonly Row[]): string {
  const raw = Object.keys(columns).filter((name) => columns[name] === 'document');
  if (raw.length === 0) return JSON.stringify(rows);
  return `[${rows.map((row) => rowAsJson(row, raw)).join(',')}]`;
}

function rowAsJson(row: Row, raw: readonly string[]): string {
  const plain: Record<string, unknown> = { ...row };
  let text = '';
  for (const name of raw) {
    const json = row[name];
    plain[name] = undefined;
    if (typeof json === 'string') text += `,"${name}":${json}`;
  }
  return `${JSON.stringify(plain).slice(0, -1)}${text}}`;
}

/** The documents' own table: keys and JSON text. */
export function upsertDocuments(
  physical: string,
  documents: readonly (readonly [key: string, json: string])[],
): Statement {
  const rows = documents.map(([key, json]) => `{"key":${JSON.stringify(key)},"doc":${json}}`);
  return {
    name: `upsert-${physical}`,
    text: `insert into ${physical} (key, doc) select key, doc from json_to_recordset($1::json) as r(key text, doc text)
           on conflict (key) do update set doc = excluded.doc`,
    values: [`[${rows.join(',')}]`],
  };
}
