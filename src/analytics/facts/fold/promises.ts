import type { EventOf } from '../../../events/decode.ts';
import { nullDay } from '../../table.ts';
import { dayOf } from '../days.ts';
import { exactOf } from '../exact.ts';
import type { FoldedFacts } from '../facts.ts';
import { concernedLines, scheduleNamed } from './lines.ts';

type Promised = EventOf<'PromiseCommitted'>['data']['lines'][number]['scheduleLines'][number];
type Dates = { readonly deliverOn: number; readonly shipOn: number };

const datesOf = ({ deliverOn, shipOn }: Promised['promise']): Dates => ({
  deliverOn: dayOf(deliverOn),
  shipOn: shipOn === undefined ? nullDay : dayOf(shipOn),
});

export function promised(facts: FoldedFacts, order: number, event: EventOf<'PromiseCommitted'>): void {
  const { lines } = event.data;
  const rows = concernedLines(facts, order, lines);
  const dates = lines.map(({ scheduleLines }) => scheduleLines.map(({ promise }) => datesOf(promise)));
  const at = Date.parse(event.metadata.occurredAt);
  lines.forEach(({ scheduleLines }, index) => {
    scheduleLines.forEach((promise, part) => {
      const row = scheduleAdded(facts, order, rows[index] as number, promise, dates[index]?.[part] as Dates);
      facts.schedule.columns.promisedAt.values[row] = at;
    });
  });
}

function scheduleAdded(facts: FoldedFacts, order: number, line: number, part: Promised, dates: Dates): number {
  const row = facts.schedule.add();
  const { columns } = facts.schedule;
  columns.order.values[row] = order;
  columns.line.values[row] = line;
  columns.scheduleId.set(row, part.scheduleId);
  columns.qty.set(row, exactOf(part.qty.value));
  columns.zone.set(row, part.promise.zone);
  for (const deliverOn of [columns.firstDeliverOn, columns.commitDeliverOn, columns.lastDeliverOn])
    deliverOn.values[row] = dates.deliverOn;
  for (const shipOn of [columns.firstShipOn, columns.commitShipOn, columns.lastShipOn])
    shipOn.values[row] = dates.shipOn;
  const { firstSchedule, lastSchedule } = facts.lines.columns;
  const last = lastSchedule.values[line] as number;
  if (last < 0) firstSchedule.values[line] = row;
  else columns.next.values[last] = row;
  lastSchedule.values[line] = row;
  return row;
}

/** The last promise always moves; the commit date moves only if the customer asked for it or agreed. */
export function revised(facts: FoldedFacts, order: number, { data }: EventOf<'PromiseRevised'>): void {
  const rows = concernedLines(facts, order, data.scheduleLines);
  const dates = data.scheduleLines.map(({ to }) => datesOf(to));
  const byCustomer = data.initiator === 'customer';
  const agreed = data.customerAgreed || byCustomer;
  const { columns } = facts.schedule;
  const [changes, slip] = byCustomer
    ? [columns.changesByCustomer, columns.slipByCustomer]
    : [columns.changesBySupplier, columns.slipBySupplier];
  data.scheduleLines.forEach(({ scheduleId, to }, at) => {
    const row = scheduleNamed(facts, rows[at] as number, scheduleId);
    if (row < 0) return;
    const { deliverOn, shipOn } = dates[at] as Dates;
    changes.values[row] = (changes.values[row] as number) + 1;
    slip.values[row] = (slip.values[row] as number) + deliverOn - (columns.lastDeliverOn.values[row] as number);
    columns.lastDeliverOn.values[row] = deliverOn;
    columns.lastShipOn.values[row] = shipOn;
    columns.zone.set(row, to.zone);
    if (!agreed) return;
    columns.commitDeliverOn.values[row] = deliverOn;
    columns.commitShipOn.values[row] = shipOn;
  });
  const count = facts.orders.columns[byCustomer ? 'changesByCustomer' : 'changesBySupplier'].values;
  count[order] = (count[order] as number) + 1;
}
