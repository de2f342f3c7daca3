import type { Change } from './fold.ts';
import type { Cell, Projection, Row, Totals } from './projection.ts';

/** What a batch writes for one projection: rows by table, differences by totals, documents as JSON text. */
export interface Writes {
  readonly rows: readonly (readonly Row[])[];
  readonly differences: readonly (readonly Row[])[];
  /** None for a projection whose documents are kept in one of its tables, or nowhere. */
  readonly documents: readonly Row[];
  /** Length of each document as JSON. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** One change after the other, so that its tables and totals can share what they derive from it. */
export function* writesOf(projection: Projection, changes: ReadonlyMap<string, Change>): Generator<void, Writes> {
  const { tables, totals = [] } = projection;
  const stored = projection.kept === undefined;
  const kept = projection.kept === 'nowhere' ? undefined : projection.kept;
  const keptAt = tables.findIndex(({ name }) => name === kept?.table);
  const rows = tables.map((): Row[] => []);
  const sums = totals.map((one) => differencesIn(one));
  const documents: Row[] = [];
  const sizes = new Map<string, number>();
  for (const [key, { before, after }] of changes) {
    yield;
    tables.forEach((table, at) => {
      const made = table.rows(after, before);
      for (const row of made) rows[at]?.push(row);
      if (kept && at === keptAt) sizes.set(key, String(made[0]?.[kept.size]).length);
    });
    for (const sum of sums) sum.add(before, after);
    if (!stored) continue;
    const json = JSON.stringify(after);
    documents.push({ key, doc: json });
    sizes.set(key, json.length);
  }
  return { rows, differences: sums.map((sum) => sum.rows()), documents, sizes };
}

/** Collects what documents contribute now minus what they contributed before, per key of the totals. */
export function differencesIn(totals: Totals<unknown>) {
  const key = Object.keys(totals.key);
  const sums = new Map<string, Record<string, Cell>>();

  const count = (row: Row, sign: 1 | -1): void => {
    const id = key.map((name) => row[name]).join('\u0000');
    let sum = sums.get(id);
    if (!sum) {
      sum = Object.fromEntries(key.map((name) => [name, row[name]]));
      sums.set(id, sum);
    }
    for (const measure in row) {
      const value = row[measure];
      if (typeof value === 'number' && !(measure in totals.key))
        sum[measure] = Number(sum[measure] ?? 0) + sign * value;
    }
  };

  return {
    add(before: unknown, after: unknown): void {
      if (before !== undefined) for (const row of totals.contributions(before)) count(row, -1);
      for (const row of totals.contributions(after)) count(row, 1);
    },
    /** Keys at which nothing changed are left out. */
    rows: (): Row[] => [...sums.values()].filter((sum) => totals.measures.some((measure) => (sum[measure] ?? 0) !== 0)),
  };
}
