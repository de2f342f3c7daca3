import type { EventOf } from '../../../events/decode.ts';
import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import { type Ending, endings } from '../endings.ts';
import { minus, plus } from '../exact.ts';
import { type ErrorCounts, type FoldedFacts, linesOf } from '../facts.ts';
import { concernedLine, concernedLines, scheduleCoded, writeLineNumbers } from './lines.ts';
import { shipmentKnown } from './movements.ts';

/** Cancellations, holds, delivery errors, and how orders end. */

export function writeCancelled(to: Encoder, { data }: EventOf<'QuantityCancelled'>, { schedule }: FoldedFacts): void {
  to.code(Number(data.initiator === 'supplier'));
  writeLineNumbers(to, data.lines);
  for (const { qty, released } of data.lines) {
    to.amount(qty.value);
    to.code(released.length);
    for (const part of released) {
      to.known(schedule.columns.scheduleId.dictionary, part.scheduleId);
      to.amount(part.qty.value);
    }
  }
}

export function cancelled(facts: FoldedFacts, order: number, change: Cursor): void {
  const supplier = change.code() === 1;
  const taken = facts.lines.columns[supplier ? 'cancelledBySupplier' : 'cancelledByCustomer'];
  const { qty, short, takenAway } = facts.schedule.columns;
  const count = concernedLines(facts, order, change);
  for (let at = 0; at < count; at += 1) {
    const row = concernedLine(at);
    taken.set(row, plus(taken.at(row), change.exact()));
    for (let left = change.code(); left > 0; left -= 1) {
      const s = scheduleCoded(facts, row, change.code());
      const amount = change.exact();
      if (s < 0) continue;
      qty.set(s, minus(qty.at(s), amount));
      if (!supplier) continue;
      short.values[s] = 1;
      takenAway.set(s, plus(takenAway.at(s), amount));
    }
  }
}

export function ended({ orders }: FoldedFacts, order: number, { at }: Cursor, ending: Ending): void {
  orders.columns.endedAt.values[order] = at;
  orders.columns.ending.values[order] = endings.indexOf(ending);
}

export function reopened({ orders }: FoldedFacts, order: number): void {
  orders.columns.endedAt.values[order] = Number.NaN;
  orders.columns.ending.values[order] = -1;
}

export function writeHoldPlaced(to: Encoder, { data }: EventOf<'HoldPlaced'>, { holds }: FoldedFacts): void {
  to.word(holds.columns.hold.dictionary, data.holdId);
  to.word(holds.columns.holdType.dictionary, data.holdType);
  to.instant(data.expiresAt);
}

export function holdPlaced({ orders, holds }: FoldedFacts, order: number, change: Cursor): void {
  const row = holds.add();
  const { columns } = holds;
  columns.hold.values[row] = change.code();
  columns.holdType.values[row] = change.code();
  columns.from.values[row] = change.at;
  columns.expiresAt.values[row] = change.number();
  const { lastHold } = orders.columns;
  columns.next.values[row] = lastHold.values[order] as number;
  lastHold.values[order] = row;
}

export function writeHoldReleased(to: Encoder, { data }: EventOf<'HoldReleased'>, { holds }: FoldedFacts): void {
  to.known(holds.columns.hold.dictionary, data.holdId);
}

export function holdReleased({ orders, holds }: FoldedFacts, order: number, change: Cursor): void {
  const { at } = change;
  const released = change.code();
  const { hold, from, expiresAt, to, next } = holds.columns;
  for (let row = orders.columns.lastHold.values[order] as number; row >= 0; row = next.values[row] as number) {
    if (hold.values[row] !== released || !Number.isNaN(to.values[row])) continue;
    const expired = expiresAt.values[row] as number;
    to.values[row] = expired < at ? Math.max(from.values[row] as number, expired) : at;
  }
}

const errorKinds = ['wrong-item', 'damage', 'documents'] as const;
const errorCounts = ['wrongItems', 'damages', 'documents'] as const;
const none = -1;

export function writeErroneous(
  to: Encoder,
  { data }: EventOf<'DeliveryErrorRecorded'>,
  { shipments }: FoldedFacts,
): void {
  to.code(data.lineNo ?? none);
  to.known(shipments.columns.shipment.dictionary, data.shipmentId);
  to.code(errorKinds.indexOf(data.kind));
}

/** An error counts against the line it names, else against every line that the shipment it names carried any of, else against the order. */
export function erroneous(facts: FoldedFacts, order: number, change: Cursor): void {
  const [lineNo, shipment] = [change.code(), change.code()];
  const kind = errorCounts[change.code()] as keyof ErrorCounts;
  if (lineNo === none && shipment === none) count(facts.errorsOfOrder, order, kind);
  const lines = facts.lines.columns;
  const carrier = shipment < 0 ? none : shipmentKnown(facts, order, shipment);
  for (const row of linesOf(facts, order)) {
    const concerned =
      lineNo === none ? carrier >= 0 && leftWith(facts, row, carrier) : lines.lineNo.values[row] === lineNo;
    if (concerned) count(facts.errorsOfLine, row, kind);
  }
}

const leftWith = ({ lines, alsoLeftWith }: FoldedFacts, line: number, shipment: number): boolean =>
  lines.columns.leftWith.values[line] === shipment || alsoLeftWith.get(line)?.includes(shipment) === true;

function count(errors: Map<number, ErrorCounts>, row: number, kind: keyof ErrorCounts): void {
  const counts = errors.get(row) ?? { wrongItems: 0, damages: 0, documents: 0 };
  counts[kind] += 1;
  errors.set(row, counts);
}
