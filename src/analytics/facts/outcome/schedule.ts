import { nullDay } from '../../table.ts';
import { earlier, laterDay, localDay } from '../days.ts';
import { isPositive, lesser, makesUp, plus, toUnits } from '../exact.ts';
import { type FoldedFacts, scheduleOf } from '../facts.ts';
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
  const zone = columns.zone.at(row) ?? 'UTC';
  columns.counted.values[row] = 1;
  if (isPositive(qty)) {
    const own = makesUp(columns.delivered.at(row), qty, under) ? columns.lastDeliveredAt.values[row] : Number.NaN;
    const completedAt = earlier(own as number, facts.lines.columns.completedAt.values[line] as number);
    columns.completedAt.values[row] = completedAt;
    columns.completedOn.values[row] = localDay(completedAt, zone);
    if (!Number.isNaN(completedAt)) columns.inFull.values[row] = Number(columns.short.values[row] !== 1);
    if (makesUp(columns.shipped.at(row), qty, under)) {
      const shippedAt = columns.lastShippedAt.values[row] as number;
      columns.shippedAt.values[row] = shippedAt;
      columns.shippedOn.values[row] = localDay(shippedAt, zone);
    }
  }
  const order = facts.orders.columns.ending.values[columns.order.values[row] as number] as number;
  columns.open.values[row] = Number(order < 0 && Number.isNaN(columns.completedAt.values[row]));
  const targets = [
    facts.lines.columns.requestedOn.values[line],
    columns.firstDeliverOn.values[row],
    columns.commitDeliverOn.values[row],
    columns.lastDeliverOn.values[row],
    columns.commitShipOn.values[row],
  ] as number[];
  targets.forEach((target, basis) => {
    const done = columns[basis === ship ? 'shippedOn' : 'completedOn'].values[row] as number;
    valuesOf(columns.target, basis)[row] = target;
    valuesOf(columns.missed, basis)[row] = missedBy(target, done);
    valuesOf(columns.late, basis)[row] = target === nullDay || done === nullDay ? nullDay : done - target;
  });
}

/** What arrived by the commit date, at most what was wanted: more than that makes up for nothing. */
function settleOnTimeQuantity({ schedule, parts }: FoldedFacts, row: number): void {
  const { columns } = schedule;
  const due = columns.commitDeliverOn.values[row] as number;
  const zone = columns.zone.at(row) ?? 'UTC';
  const wanted = plus(columns.qty.at(row), columns.takenAway.at(row));
  const onTime = (at: number): boolean => !Number.isNaN(at) && localDay(at, zone) <= due;
  const several = parts.get(row);
  const arrived = several
    ? several.filter(({ at }) => onTime(at)).reduce((sum, { qty }) => plus(sum, qty), 0 as number | bigint)
    : onTime(columns.lastDeliveredAt.values[row] as number)
      ? columns.delivered.at(row)
      : 0;
  columns.wantedQty.values[row] = toUnits(wanted);
  columns.onTimeQty.values[row] = toUnits(lesser(arrived, wanted));
}
