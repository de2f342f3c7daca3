import type { EventOf } from '../../../events/decode.ts';
import { exactOf, minus, plus } from '../exact.ts';
import { type ErrorCounts, type FoldedFacts, linesOf, shipmentsOf } from '../facts.ts';
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

/** An error counts against the line it names, else against every line that the shipment it names carried any of, else against the order. */
export function erroneous(facts: FoldedFacts, order: number, { data }: EventOf<'DeliveryErrorRecorded'>): void {
  const { lineNo, shipmentId, kind } = data;
  if (lineNo === undefined && shipmentId === undefined) count(facts.errorsOfOrder, order, kind);
  const lines = facts.lines.columns;
  const shipment = shipmentNamed(facts, order, shipmentId);
  for (const row of linesOf(facts, order)) {
    const concerned =
      lineNo === undefined
        ? shipment !== undefined && leftWith(facts, row, shipment)
        : lines.lineNo.values[row] === lineNo;
    if (concerned) count(facts.errorsOfLine, row, kind);
  }
}

/** Row of a shipment of the order. */
function shipmentNamed(facts: FoldedFacts, order: number, shipmentId: string | undefined): number | undefined {
  const { shipment } = facts.shipments.columns;
  for (const row of shipmentsOf(facts, order)) if (shipment.at(row) === shipmentId) return row;
  return undefined;
}

const leftWith = ({ lines, alsoLeftWith }: FoldedFacts, line: number, shipment: number): boolean =>
  lines.columns.leftWith.values[line] === shipment || alsoLeftWith.get(line)?.includes(shipment) === true;

function count(
  errors: Map<number, ErrorCounts>,
  row: number,
  kind: EventOf<'DeliveryErrorRecorded'>['data']['kind'],
): void {
  const counts = errors.get(row) ?? { wrongItems: 0, damages: 0, documents: 0 };
  counts[kind === 'wrong-item' ? 'wrongItems' : kind === 'damage' ? 'damages' : 'documents'] += 1;
  errors.set(row, counts);
}
