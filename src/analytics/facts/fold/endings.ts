import type { EventOf } from '../../../events/decode.ts';
import { exactOf, minus, plus } from '../exact.ts';
import { type ErrorCounts, type FoldedFacts, linesOf, scheduleOf } from '../facts.ts';
import { concernedLines, scheduleNamed } from './lines.ts';

/** Cancellations, holds, delivery errors, and how orders end. */

export function cancelled(facts: FoldedFacts, order: number, { data }: EventOf<'QuantityCancelled'>): void {
  const rows = concernedLines(facts, order, data.lines);
  const supplier = data.initiator === 'supplier';
  const taken = facts.lines.columns[supplier ? 'cancelledBySupplier' : 'cancelledByCustomer'];
  const { qty, short, takenAway } = facts.schedule.columns;
  data.lines.forEach((line, at) => {
    const row = rows[at] as number;
    taken.set(row, plus(taken.at(row), exactOf(line.qty.value)));
    for (const part of line.released) {
      const s = scheduleNamed(facts, row, part.scheduleId);
      if (s < 0) continue;
      const amount = exactOf(part.qty.value);
      qty.set(s, minus(qty.at(s), amount));
      if (!supplier) continue;
      short.values[s] = 1;
      takenAway.set(s, plus(takenAway.at(s), amount));
    }
  });
}

export type Ending = 'closed' | 'rejected' | 'cancelled-by-customer' | 'cancelled-by-supplier';

export function ended({ orders }: FoldedFacts, order: number, at: string, ending: Ending): void {
  orders.columns.endedAt.values[order] = Date.parse(at);
  orders.columns.ending.set(order, ending);
}

export function reopened({ orders }: FoldedFacts, order: number): void {
  orders.columns.endedAt.values[order] = Number.NaN;
  orders.columns.ending.values[order] = -1;
}

export function holdPlaced(facts: FoldedFacts, order: number, { data, metadata }: EventOf<'HoldPlaced'>): void {
  const holds = facts.holds.get(order) ?? [];
  const expiresAt = data.expiresAt === undefined ? Number.NaN : Date.parse(data.expiresAt);
  const { holdId, holdType } = data;
  holds.push({ holdId, holdType, from: Date.parse(metadata.occurredAt), expiresAt, to: Number.NaN });
  facts.holds.set(order, holds);
}

export function holdReleased(facts: FoldedFacts, order: number, { data, metadata }: EventOf<'HoldReleased'>): void {
  const at = Date.parse(metadata.occurredAt);
  for (const hold of facts.holds.get(order) ?? [])
    if (hold.holdId === data.holdId && Number.isNaN(hold.to))
      hold.to = hold.expiresAt < at ? Math.max(hold.from, hold.expiresAt) : at;
}

/** An error counts against the line it names, else against the lines of the shipment it names, else against the order. */
export function erroneous(facts: FoldedFacts, order: number, { data }: EventOf<'DeliveryErrorRecorded'>): void {
  const { lineNo, shipmentId, kind } = data;
  if (lineNo === undefined && shipmentId === undefined) count(facts.errorsOfOrder, order, kind);
  const lines = facts.lines.columns;
  for (const row of linesOf(facts, order)) {
    const concerned = lineNo === undefined ? broughtBy(facts, row, shipmentId) : lines.lineNo.values[row] === lineNo;
    if (concerned) count(facts.errorsOfLine, row, kind);
  }
}

function broughtBy(facts: FoldedFacts, line: number, shipmentId: string | undefined): boolean {
  if (shipmentId === undefined) return false;
  if (facts.lines.columns.shipment.at(line) === shipmentId) return true;
  for (const row of scheduleOf(facts, line)) if (facts.schedule.columns.shipment.at(row) === shipmentId) return true;
  return false;
}

function count(
  errors: Map<number, ErrorCounts>,
  row: number,
  kind: EventOf<'DeliveryErrorRecorded'>['data']['kind'],
): void {
  const counts = errors.get(row) ?? { wrongItems: 0, damages: 0, documents: 0 };
  counts[kind === 'wrong-item' ? 'wrongItems' : kind === 'damage' ? 'damages' : 'documents'] += 1;
  errors.set(row, counts);
}
