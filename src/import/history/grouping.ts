import { ImportFailure } from '../failure.ts';
import type { Reject } from '../rejects.ts';
import type { HistoryRow, RowReader } from '../rows/history-row.ts';
import { isUnreadable, type RowSource } from '../rows/row-source.ts';
import type { Warning } from './order.ts';

/** How many rows every order has: the first pass over the files. Memory: one entry per order. */
export interface RowCounts {
  readonly total: number;
  readonly byOrder: ReadonlyMap<string, number>;
}

export async function countRows(source: RowSource, reader: RowReader): Promise<RowCounts> {
  const byOrder = new Map<string, number>();
  let total = 0;
  for await (const row of source.rows()) {
    total += 1;
    const key = isUnreadable(row) ? null : reader.orderKey(row);
    if (key !== null) byOrder.set(key, (byOrder.get(key) ?? 0) + 1);
  }
  return { total, byOrder };
}

/** The good rows of an order, and how many rows were read since the order before it. */
export interface OrderRows {
  readonly key: string;
  readonly rows: readonly [HistoryRow, ...HistoryRow[]];
  readonly rowsRead: number;
}

export interface GroupingOptions {
  readonly onBadRow: 'reject-row' | 'reject-order';
  readonly reject: (reject: Reject) => void;
  readonly warn: (warning: Warning) => void;
  /** Rows of unfinished orders that are held at most. */
  readonly mostHeld: number;
}

interface Held {
  missing: number;
  readonly rows: HistoryRow[];
  bad: Reject | undefined;
}

/**
 * Gives out every order as soon as its last row was read, so that only the rows of unfinished orders are held: none but
 * the current order where the rows of an order stand together. Throws ImportFailure `rows-too-scattered`.
 */
export async function* ordersOf(
  source: RowSource,
  reader: RowReader,
  counts: RowCounts,
  options: GroupingOptions,
): AsyncGenerator<OrderRows> {
  const orders = new Map<string, Held>();
  let heldRows = 0;
  let rowsRead = 0;
  for await (const joined of source.rows()) {
    rowsRead += 1;
    if (isUnreadable(joined)) {
      options.reject(joined);
      continue;
    }
    const reading = reader.read(joined);
    const { file, line } = joined;
    if (joined.cells.some(isGarbled)) options.warn({ code: 'undecodable-characters', file, line });
    const key = reading.ok ? reading.row.orderKey : reading.orderKey;
    const rejects = reading.ok ? [] : reading.problems.map((problem): Reject => ({ file, line, ...problem }));
    for (const reject of rejects) options.reject(reject);
    if (key === null) continue;
    const held = orders.get(key) ?? { missing: counts.byOrder.get(key) ?? 1, rows: [], bad: undefined };
    orders.set(key, held);
    held.missing -= 1;
    held.bad ??= rejects[0];
    if (reading.ok) held.rows.push(reading.row);
    if (held.missing > 0) {
      heldRows += 1;
      if (heldRows > options.mostHeld) throw tooScattered(file, line, options.mostHeld);
      continue;
    }
    orders.delete(key);
    heldRows -= (counts.byOrder.get(key) ?? 1) - 1;
    const [first, ...others] = accepted(held, options);
    if (!first) continue;
    yield { key, rows: [first, ...others], rowsRead };
    rowsRead = 0;
  }
}

/** Bytes that are no text in the encoding of the file become U+FFFD. */
const isGarbled = (cells: readonly string[] | undefined): boolean =>
  cells?.some((cell) => cell.includes('\uFFFD')) ?? false;

/** With `reject-order`, one bad row rejects the others of its order by name. */
function accepted({ rows, bad }: Held, { onBadRow, reject }: GroupingOptions): readonly HistoryRow[] {
  if (!bad || onBadRow === 'reject-row') return rows;
  const reason = `another row of this order is wrong: ${bad.file}:${bad.line}, ${bad.code}`;
  for (const { file, line } of rows) reject({ file, line, code: 'order-rejected', reason });
  return [];
}

const tooScattered = (file: string, line: number, most: number): ImportFailure =>
  new ImportFailure([
    {
      code: 'rows-too-scattered',
      file,
      line,
      message: `more than ${most} rows wait for other rows of their orders; sort the file by order first`,
    },
  ]);
