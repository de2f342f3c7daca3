import { type ErrorCounts, type FoldedFacts, linesOf, scheduleOf } from '../facts.ts';
import type { OutcomeColumns } from '../outcome-columns.ts';

const none: ErrorCounts = { wrongItems: 0, damages: 0, documents: 0 };

/** Errors of the whole order count against each of its lines; those of a line count against the order too. */
export function settleErrors(facts: FoldedFacts, order: number): void {
  const ofOrder = facts.errorsOfOrder.get(order);
  const all = { ...(ofOrder ?? none) };
  for (const line of linesOf(facts, order)) {
    const ofLine = facts.errorsOfLine.get(line) ?? none;
    const sum = added(ofOrder ?? none, ofLine);
    write(facts.lines.columns, line, sum);
    for (const row of scheduleOf(facts, line)) write(facts.schedule.columns, row, sum);
    Object.assign(all, added(all, ofLine));
  }
  write(facts.orders.columns, order, all);
}

const added = (a: ErrorCounts, b: ErrorCounts): ErrorCounts => ({
  wrongItems: a.wrongItems + b.wrongItems,
  damages: a.damages + b.damages,
  documents: a.documents + b.documents,
});

function write(columns: OutcomeColumns, row: number, { wrongItems, damages, documents }: ErrorCounts): void {
  columns.errors.values[row] = wrongItems + damages + documents;
  columns.wrongItems.values[row] = wrongItems;
  columns.damages.values[row] = damages;
  columns.documentErrors.values[row] = documents;
}
