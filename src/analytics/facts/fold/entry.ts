import type { EventOf } from '../../../events/decode.ts';
import { dayOf, earlier } from '../days.ts';
import { exactOf, plus, toleranceScale } from '../exact.ts';
import { type FoldedFacts, InconsistentFacts, reachTo } from '../facts.ts';
import { concernedLines } from './lines.ts';

/** How an order begins: opened, with lines, given, confirmed, changed. */

export function started(facts: FoldedFacts, { stream, data }: EventOf<'OrderStarted'>): number {
  if (facts.rowOfStream.has(stream)) throw new InconsistentFacts(`${stream} was started twice`);
  const row = facts.orders.add();
  facts.rowOfStream.set(stream, row);
  const { columns } = facts.orders;
  columns.orderId.values[row] = data.orderId;
  columns.orderNo.values[row] = data.orderNo;
  columns.customer.set(row, data.customerId);
  columns.country.set(row, data.shipTo.country);
  columns.channel.set(row, data.channel);
  columns.currency.set(row, data.currency);
  columns.incoterm.set(row, data.incoterm);
  columns.shipToZone.set(row, data.shipTo.zone);
  columns.under.values[row] = Math.round(Number(data.tolerances?.under ?? '0') * toleranceScale);
  facts.orders.describe(row, data.dimensions);
  return row;
}

type AddedLine = EventOf<'OrderLinesAdded'>['data']['lines'][number];

export function linesAdded(facts: FoldedFacts, order: number, { data }: EventOf<'OrderLinesAdded'>): void {
  const requested = data.lines.map(({ requestedDate }) => requestedDate !== undefined && dayOf(requestedDate));
  data.lines.forEach((line, at) => {
    const row = lineAdded(facts, order, line);
    const day = requested[at];
    if (typeof day === 'number') facts.lines.columns.requestedOn.values[row] = day;
  });
}

function lineAdded(facts: FoldedFacts, order: number, line: AddedLine): number {
  const row = facts.lines.add();
  const { columns } = facts.lines;
  columns.order.values[row] = order;
  columns.lineNo.values[row] = line.lineNo;
  columns.sku.set(row, line.sku);
  columns.uom.set(row, line.qty.uom);
  columns.ordered.set(row, exactOf(line.qty.value));
  if (line.unitPrice !== undefined) columns.unitPrice.values[row] = Number(line.unitPrice.amount);
  if (line.quotedAt !== undefined) columns.quotedAt.values[row] = reachTo(facts, Date.parse(line.quotedAt));
  if (line.orderedAt !== null) columns.orderedAt.values[row] = reachTo(facts, Date.parse(line.orderedAt));
  facts.lines.describe(row, line.dimensions);
  const { quotedAt, orderedAt, lines } = facts.orders.columns;
  quotedAt.values[order] = earlier(quotedAt.values[order] as number, columns.quotedAt.values[row] as number);
  orderedAt.values[order] = earlier(orderedAt.values[order] as number, columns.orderedAt.values[row] as number);
  lines.values[order] = (lines.values[order] as number) + 1;
  insert(facts, order, row);
  return row;
}

/** Keeps the lines of an order chained by their numbers. */
function insert({ orders, lines }: FoldedFacts, order: number, row: number): void {
  const first = orders.columns.firstLine.values;
  const { next, lineNo } = lines.columns;
  const number = lineNo.values[row] as number;
  let before = -1;
  let after = first[order] as number;
  while (after >= 0 && (lineNo.values[after] as number) <= number) {
    before = after;
    after = next.values[after] as number;
  }
  next.values[row] = after;
  if (before < 0) first[order] = row;
  else next.values[before] = row;
}

export function linesChanged(facts: FoldedFacts, order: number, { data }: EventOf<'OrderLinesChanged'>): void {
  const rows = concernedLines(facts, order, data.lines);
  const days = data.lines.map(({ requestedDate }) => requestedDate !== undefined && dayOf(requestedDate));
  const { ordered, requestedOn } = facts.lines.columns;
  data.lines.forEach(({ added }, at) => {
    const row = rows[at] as number;
    const day = days[at];
    if (added !== undefined) ordered.set(row, plus(ordered.at(row), exactOf(added.value)));
    if (typeof day === 'number') requestedOn.values[row] = day;
  });
}
