import type { EventOf } from '../../../events/decode.ts';
import type { Cursor } from '../changes/cursor.ts';
import type { Encoder } from '../changes/encoder.ts';
import type { FoldedFacts } from '../facts.ts';
import { concernedLine, concernedLines, scheduleCoded, writeLineNumbers } from './lines.ts';

export function writePromised(to: Encoder, { data }: EventOf<'PromiseCommitted'>, { schedule }: FoldedFacts): void {
  const { scheduleId, zone } = schedule.columns;
  writeLineNumbers(to, data.lines);
  for (const { scheduleLines } of data.lines) {
    to.code(scheduleLines.length);
    for (const { scheduleId: id, qty, promise } of scheduleLines) {
      to.word(scheduleId.dictionary, id);
      to.amount(qty.value);
      to.word(zone.dictionary, promise.zone);
      to.day(promise.deliverOn);
      to.day(promise.shipOn);
    }
  }
}

export function promised(facts: FoldedFacts, order: number, change: Cursor): void {
  const count = concernedLines(facts, order, change);
  for (let at = 0; at < count; at += 1)
    for (let left = change.code(); left > 0; left -= 1) scheduleAdded(facts, order, concernedLine(at), change);
}

function scheduleAdded(facts: FoldedFacts, order: number, line: number, change: Cursor): void {
  const row = facts.schedule.add();
  const { columns } = facts.schedule;
  columns.order.values[row] = order;
  columns.line.values[row] = line;
  columns.promisedAt.values[row] = change.at;
  columns.scheduleId.values[row] = change.code();
  columns.qty.set(row, change.exact());
  columns.zone.values[row] = change.code();
  const deliverOn = change.code();
  columns.firstDeliverOn.values[row] = deliverOn;
  columns.commitDeliverOn.values[row] = deliverOn;
  columns.lastDeliverOn.values[row] = deliverOn;
  const shipOn = change.code();
  columns.firstShipOn.values[row] = shipOn;
  columns.commitShipOn.values[row] = shipOn;
  columns.lastShipOn.values[row] = shipOn;
  const { firstSchedule, lastSchedule } = facts.lines.columns;
  const last = lastSchedule.values[line] as number;
  if (last < 0) firstSchedule.values[line] = row;
  else columns.next.values[last] = row;
  lastSchedule.values[line] = row;
}

export function writeRevised(to: Encoder, { data }: EventOf<'PromiseRevised'>, { schedule }: FoldedFacts): void {
  const { scheduleId, zone } = schedule.columns;
  const byCustomer = data.initiator === 'customer';
  to.code(Number(byCustomer));
  to.code(Number(data.customerAgreed || byCustomer));
  writeLineNumbers(to, data.scheduleLines);
  for (const { scheduleId: id, to: moved } of data.scheduleLines) {
    to.known(scheduleId.dictionary, id);
    to.day(moved.deliverOn);
    to.day(moved.shipOn);
    to.word(zone.dictionary, moved.zone);
  }
}

/** The last promise always moves; the commit date moves only if the customer asked for it or agreed. */
export function revised(facts: FoldedFacts, order: number, change: Cursor): void {
  const byCustomer = change.code() === 1;
  const agreed = change.code() === 1;
  const { columns } = facts.schedule;
  const changes = (byCustomer ? columns.changesByCustomer : columns.changesBySupplier).values;
  const slip = (byCustomer ? columns.slipByCustomer : columns.slipBySupplier).values;
  const count = concernedLines(facts, order, change);
  for (let at = 0; at < count; at += 1) {
    const line = concernedLine(at);
    const row = scheduleCoded(facts, line, change.code());
    const [deliverOn, shipOn, zone] = [change.code(), change.code(), change.code()];
    if (row < 0) continue;
    changes[row] = (changes[row] as number) + 1;
    slip[row] = (slip[row] as number) + deliverOn - (columns.lastDeliverOn.values[row] as number);
    columns.lastDeliverOn.values[row] = deliverOn;
    columns.lastShipOn.values[row] = shipOn;
    columns.zone.values[row] = zone;
    if (!agreed) continue;
    columns.commitDeliverOn.values[row] = deliverOn;
    columns.commitShipOn.values[row] = shipOn;
  }
  const orders = facts.orders.columns;
  const ofOrder = (byCustomer ? orders.changesByCustomer : orders.changesBySupplier).values;
  ofOrder[order] = (ofOrder[order] as number) + 1;
}
