import { isDeepStrictEqual } from 'node:util';
import type { Change } from './fold.ts';
import type { Projection, Row, Totals } from './projection.ts';

/** What a batch writes for one projection: rows by table, differences by totals, documents as JSON text. */
export interface Writes {
  readonly rows: readonly (readonly Row[])[];
  readonly differences: readonly (readonly Row[])[];
  readonly documents: readonly (readonly [key: string, json: string])[];
}

export function writesOf(projection: Projection, changes: ReadonlyMap<string, Change>): Writes {
  const list = [...changes.values()];
  return {
    rows: projection.tables.map((table) => list.flatMap(({ after, before }) => table.rows(after, before))),
    differences: (projection.totals ?? []).map((totals) => differencesOf(totals, list)),
    documents: [...changes].map(([key, { after }]) => [key, JSON.stringify(after)] as const),
  };
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
