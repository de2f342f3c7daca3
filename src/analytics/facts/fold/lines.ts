import { type FoldedFacts, InconsistentFacts, linesOf, scheduleOf } from '../facts.ts';

/**
 * Rows of the lines that the entries name, in their order. All are found before any is changed: an event is folded whole or
 * not at all.
 */
export function concernedLines(
  facts: FoldedFacts,
  order: number,
  entries: readonly { readonly lineNo: number }[],
): number[] {
  const lineNo = facts.lines.columns.lineNo.values;
  return entries.map((entry) => {
    for (const row of linesOf(facts, order)) if (lineNo[row] === entry.lineNo) return row;
    throw new InconsistentFacts(`Order ${facts.orders.columns.orderNo.values[order]} has no line ${entry.lineNo}`);
  });
}

/** Row of a schedule line; -1 where the line has no such one. */
export function scheduleNamed(facts: FoldedFacts, line: number, scheduleId: string): number {
  const { scheduleId: ids } = facts.schedule.columns;
  const code = ids.known(scheduleId);
  for (const row of scheduleOf(facts, line)) if (ids.values[row] === code) return row;
  return -1;
}
