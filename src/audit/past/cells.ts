import type { Cells } from './read-model.ts';

/** A row as the database tells it, in one way of writing: what is left out is null, documents are parsed, instants have milliseconds. */
export function cellsOf(columns: Readonly<Record<string, string>>, row: Cells): Cells {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, cellOf(type, row[name])]));
}

function cellOf(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'document' || type === 'jsonb') return typeof value === 'string' ? JSON.parse(value) : value;
  if (type === 'timestamptz') return new Date(String(value)).toISOString();
  if (type === 'bigint' || type === 'integer') return Number(value);
  return type === 'boolean' ? value : String(value);
}
