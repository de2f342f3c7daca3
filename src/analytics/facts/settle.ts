import { nullDay } from '../table.ts';
import { earlierDay, later, laterDay, localDay } from './days.ts';
import { isPositive, makesUp, minus } from './exact.ts';
import { type FoldedFacts, linesOf } from './facts.ts';
import { wanted } from './fold/movements.ts';
import { settleErrors } from './outcome/errors.ts';
import { settleQuantities } from './outcome/quantities.ts';
import { settleSchedule } from './outcome/schedule.ts';
import { settleStages } from './outcome/stages.ts';
import { basisCount, clear, inherit, missedBy, request } from './outcome/targets.ts';

/**
 * Works out how an order, its lines and its schedule lines came out, from the columns that the fold filled. On-time means
 * that the last missing part arrived by the target; all parts of a line must be met, and all lines of an order.
 */
export function settle(facts: FoldedFacts, order: number): void {
  const { columns } = facts.orders;
  const ending = columns.ending.at(order);
  const taken = ending !== 'rejected' && ending !== 'cancelled-by-customer';
  clear(columns, order);
  settleErrors(facts, order);
  const zone = columns.shipToZone.at(order) ?? 'UTC';
  columns.orderedOn.values[order] = localDay(columns.orderedAt.values[order] as number, zone);
  columns.firstShippedOn.values[order] = nullDay;
  let summary: Summary = { counted: 0, complete: true, left: true, full: true };
  for (const line of linesOf(facts, order)) {
    settleLine(facts, order, line, taken);
    if (taken) summary = addLine(facts, order, line, summary);
  }
  if (taken && summary.counted > 0) finish(facts, order, summary);
  settleEnding(facts, order, ending);
  settleStages(facts, order);
}

interface Summary {
  readonly counted: number;
  readonly complete: boolean;
  readonly left: boolean;
  readonly full: boolean;
}

/** Lines that the customer cancelled whole do not count for the order. */
function addLine({ orders, lines }: FoldedFacts, order: number, line: number, summary: Summary): Summary {
  const [whole, part] = [orders.columns, lines.columns];
  for (let basis = 0; basis < basisCount; basis += 1) inheritLate(whole, order, part, line, basis);
  if (part.counted.values[line] !== 1) return summary;
  inherit(whole, order, part, line);
  const firstShippedOn = earlierDay(
    whole.firstShippedOn.values[order] as number,
    part.firstShippedOn.values[line] as number,
  );
  whole.firstShippedOn.values[order] = firstShippedOn;
  for (const name of ['completedAt', 'shippedAt'] as const)
    whole[name].values[order] = later(whole[name].values[order] as number, part[name].values[line] as number);
  for (const name of ['completedOn', 'shippedOn'] as const)
    whole[name].values[order] = laterDay(whole[name].values[order] as number, part[name].values[line] as number);
  return {
    counted: summary.counted + 1,
    complete: summary.complete && !Number.isNaN(part.completedAt.values[line]),
    left: summary.left && part.shippedOn.values[line] !== nullDay,
    full: summary.full && part.inFull.values[line] === 1,
  };
}

type Late = Pick<FoldedFacts['lines']['columns'], 'late'>;
function inheritLate(whole: Late, row: number, part: Late, partRow: number, basis: number): void {
  const into = whole.late[basis]?.values as Int32Array;
  into[row] = laterDay(into[row] as number, part.late[basis]?.values[partRow] as number);
}

function finish({ orders }: FoldedFacts, order: number, { complete, left, full }: Summary): void {
  const { columns } = orders;
  columns.counted.values[order] = 1;
  columns.inFull.values[order] = complete ? Number(full) : 2;
  columns.open.values[order] = Number(!complete && columns.ending.at(order) === undefined);
  if (!complete) {
    columns.completedAt.values[order] = Number.NaN;
    columns.completedOn.values[order] = nullDay;
  }
  if (!left) {
    columns.shippedAt.values[order] = Number.NaN;
    columns.shippedOn.values[order] = nullDay;
  }
}

function settleLine(facts: FoldedFacts, order: number, line: number, taken: boolean): void {
  const { columns } = facts.lines;
  const zone = facts.orders.columns.shipToZone.at(order) ?? 'UTC';
  const under = facts.orders.columns.under.values[order] as number;
  clear(columns, line);
  columns.orderedOn.values[line] = localDay(columns.orderedAt.values[line] as number, zone);
  const net = wanted(facts, line);
  const asked = minus(columns.ordered.at(line), columns.cancelledByCustomer.at(line));
  const gone = !isPositive(net);
  const counted = taken && !(gone && !isPositive(columns.cancelledBySupplier.at(line)));
  columns.counted.values[line] = Number(taken && isPositive(asked));
  const complete = counted && !gone && makesUp(columns.delivered.at(line), net, under);
  const left = counted && !gone && makesUp(columns.shipped.at(line), net, under);
  const first = columns.firstSchedule.values[line] as number;
  const placeZone = (first < 0 ? undefined : facts.schedule.columns.zone.at(first)) ?? zone;
  columns.firstShippedOn.values[line] = localDay(columns.firstShippedAt.values[line] as number, placeZone);
  if (complete) {
    const at = columns.lastDeliveredAt.values[line] as number;
    columns.completedAt.values[line] = at;
    columns.completedOn.values[line] = localDay(at, placeZone);
    columns.inFull.values[line] = Number(makesUp(columns.delivered.at(line), asked, under));
  }
  if (left) {
    const at = columns.lastShippedAt.values[line] as number;
    columns.shippedAt.values[line] = at;
    columns.shippedOn.values[line] = localDay(at, placeZone);
  }
  settleSchedule(facts, line, { counted, under });
  if (counted) settleRequest(facts, line);
  settleQuantities(facts, order, line);
}

/** The date that the customer asked for holds for the whole line, promised or not. */
function settleRequest({ lines }: FoldedFacts, line: number): void {
  const { target, missed, late, requestedOn, completedOn } = lines.columns;
  const asked = requestedOn.values[line] as number;
  const done = completedOn.values[line] as number;
  (target[request] as { values: Int32Array }).values[line] = asked;
  (missed[request] as { values: Int32Array }).values[line] = missedBy(asked, done);
  (late[request] as { values: Int32Array }).values[line] =
    asked === nullDay || done === nullDay ? nullDay : done - asked;
}

/** Whole cancellation: of the order, or of every line of it by the same side. */
function settleEnding(facts: FoldedFacts, order: number, ending: string | undefined): void {
  const flags = ['cancelledWhole', 'cancelledWholeByCustomer', 'cancelledWholeBySupplier'] as const;
  const orders = facts.orders.columns;
  const lines = facts.lines.columns;
  const whole = [
    ending?.startsWith('cancelled') === true,
    ending === 'cancelled-by-customer',
    ending === 'cancelled-by-supplier',
  ];
  const all = [true, true, true];
  let count = 0;
  for (const line of linesOf(facts, order)) {
    const ordered = lines.ordered.at(line);
    const [byCustomer, bySupplier] = [lines.cancelledByCustomer.at(line), lines.cancelledBySupplier.at(line)];
    const cancelled = [!isPositive(wanted(facts, line)), byCustomer >= ordered, bySupplier >= ordered];
    flags.forEach((flag, at) => {
      lines[flag].values[line] = Number(whole[at] || cancelled[at]);
      all[at] = (all[at] && cancelled[at]) === true;
    });
    count += 1;
  }
  flags.forEach((flag, at) => {
    orders[flag].values[order] = Number(whole[at] || (count > 0 && all[at]));
  });
}
