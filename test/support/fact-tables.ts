import { tmpdir } from 'node:os';
import type { Selection } from '../../src/analytics/export/selection.ts';
import { type Snapshot, snapshotOf } from '../../src/analytics/export/snapshot.ts';
import type { FoldedFacts } from '../../src/analytics/facts/facts.ts';
import { type FactTable, type FactView, factTable, type TableName } from '../../src/analytics/facts/tables.ts';
import type { Column, Table } from '../../src/analytics/table.ts';

/** A plain table as facts that could be folded on. */
export const factsLike = ({ name, rows, columns }: Table): FactTable => ({ name, rows, columns: columns.map(viewOf) });

function viewOf(column: Column): FactView {
  const { name, about, kind } = column;
  if (kind !== 'text') {
    const words = kind === 'word' ? column.words : [];
    return { name, about, kind, words, read: (from, to) => column.values.subarray(from, to) };
  }
  const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at);
  return { name, about, kind, words: column.values, read: rows };
}

export const snapshotLike = (table: Table, selection: Selection = {}, directory = tmpdir()): Promise<Snapshot> =>
  snapshotOf(factsLike(table), selection, { directory });

/** Everything that was put aside, in one table. */
export async function wholeTable(snapshot: Snapshot): Promise<Table> {
  const parts: Table[] = [];
  for await (const part of snapshot.parts()) parts.push(part);
  await snapshot.close();
  const columns = snapshot.table.columns.map((column, at): Column => {
    const values = parts.map((part) => (part.columns[at] as Column).values.slice(0, part.rows));
    if (column.kind === 'text') return { ...column, values: (values as (string | null)[][]).flat() };
    const all = new (column.values.constructor as Float64ArrayConstructor)(snapshot.rows);
    let from = 0;
    for (const some of values as Float64Array[]) {
      all.set(some, from);
      from += some.length;
    }
    return { ...column, values: all } as Column;
  });
  return { ...snapshot.table, rows: snapshot.rows, columns };
}

/** What readers see of folded facts. */
export const tableOfFacts = async (facts: FoldedFacts, name: TableName): Promise<Table> =>
  wholeTable(await snapshotOf(factTable(facts, name), {}, { directory: tmpdir() }));
