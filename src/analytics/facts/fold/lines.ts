import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import { type FoldedFacts, InconsistentFacts } from '../facts.ts';

export function writeLineNumbers(to: Encoder, entries: readonly { readonly lineNo: number }[]): void {
  to.code(entries.length);
  for (const { lineNo } of entries) to.code(lineNo);
}

/** Rows of the lines that a change names, in their order; one change at a time is worked on. */
const concerned = { rows: new Int32Array(256) };

/** Finds them all before any is changed: a change is folded whole or not at all. Gives how many there are. */
export function concernedLines(facts: FoldedFacts, order: number, change: Cursor): number {
  const count = change.code();
  if (count > concerned.rows.length) concerned.rows = new Int32Array(2 * count);
  const { rows } = concerned;
  for (let at = 0; at < count; at += 1) rows[at] = lineNumbered(facts, order, change.code());
  return count;
}

export const concernedLine = (at: number): number => concerned.rows[at] as number;

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
