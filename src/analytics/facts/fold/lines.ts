import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import { type FoldedFacts, InconsistentFacts } from '../facts.ts';

export function writeLineNumbers(to: Encoder, entries: readonly { readonly lineNo: number }[]): void {
  to.code(entries.length);
  for (const { lineNo } of entries) to.code(lineNo);
}

let rows = new Int32Array(256);

/**
 * Rows of the lines that the change names, in their order; valid until the next call. All are found before any is changed: a
 * change is folded whole or not at all.
 */
export function concernedLines(facts: FoldedFacts, order: number, change: Cursor): Int32Array {
  const count = change.code();
  if (count > rows.length) rows = new Int32Array(2 * count);
  for (let at = 0; at < count; at += 1) rows[at] = lineNumbered(facts, order, change.code());
  return rows.subarray(0, count);
}

function lineNumbered({ orders, lines }: FoldedFacts, order: number, number: number): number {
  const { lineNo, next } = lines.columns;
  let row = orders.columns.firstLine.values[order] as number;
  while (row >= 0 && lineNo.values[row] !== number) row = next.values[row] as number;
  if (row < 0) throw new InconsistentFacts(`Order ${orders.columns.orderNo.at(order)} has no line ${number}`);
  return row;
}

/** Row of a schedule line, by the code of its id; -1 where the line has no such one. */
export function scheduleCoded({ lines, schedule }: FoldedFacts, line: number, code: number): number {
  const { scheduleId, next } = schedule.columns;
  let row = lines.columns.firstSchedule.values[line] as number;
  while (row >= 0 && scheduleId.values[row] !== code) row = next.values[row] as number;
  return row;
}
