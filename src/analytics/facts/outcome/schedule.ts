import { nullDay } from '../../table.ts';
import { earlier, laterDay } from '../days.ts';
import { type Exact, isPositive, lesser, makesUp, plus, toUnits } from '../exact.ts';
import { type FoldedFacts, type PartialDelivery, scheduleOf } from '../facts.ts';
import { basisCount, clear, inherit, missedBy, ship, valuesOf } from './targets.ts';

interface OfLine {
  readonly counted: boolean;
  readonly under: number;
}

/** Schedule lines of one line, and what the line inherits from them. */
export function settleSchedule(facts: FoldedFacts, line: number, of: OfLine): void {
  const lines = facts.lines.columns;
  const { columns } = facts.schedule;
  for (const row of scheduleOf(facts, line)) {
    clear(columns, row);
    columns.orderedOn.values[row] = lines.orderedOn.values[line] as number;
    if (of.counted && isAwaited(facts, row)) settleOne(facts, line, row, of.under);
    settleOnTimeQuantity(facts, row);
    inherit(lines, line, columns, row);
    for (let basis = 0; basis < basisCount; basis += 1) {
      const late = valuesOf(lines.late, basis);
      late[line] = laterDay(late[line] as number, valuesOf(columns.late, basis)[row] as number);
    }
  }
}

/** A schedule line counts unless the customer cancelled all of it; what we took away ourselves stays promised. */
const isAwaited = ({ schedule }: FoldedFacts, row: number): boolean =>
  isPositive(schedule.columns.qty.at(row)) || schedule.columns.short.values[row] === 1;

/**
 * More may have left against one schedule line than against another that lost a part on the way: what makes the line whole
 * makes each of its schedule lines whole.
 */
function settleOne(facts: FoldedFacts, line: number, row: number, under: number): void {
  const { columns } = facts.schedule;
  const qty = columns.qty.at(row);
  columns.counted.values[row] = 1;
  if (isPositive(qty)) settleArrival(facts, line, row, { qty, under });
  const order = facts.orders.columns.ending.values[columns.order.values[row] as number] as number;
  columns.open.values[row] = Number(order < 0 && Number.isNaN(columns.completedAt.values[row]));
  const completedOn = columns.completedOn.values[row] as number;
  settleTarget(facts, row, 0, facts.lines.columns.requestedOn.values[line] as number, completedOn);
  settleTarget(facts, row, 1, columns.firstDeliverOn.values[row] as number, completedOn);
  settleTarget(facts, row, 2, columns.commitDeliverOn.values[row] as number, completedOn);
  settleTarget(facts, row, 3, columns.lastDeliverOn.values[row] as number, completedOn);
  settleTarget(facts, row, ship, columns.commitShipOn.values[row] as number, columns.shippedOn.values[row] as number);
}

function settleArrival(
  facts: FoldedFacts,
  line: number,
  row: number,
  { qty, under }: { readonly qty: Exact; readonly under: number },
): void {
  const { columns } = facts.schedule;
  const zone = columns.zone.values[row] as number;
  const own = makesUp(columns.delivered.at(row), qty, under)
    ? (columns.lastDeliveredAt.values[row] as number)
    : Number.NaN;
  const completedAt = earlier(own, facts.lines.columns.completedAt.values[line] as number);
  columns.completedAt.values[row] = completedAt;
  columns.completedOn.values[row] = facts.promiseDays.day(completedAt, zone);
  if (!Number.isNaN(completedAt)) columns.inFull.values[row] = Number(columns.short.values[row] !== 1);
  if (!makesUp(columns.shipped.at(row), qty, under)) return;
  const shippedAt = columns.lastShippedAt.values[row] as number;
  columns.shippedAt.values[row] = shippedAt;
  columns.shippedOn.values[row] = facts.promiseDays.day(shippedAt, zone);
}

function settleTarget({ schedule }: FoldedFacts, row: number, basis: number, target: number, done: number): void {
  const { columns } = schedule;
  valuesOf(columns.target, basis)[row] = target;
  valuesOf(columns.missed, basis)[row] = missedBy(target, done);
  valuesOf(columns.late, basis)[row] = target === nullDay || done === nullDay ? nullDay : done - target;
}

/** What arrived by the commit date, at most what was wanted: more than that makes up for nothing. */
function settleOnTimeQuantity(facts: FoldedFacts, row: number): void {
  const { columns } = facts.schedule;
  const wanted = plus(columns.qty.at(row), columns.takenAway.at(row));
  const several = facts.parts.size === 0 ? undefined : facts.parts.get(row);
  let arrived: Exact = 0;
  if (several) arrived = arrivedOnTime(facts, row, several);
  else if (isOnTime(facts, row, columns.lastDeliveredAt.values[row] as number)) arrived = columns.delivered.at(row);
  columns.wantedQty.values[row] = toUnits(wanted);
  columns.onTimeQty.values[row] = toUnits(lesser(arrived, wanted));
}

function isOnTime({ schedule, promiseDays }: FoldedFacts, row: number, at: number): boolean {
  const { commitDeliverOn, zone } = schedule.columns;
  return (
    !Number.isNaN(at) && promiseDays.day(at, zone.values[row] as number) <= (commitDeliverOn.values[row] as number)
  );
}

function arrivedOnTime(facts: FoldedFacts, row: number, parts: readonly PartialDelivery[]): Exact {
  let arrived: Exact = 0;
  for (const { at, qty } of parts) if (isOnTime(facts, row, at)) arrived = plus(arrived, qty);
  return arrived;
}
