import { apply, takeWords } from '../facts/apply.ts';
import { type ChangeColumns, flag, kindOf } from '../facts/changes/change-columns.ts';
import { Cursor } from '../facts/changes/cursor.ts';
import type { FoldedFacts } from '../facts/facts.ts';

/**
 * Imported history may have been recorded elsewhere long before it came here, so times of recording do not rise with the
 * position. Of each stream counts what lies before its first event that was recorded later.
 */
export class KnownBy {
  readonly end: number;
  /** Orders whose later events do not count. */
  readonly over = new Set<number>();
  /** Rows that orders have here, from the first one on that was left out. */
  readonly rows = new Map<number, number>();
  /** Orders that have the same row here. */
  readonly alike: number;

  constructor(end: number, orders: number) {
    this.end = end;
    this.alike = orders;
  }
}

const [none, orderStarted] = [kindOf('none'), kindOf('OrderStarted')];
const cursor = new Cursor();

/** Gives the number of the last event that counts, -1 for none. */
export function applyKnown(
  facts: FoldedFacts,
  known: KnownBy,
  columns: ChangeColumns,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let last = -1;
  cursor.over(columns);
  for (let row = from; row < to; row += 1) {
    cursor.seek(row);
    if (!counts(known, cursor)) {
      facts.events += 1;
      if ((cursor.flags & flag.words) !== 0) takeWords(facts, cursor);
      continue;
    }
    last = columns.first + row;
    if (cursor.kind === orderStarted) known.rows.set(cursor.order, facts.orders.count);
    else if (cursor.order >= known.alike) cursor.order = known.rows.get(cursor.order) ?? -1;
    apply(facts, cursor);
  }
  return last;
}

function counts({ over, end }: KnownBy, { kind, order, recordedAt }: Cursor): boolean {
  if (recordedAt <= end) return order < 0 || !over.has(order);
  if (kind !== none && order >= 0) over.add(order);
  return false;
}
