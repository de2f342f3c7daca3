import type { EventOf } from '../../../events/decode.ts';
import { earlier, later } from '../days.ts';
import { type Exact, exactOf, isPositive, makesUp, minus, plus } from '../exact.ts';
import { type FoldedFacts, shipmentsOf } from '../facts.ts';
import { concernedLines, scheduleNamed } from './lines.ts';

/** Quantity of the line that is still wanted. */
export function wanted({ lines }: FoldedFacts, row: number): Exact {
  const { ordered, cancelledByCustomer, cancelledBySupplier } = lines.columns;
  return minus(minus(ordered.at(row), cancelledByCustomer.at(row)), cancelledBySupplier.at(row));
}

const underOf = ({ orders }: FoldedFacts, order: number): number => orders.columns.under.values[order] as number;

type ShippedLine = EventOf<'LinesShipped'>['data']['lines'][number];

export function shipped(facts: FoldedFacts, order: number, { data, metadata }: EventOf<'LinesShipped'>): void {
  const rows = concernedLines(facts, order, data.lines);
  const at = Date.parse(metadata.occurredAt);
  const shipment = shipmentNamed(facts, order, data.shipmentId);
  const { columns } = facts.shipments;
  columns.mode.set(shipment, data.mode);
  columns.carrier.set(shipment, data.carrier);
  columns.shippedAt.values[shipment] = later(columns.shippedAt.values[shipment] as number, at);
  const { firstShippedAt, lastShippedAt } = facts.orders.columns;
  firstShippedAt.values[order] = earlier(firstShippedAt.values[order] as number, at);
  lastShippedAt.values[order] = later(lastShippedAt.values[order] as number, at);
  data.lines.forEach((line, index) => {
    carried(facts, rows[index] as number, shipment);
    lineShipped(facts, order, rows[index] as number, line, at);
  });
}

function lineShipped(facts: FoldedFacts, order: number, row: number, line: ShippedLine, at: number): void {
  const under = underOf(facts, order);
  const { columns } = facts.lines;
  const qty = exactOf(line.qty.value);
  const before = columns.shipped.at(row);
  const last = columns.lastShippedAt.values[row] as number;
  const whole = makesUp(before, wanted(facts, row), under) && !Number.isNaN(last);
  if (!whole) columns.lastShippedAt.values[row] = later(last, at);
  if (!isPositive(before)) columns.firstAttempt.set(row, qty);
  columns.shipped.set(row, plus(before, qty));
  columns.firstShippedAt.values[row] = earlier(columns.firstShippedAt.values[row] as number, at);
  for (const part of line.scheduleLines) {
    const s = scheduleNamed(facts, row, part.scheduleId);
    if (s < 0) continue;
    const schedule = facts.schedule.columns;
    const lastOfPart = schedule.lastShippedAt.values[s] as number;
    const wholePart = makesUp(schedule.shipped.at(s), schedule.qty.at(s), under) && !Number.isNaN(lastOfPart);
    if (!wholePart) schedule.lastShippedAt.values[s] = later(lastOfPart, at);
    schedule.shipped.set(s, plus(schedule.shipped.at(s), exactOf(part.qty.value)));
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

/** Row of a shipment of the order; a new one where it is not known yet. */
function shipmentNamed(facts: FoldedFacts, order: number, shipmentId: string): number {
  const { columns } = facts.shipments;
  const code = columns.shipment.code(shipmentId);
  for (const row of shipmentsOf(facts, order)) if (columns.shipment.values[row] === code) return row;
  const row = facts.shipments.add();
  columns.order.values[row] = order;
  columns.shipment.values[row] = code;
  const { firstShipment } = facts.orders.columns;
  columns.next.values[row] = firstShipment.values[order] as number;
  firstShipment.values[order] = row;
  return row;
}

type DeliveredLine = EventOf<'LinesDelivered'>['data']['lines'][number];

interface Arrival {
  readonly at: number;
  readonly shipmentId: string;
  readonly mode: string | undefined;
}

export function delivered(facts: FoldedFacts, order: number, { data, metadata }: EventOf<'LinesDelivered'>): void {
  const rows = concernedLines(facts, order, data.lines);
  const at = Date.parse(metadata.occurredAt);
  const { columns } = facts.shipments;
  const shipment = shipmentNamed(facts, order, data.shipmentId);
  columns.deliveredAt.values[shipment] = later(columns.deliveredAt.values[shipment] as number, at);
  const { lastDeliveredAt } = facts.orders.columns;
  lastDeliveredAt.values[order] = later(lastDeliveredAt.values[order] as number, at);
  const arrival = { at, shipmentId: data.shipmentId, mode: columns.mode.at(shipment) };
  data.lines.forEach((line, index) => {
    carried(facts, rows[index] as number, shipment);
    lineDelivered(facts, order, rows[index] as number, line, arrival);
  });
}

function lineDelivered(facts: FoldedFacts, order: number, row: number, line: DeliveredLine, arrival: Arrival): void {
  const under = underOf(facts, order);
  const { columns } = facts.lines;
  const before = columns.delivered.at(row);
  if (!makesUp(before, wanted(facts, row), under)) arrived(columns, row, arrival);
  columns.delivered.set(row, plus(before, exactOf(line.qty.value)));
  for (const part of line.scheduleLines) {
    const s = scheduleNamed(facts, row, part.scheduleId);
    if (s < 0) continue;
    const schedule = facts.schedule.columns;
    const had = schedule.delivered.at(s);
    const qty = exactOf(part.qty.value);
    remember(facts, s, had, qty, arrival.at);
    if (!makesUp(had, schedule.qty.at(s), under)) arrived(schedule, s, arrival);
    schedule.delivered.set(s, plus(had, qty));
  }
}

type Arrived = Pick<FoldedFacts['lines']['columns'], 'lastDeliveredAt' | 'shipment' | 'mode'>;

/** The shipment that brought the last needed part is the one that is shown; a line keeps the mode of an earlier one. */
function arrived(columns: Arrived, row: number, { at, shipmentId, mode }: Arrival): void {
  columns.lastDeliveredAt.values[row] = later(columns.lastDeliveredAt.values[row] as number, at);
  columns.shipment.set(row, shipmentId);
  columns.mode.set(row, mode);
}

/** From the second delivery on, each one is kept: how much came in time cannot be told from the last. */
function remember(facts: FoldedFacts, s: number, had: Exact, qty: Exact, at: number): void {
  const known = facts.parts.get(s);
  if (known) known.push({ at, qty });
  else if (isPositive(had)) {
    const first = { at: facts.schedule.columns.lastDeliveredAt.values[s] as number, qty: had };
    facts.parts.set(s, [first, { at, qty }]);
  }
}
