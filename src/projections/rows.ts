import { isDeepStrictEqual } from 'node:util';
import type { Change } from './fold.ts';
import type { Projection, Row, Totals } from './projection.ts';

/** What a batch writes for one projection: rows by table, differences by totals, documents as JSON text. */
export interface Writes {
  readonly rows: readonly (readonly Row[])[];
  readonly differences: readonly (readonly Row[])[];
  /** None for a projection whose documents are kept in one of its tables. */
  readonly documents: readonly (readonly [key: string, json: string])[];
  /** Length of each document as JSON. */
  readonly sizes: ReadonlyMap<string, number>;
}

export function writesOf(projection: Projection, changes: ReadonlyMap<string, Change>): Writes {
  const list = [...changes.values()];
  const { kept } = projection;
  const rows = projection.tables.map((table) => list.flatMap(({ after, before }) => table.rows(after, before)));
  const differences = (projection.totals ?? []).map((totals) => differencesOf(totals, list));
  if (kept) {
    const table = rows[projection.tables.findIndex(({ name }) => name === kept.table)] ?? [];
    const sizes = new Map(table.map((row) => [String(row[kept.key]), String(row[kept.size]).length]));
    return { rows, differences, documents: [], sizes };
  }
  const documents = [...changes].map(([key, { after }]) => [key, JSON.stringify(after)] as const);
  return { rows, differences, documents, sizes: new Map(documents.map(([key, json]) => [key, json.length])) };
}

/** What the documents contribute now minus what they contributed before, per key; keys that do not change are left out. */
export function differencesOf(totals: Totals<unknown>, changes: readonly Change[]): Row[] {
  const sums = new Map<string, Record<string, Row[string]>>();
  const key = Object.keys(totals.key);
  const add = (row: Row, sign: 1 | -1): void => {
    const id = JSON.stringify(key.map((name) => row[name] ?? null));
    const sum = sums.get(id) ?? Object.fromEntries(key.map((name) => [name, row[name]]));
    sums.set(id, sum);
    for (const measure of totals.measures) {
      const value = row[measure];
      if (typeof value === 'number') sum[measure] = Number(sum[measure] ?? 0) + sign * value;
    }
  };
  for (const { before, after } of changes) {
    const then = before === undefined ? [] : totals.contributions(before);
    const now = totals.contributions(after);
    if (now === then || (then.length === now.length && isDeepStrictEqual(then, now))) continue;
    for (const row of then) add(row, -1);
    for (const row of now) add(row, 1);
  }
  return [...sums.values()].filter((sum) => totals.measures.some((measure) => (sum[measure] ?? 0) !== 0));
}
