import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FactTable } from '../facts/tables.ts';
import type { Table } from '../table.ts';
import { Pile, type Values } from './pile.ts';
import type { Selection } from './selection.ts';
import { bytesOf, columnOf, SnapshotColumn } from './snapshot-column.ts';
import { columnNamed, conditionsOf, rowsThat } from './where.ts';

/** What was asked of a table, put aside: it does not change when the fold goes on. */
export interface Snapshot {
  /** The columns, without rows. */
  readonly table: Table;
  readonly rows: number;
  /** Rows that there would be without a limit. */
  readonly fitting: number;
  /** The rows, in tables of about half a megabyte. */
  parts(): AsyncGenerator<Table>;
  /** To be called when no rows are wanted any more. */
  close(): Promise<void>;
}

export interface SnapshotOptions {
  /** For the files in which large snapshots lie. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

const sliceMs = 2;
const pieceBytes = 1 << 19;

/** Reads a table that must not change until it is done. Throws InvalidValue unknown-column, invalid-condition. */
export async function snapshotOf(
  source: FactTable,
  selection: Selection,
  { directory, signal }: SnapshotOptions,
): Promise<Snapshot> {
  const { conditions, tested, columns, rowsOfPiece } = planOf(source, selection);
  const { limit = Number.POSITIVE_INFINITY } = selection;
  const pile = new Pile(
    columns.map(({ width }) => width),
    rowsOfPiece,
    directory,
  );
  let fitting = 0;
  try {
    await eachPiece(source.rows, rowsOfPiece, signal, async (from, to) => {
      const chosen = conditions.length > 0 ? rowsThat(conditions, tested(from, to)) : undefined;
      const found = chosen?.length ?? to - from;
      const wanted = Math.min(found, limit - pile.rows);
      fitting += found;
      if (wanted <= 0) return;
      const values = columns.map((column) => column.read(from, to, chosen, wanted));
      await pile.add(values, chosen, wanted);
    });
  } catch (error) {
    await pile.close();
    throw error;
  }
  for (const column of columns) column.finish();
  return snapshotFrom(source.name, columns, pile, fitting);
}

function planOf(source: FactTable, { columns: names, where = [], limit }: Selection) {
  const tableOf = (views: FactTable['columns'], from: number, to: number): Table => ({
    name: source.name,
    rows: to - from,
    columns: views.map((view) => columnOf(view, view.read(from, to))),
  });
  const header = tableOf(source.columns, 0, 0);
  const conditions = conditionsOf(header, where);
  const viewNamed = (name: string) =>
    source.columns[header.columns.indexOf(columnNamed(header, name, '?/columns'))] as FactTable['columns'][number];
  const shown = names?.map(viewNamed) ?? source.columns;
  const tested = source.columns.filter(({ name }) => conditions.some(({ column }) => column === name));
  const width = [...shown, ...tested].reduce((sum, view) => sum + bytesOf(view), 0);
  const some = where.length > 0 || (limit !== undefined && limit < source.rows);
  return {
    conditions,
    tested: (from: number, to: number) => tableOf(tested, from, to),
    columns: shown.map((view) => new SnapshotColumn(view, some)),
    rowsOfPiece: Math.max(64, Math.min(65_536, Math.floor(pieceBytes / Math.max(1, width)))),
  };
}

/** Lets everybody else have a turn every few milliseconds. */
async function eachPiece(
  rows: number,
  size: number,
  signal: AbortSignal | undefined,
  take: (from: number, to: number) => Promise<void>,
): Promise<void> {
  let until = performance.now() + sliceMs;
  for (let from = 0; from < rows; from += size) {
    await take(from, Math.min(rows, from + size));
    if (performance.now() < until) continue;
    await nextTurn();
    signal?.throwIfAborted();
    until = performance.now() + sliceMs;
  }
}

function snapshotFrom(name: string, columns: readonly SnapshotColumn[], pile: Pile, fitting: number): Snapshot {
  const table = (rows: number, values: readonly Values[]): Table => ({
    name,
    rows,
    columns: columns.map((column, at) => column.column(values[at] as Values)),
  });
  return {
    table: table(
      0,
      columns.map(({ view }) => view.read(0, 0)),
    ),
    rows: pile.rows,
    fitting,
    close: () => pile.close(),
    async *parts() {
      for await (const piece of pile.read()) yield table(piece.rows, piece.columns);
    },
  };
}
