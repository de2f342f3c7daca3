import type { EventOf } from '../../../events/decode.ts';
import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import { earlier, later } from '../days.ts';
import { type Exact, isPositive, makesUp, minus, plus } from '../exact.ts';
import type { FoldedFacts } from '../facts.ts';
import { concernedLine, concernedLines, scheduleCoded, writeLineNumbers } from './lines.ts';

/** Quantity of the line that is still wanted. */
export function wanted({ lines }: FoldedFacts, row: number): Exact {
  const { ordered, cancelledByCustomer, cancelledBySupplier } = lines.columns;
  return minus(minus(ordered.at(row), cancelledByCustomer.at(row)), cancelledBySupplier.at(row));
}

const underOf = ({ orders }: FoldedFacts, order: number): number => orders.columns.under.values[order] as number;

type MovedLine = EventOf<'LinesShipped' | 'LinesDelivered'>['data']['lines'][number];

function writeMoved(to: Encoder, lines: readonly MovedLine[], { schedule }: FoldedFacts): void {
  writeLineNumbers(to, lines);
  for (const { qty, scheduleLines } of lines) {
    to.amount(qty.value);
    to.code(scheduleLines.length);
    for (const part of scheduleLines) {
      to.known(schedule.columns.scheduleId.dictionary, part.scheduleId);
      to.amount(part.qty.value);
    }
  }
}

export function writeShipped(to: Encoder, { data }: EventOf<'LinesShipped'>, facts: FoldedFacts): void {
  const { shipment, mode, carrier } = facts.shipments.columns;
  to.word(shipment.dictionary, data.shipmentId);
  to.word(mode.dictionary, data.mode);
  to.word(carrier.dictionary, data.carrier);
  writeMoved(to, data.lines, facts);
}

export function shipped(facts: FoldedFacts, order: number, change: Cursor): void {
  const [id, mode, carrier] = [change.code(), change.code(), change.code()];
  const count = concernedLines(facts, order, change);
  const { at } = change;
  const shipment = shipmentCoded(facts, order, id);
  const { columns } = facts.shipments;
  if (mode >= 0) columns.mode.values[shipment] = mode;
  if (carrier >= 0) columns.carrier.values[shipment] = carrier;
  columns.shippedAt.values[shipment] = later(columns.shippedAt.values[shipment] as number, at);
  const { firstShippedAt, lastShippedAt } = facts.orders.columns;
  firstShippedAt.values[order] = earlier(firstShippedAt.values[order] as number, at);
  lastShippedAt.values[order] = later(lastShippedAt.values[order] as number, at);
  const under = underOf(facts, order);
  for (let index = 0; index < count; index += 1) {
    carried(facts, concernedLine(index), shipment);
    lineShipped(facts, concernedLine(index), change, under);
  }
}

function lineShipped(facts: FoldedFacts, row: number, change: Cursor, under: number): void {
  const { at } = change;
  const { columns } = facts.lines;
  const qty = change.exact();
  const before = columns.shipped.at(row);
  const last = columns.lastShippedAt.values[row] as number;
  const whole = makesUp(before, wanted(facts, row), under) && !Number.isNaN(last);
  if (!whole) columns.lastShippedAt.values[row] = later(last, at);
  if (!isPositive(before)) columns.firstAttempt.set(row, qty);
  columns.shipped.set(row, plus(before, qty));
  columns.firstShippedAt.values[row] = earlier(columns.firstShippedAt.values[row] as number, at);
  const schedule = facts.schedule.columns;
  for (let left = change.code(); left > 0; left -= 1) {
    const s = scheduleCoded(facts, row, change.code());
    const part = change.exact();
    if (s < 0) continue;
    const lastOfPart = schedule.lastShippedAt.values[s] as number;
    const wholePart = makesUp(schedule.shipped.at(s), schedule.qty.at(s), under) && !Number.isNaN(lastOfPart);
    if (!wholePart) schedule.lastShippedAt.values[s] = later(lastOfPart, at);
    schedule.shipped.set(s, plus(schedule.shipped.at(s), part));
  }
}

/** Remembers that a shipment carried some of a line: an error may name the shipment only. */
function carried({ lines, alsoLeftWith }: FoldedFacts, line: number, shipment: number): void {
  const first = lines.columns.leftWith.values;
  if ((first[line] as number) < 0) first[line] = shipment;
  if (first[line] === shipment) return;
  const others = alsoLeftWith.get(line);
  if (others === undefined) alsoLeftWith.set(line, [shipment]);
  else if (!others.includes(shipment)) others.push(shipment);
}

/** Row of the shipment of the order with that code of its id; -1 if there is none. */
export function shipmentKnown({ orders, shipments }: FoldedFacts, order: number, code: number): number {
  const { shipment, next } = shipments.columns;
  let row = orders.columns.firstShipment.values[order] as number;
  while (row >= 0 && shipment.values[row] !== code) row = next.values[row] as number;
  return row;
}

/** Row of a shipment of the order; a new one where it is not known yet. */
function shipmentCoded(facts: FoldedFacts, order: number, code: number): number {
  const known = shipmentKnown(facts, order, code);
  if (known >= 0) return known;
  const { columns } = facts.shipments;
  const latest = facts.orders.columns.firstShipment.values;
  const row = facts.shipments.add();
  columns.order.values[row] = order;
  columns.shipment.values[row] = code;
  columns.next.values[row] = latest[order] as number;
  latest[order] = row;
  return row;
}

export function writeDelivered(to: Encoder, { data }: EventOf<'LinesDelivered'>, facts: FoldedFacts): void {
  to.word(facts.shipments.columns.shipment.dictionary, data.shipmentId);
  writeMoved(to, data.lines, facts);
}

export function delivered(facts: FoldedFacts, order: number, change: Cursor): void {
  const id = change.code();
  const count = concernedLines(facts, order, change);
  const { columns } = facts.shipments;
  const shipment = shipmentCoded(facts, order, id);
  columns.deliveredAt.values[shipment] = later(columns.deliveredAt.values[shipment] as number, change.at);
  const { lastDeliveredAt } = facts.orders.columns;
  lastDeliveredAt.values[order] = later(lastDeliveredAt.values[order] as number, change.at);
  const under = underOf(facts, order);
  for (let index = 0; index < count; index += 1) {
    carried(facts, concernedLine(index), shipment);
    lineDelivered(facts, concernedLine(index), change, { shipment, under });
  }
}

interface Arrival {
  /** Row of the shipment. */
  readonly shipment: number;
  readonly under: number;
}

function lineDelivered(facts: FoldedFacts, row: number, change: Cursor, { shipment, under }: Arrival): void {
  const { columns } = facts.lines;
  const before = columns.delivered.at(row);
  if (!makesUp(before, wanted(facts, row), under)) arrived(facts, columns, row, shipment, change.at);
  columns.delivered.set(row, plus(before, change.exact()));
  const schedule = facts.schedule.columns;
  for (let left = change.code(); left > 0; left -= 1) {
    const s = scheduleCoded(facts, row, change.code());
    const qty = change.exact();
    if (s < 0) continue;
    const had = schedule.delivered.at(s);
    if (isPositive(had)) remember(facts, s, had, qty, change.at);
    if (!makesUp(had, schedule.qty.at(s), under)) arrived(facts, schedule, s, shipment, change.at);
    schedule.delivered.set(s, plus(had, qty));
  }
}

type Arrived = Pick<FoldedFacts['lines']['columns'], 'lastDeliveredAt' | 'shipment' | 'mode'>;

/** The shipment that brought the last needed part is the one that is shown; a line keeps the mode of an earlier one. */
function arrived({ shipments }: FoldedFacts, columns: Arrived, row: number, shipment: number, at: number): void {
  const from = shipments.columns;
  columns.lastDeliveredAt.values[row] = later(columns.lastDeliveredAt.values[row] as number, at);
  columns.shipment.values[row] = from.shipment.values[shipment] as number;
  const mode = from.mode.values[shipment] as number;
  if (mode >= 0) columns.mode.values[row] = mode;
}

/** From the second delivery on, each one is kept: how much came in time cannot be told from the last. */
function remember({ parts, schedule }: FoldedFacts, s: number, had: Exact, qty: Exact, at: number): void {
  const known = parts.get(s);
  if (known) known.push({ at, qty });
  else
    parts.set(s, [
      { at: schedule.columns.lastDeliveredAt.values[s] as number, qty: had },
      { at, qty },
    ]);
}
