import { type ErrorCounts, type FoldedFacts, linesOf, scheduleOf } from '../facts.ts';
import type { OutcomeColumns } from '../outcome-columns.ts';

const none: ErrorCounts = { wrongItems: 0, damages: 0, documents: 0 };

/** Errors of the whole order count against each of its lines; those of a line count against the order too. */
export function settleErrors(facts: FoldedFacts, order: number): void {
  const { errorsOfOrder, errorsOfLine } = facts;
  if (errorsOfOrder.size === 0 && errorsOfLine.size === 0) return; // the columns begin with zeros
  const ofOrder = errorsOfOrder.get(order) ?? none;
  let all = ofOrder;
  for (const line of linesOf(facts, order)) {
    const ofLine = errorsOfLine.get(line) ?? none;
    const sum = added(ofOrder, ofLine);
    write(facts.lines.columns, line, sum);
    for (const row of scheduleOf(facts, line)) write(facts.schedule.columns, row, sum);
    all = added(all, ofLine);
  }
  write(facts.orders.columns, order, all);
}

function added(a: ErrorCounts, b: ErrorCounts): ErrorCounts {
  if (b === none) return a;
  return {
    wrongItems: a.wrongItems + b.wrongItems,
    damages: a.damages + b.damages,
    documents: a.documents + b.documents,
  };
}

function write(columns: OutcomeColumns, row: number, { wrongItems, damages, documents }: ErrorCounts): void {
  columns.errors.values[row] = wrongItems + damages + documents;
  columns.wrongItems.values[row] = wrongItems;
  columns.damages.values[row] = damages;
  columns.documentErrors.values[row] = documents;
}
