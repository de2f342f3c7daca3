import type { EventOf } from '../../../events/decode.ts';
import { nullDay } from '../../table.ts';
import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import { earlier } from '../days.ts';
import { plus, toleranceScale } from '../exact.ts';
import { type FoldedFacts, InconsistentFacts, reachTo } from '../facts.ts';
import { concernedLine, concernedLines, writeLineNumbers } from './lines.ts';

/** How an order begins: opened, with lines, given, confirmed, changed. */

export function writeStarted(
  to: Encoder,
  { stream, data }: EventOf<'OrderStarted'>,
  { orders, streams }: FoldedFacts,
): void {
  const { columns } = orders;
  if (streams.rowOf(stream) >= 0) throw new InconsistentFacts(`${stream} was started twice`);
  to.text(data.orderId);
  to.text(data.orderNo);
  to.word(columns.customer.dictionary, data.customerId);
  to.word(columns.country.dictionary, data.shipTo.country);
  to.word(columns.channel.dictionary, data.channel);
  to.word(columns.currency.dictionary, data.currency);
  to.word(columns.incoterm.dictionary, data.incoterm);
  to.word(columns.shipToZone.dictionary, data.shipTo.zone);
  to.code(Math.round(Number(data.tolerances?.under ?? '0') * toleranceScale));
  const needsName = streams.needsName(stream, data.orderId);
  to.code(Number(needsName));
  if (needsName) to.text(stream);
  to.dimensions('orders', data.dimensions);
}

/** Gives the row of the order. */
export function started({ orders, streams }: FoldedFacts, change: Cursor): number {
  const row = orders.add();
  const { columns } = orders;
  change.textInto(columns.orderId.store);
  change.textInto(columns.orderNo.store);
  columns.customer.values[row] = change.code();
  columns.country.values[row] = change.code();
  columns.channel.values[row] = change.code();
  columns.currency.values[row] = change.code();
  columns.incoterm.values[row] = change.code();
  columns.shipToZone.values[row] = change.code();
  columns.under.values[row] = change.code();
  if (change.code() === 1) streams.named.set(change.text(), row);
  for (let left = change.code(); left > 0; left -= 1) orders.dimension(change.code()).values[row] = change.code();
  return row;
}

export function writeLinesAdded(to: Encoder, { data }: EventOf<'OrderLinesAdded'>, { lines }: FoldedFacts): void {
  const { sku, uom } = lines.columns;
  to.code(data.lines.length);
  for (const line of data.lines) {
    to.code(line.lineNo);
    to.word(sku.dictionary, line.sku);
    to.word(uom.dictionary, line.qty.uom);
    to.amount(line.qty.value);
    to.number(line.unitPrice === undefined ? Number.NaN : Number(line.unitPrice.amount));
    to.instant(line.quotedAt);
    to.instant(line.orderedAt);
    to.day(line.requestedDate);
    to.dimensions('lines', line.dimensions);
  }
}

export function linesAdded(facts: FoldedFacts, order: number, change: Cursor): void {
  for (let left = change.code(); left > 0; left -= 1) lineAdded(facts, order, change);
}

function lineAdded(facts: FoldedFacts, order: number, change: Cursor): void {
  const row = facts.lines.add();
  const { columns } = facts.lines;
  columns.order.values[row] = order;
  columns.lineNo.values[row] = change.code();
  columns.sku.values[row] = change.code();
  columns.uom.values[row] = change.code();
  columns.ordered.set(row, change.exact());
  columns.unitPrice.values[row] = change.number();
  const quotedAt = reachTo(facts, change.number());
  const orderedAt = reachTo(facts, change.number());
  columns.quotedAt.values[row] = quotedAt;
  columns.orderedAt.values[row] = orderedAt;
  columns.requestedOn.values[row] = change.code();
  for (let left = change.code(); left > 0; left -= 1) facts.lines.dimension(change.code()).values[row] = change.code();
  const orders = facts.orders.columns;
  orders.quotedAt.values[order] = earlier(orders.quotedAt.values[order] as number, quotedAt);
  orders.orderedAt.values[order] = earlier(orders.orderedAt.values[order] as number, orderedAt);
  orders.lines.values[order] = (orders.lines.values[order] as number) + 1;
  insert(facts, order, row);
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

export function writeLinesChanged(to: Encoder, { data }: EventOf<'OrderLinesChanged'>): void {
  writeLineNumbers(to, data.lines);
  for (const { added, requestedDate } of data.lines) {
    to.amount(added?.value ?? '0');
    to.day(requestedDate);
  }
}

export function linesChanged(facts: FoldedFacts, order: number, change: Cursor): void {
  const { ordered, requestedOn } = facts.lines.columns;
  const count = concernedLines(facts, order, change);
  for (let at = 0; at < count; at += 1) {
    const row = concernedLine(at);
    ordered.set(row, plus(ordered.at(row), change.exact()));
    const day = change.code();
    if (day !== nullDay) requestedOn.values[row] = day;
  }
}
