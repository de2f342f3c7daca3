import { nullDay } from '../table.ts';
import { earlierDay, later, laterDay } from './days.ts';
import { endings } from './endings.ts';
import { isPositive, makesUp, minus, toUnits } from './exact.ts';
import type { FoldedFacts } from './facts.ts';
import { wanted } from './fold/movements.ts';
import { settleErrors } from './outcome/errors.ts';
import { settleQuantities } from './outcome/quantities.ts';
import { settleSchedule } from './outcome/schedule.ts';
import { settleStages } from './outcome/stages.ts';
import { basisCount, clear, inherit, missedBy, request, valuesOf } from './outcome/targets.ts';

const rejected = endings.indexOf('rejected');
const byCustomer = endings.indexOf('cancelled-by-customer');
const bySupplier = endings.indexOf('cancelled-by-supplier');

/**
 * Works out how an order, its lines and its schedule lines came out, from the columns that the fold filled. On-time means
 * that the last missing part arrived by the target; all parts of a line must be met, and all lines of an order.
 *
 * Every order comes here again and again: no closure, generator or object is made on the way that most take.
 */
export function settle(facts: FoldedFacts, order: number): void {
  const { columns } = facts.orders;
  const ending = columns.ending.values[order] as number;
  const taken = ending !== rejected && ending !== byCustomer;
  clear(columns, order);
  settleErrors(facts, order);
  const zone = columns.shipToZone.values[order] as number;
  columns.orderedOn.values[order] = facts.placeDays.day(columns.orderedAt.values[order] as number, zone);
  columns.firstShippedOn.values[order] = nullDay;
  summary.counted = 0;
  summary.complete = true;
  summary.left = true;
  summary.full = true;
  const next = facts.lines.columns.next.values;
  for (let line = columns.firstLine.values[order] as number; line >= 0; line = next[line] as number) {
    settleLine(facts, order, line, taken);
    if (taken) addLine(facts, order, line);
  }
  if (taken && summary.counted > 0) finish(facts, order);
  settleEnding(facts, order, ending);
  settleStages(facts, order);
}

/** Of the lines of the order that is worked on. */
const summary = { counted: 0, complete: true, left: true, full: true };

/** Lines that the customer cancelled whole do not count for the order. */
function addLine({ orders, lines }: FoldedFacts, order: number, line: number): void {
  const [whole, part] = [orders.columns, lines.columns];
  for (let basis = 0; basis < basisCount; basis += 1) {
    const into = valuesOf(whole.late, basis);
    into[order] = laterDay(into[order] as number, valuesOf(part.late, basis)[line] as number);
  }
  if (part.counted.values[line] !== 1) return;
  inherit(whole, order, part, line);
  const first = whole.firstShippedOn.values;
  first[order] = earlierDay(first[order] as number, part.firstShippedOn.values[line] as number);
  laterOf(whole.completedAt.values, order, part.completedAt.values[line] as number);
  laterOf(whole.shippedAt.values, order, part.shippedAt.values[line] as number);
  laterDayOf(whole.completedOn.values, order, part.completedOn.values[line] as number);
  laterDayOf(whole.shippedOn.values, order, part.shippedOn.values[line] as number);
  summary.counted += 1;
  summary.complete = summary.complete && !Number.isNaN(part.completedAt.values[line]);
  summary.left = summary.left && part.shippedOn.values[line] !== nullDay;
  summary.full = summary.full && part.inFull.values[line] === 1;
}

function laterOf(values: Float64Array, row: number, other: number): void {
  values[row] = later(values[row] as number, other);
}

function laterDayOf(values: Int32Array, row: number, other: number): void {
  values[row] = laterDay(values[row] as number, other);
}

function finish({ orders }: FoldedFacts, order: number): void {
  const { columns } = orders;
  const { complete, left, full } = summary;
  columns.counted.values[order] = 1;
  columns.inFull.values[order] = complete ? Number(full) : 2;
  columns.open.values[order] = Number(!complete && (columns.ending.values[order] as number) < 0);
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
  const zone = facts.orders.columns.shipToZone.values[order] as number;
  const under = facts.orders.columns.under.values[order] as number;
  clear(columns, line);
  columns.orderedOn.values[line] = facts.placeDays.day(columns.orderedAt.values[line] as number, zone);
  const net = wanted(facts, line);
  const asked = minus(columns.ordered.at(line), columns.cancelledByCustomer.at(line));
  const gone = !isPositive(net);
  const counted = taken && !(gone && !isPositive(columns.cancelledBySupplier.at(line)));
  columns.counted.values[line] = Number(taken && isPositive(asked));
  const firstShippedAt = columns.firstShippedAt.values[line] as number;
  columns.firstShippedOn.values[line] = placeDay(facts, order, line, firstShippedAt);
  if (counted && !gone && makesUp(columns.delivered.at(line), net, under)) {
    const at = columns.lastDeliveredAt.values[line] as number;
    columns.completedAt.values[line] = at;
    columns.completedOn.values[line] = placeDay(facts, order, line, at);
    columns.inFull.values[line] = Number(makesUp(columns.delivered.at(line), asked, under));
  }
  if (counted && !gone && makesUp(columns.shipped.at(line), net, under)) {
    const at = columns.lastShippedAt.values[line] as number;
    columns.shippedAt.values[line] = at;
    columns.shippedOn.values[line] = placeDay(facts, order, line, at);
  }
  settleSchedule(facts, line, { counted, under });
  if (counted) settleRequest(facts, line);
  settleQuantities(facts, order, line);
}

/** The day at the place to which the line was promised, else at that of the order. */
function placeDay(facts: FoldedFacts, order: number, line: number, at: number): number {
  const first = facts.lines.columns.firstSchedule.values[line] as number;
  const promised = first < 0 ? -1 : (facts.schedule.columns.zone.values[first] as number);
  return promised < 0
    ? facts.placeDays.day(at, facts.orders.columns.shipToZone.values[order] as number)
    : facts.promiseDays.day(at, promised);
}

/** The date that the customer asked for holds for the whole line, promised or not. */
function settleRequest({ lines }: FoldedFacts, line: number): void {
  const { target, missed, late, requestedOn, completedOn } = lines.columns;
  const asked = requestedOn.values[line] as number;
  const done = completedOn.values[line] as number;
  valuesOf(target, request)[line] = asked;
  valuesOf(missed, request)[line] = missedBy(asked, done);
  valuesOf(late, request)[line] = asked === nullDay || done === nullDay ? nullDay : done - asked;
}

/** Whole cancellation: of the order, or of every line of it by the same side. */
function settleEnding(facts: FoldedFacts, order: number, ending: number): void {
  const orders = facts.orders.columns;
  const lines = facts.lines.columns;
  const customer = ending === byCustomer;
  const supplier = ending === bySupplier;
  let [any, all, allByCustomer, allBySupplier] = [false, true, true, true];
  for (let line = orders.firstLine.values[order] as number; line >= 0; line = lines.next.values[line] as number) {
    const ordered = lines.ordered.at(line);
    const gone = !isPositive(wanted(facts, line));
    const goneByCustomer = lines.cancelledByCustomer.at(line) >= ordered;
    const goneBySupplier = lines.cancelledBySupplier.at(line) >= ordered;
    const rest = minus(wanted(facts, line), lines.shipped.at(line));
    const lost = isPositive(rest) ? toUnits(rest) : 0;
    const byThem = toUnits(lines.cancelledByCustomer.at(line)) + (customer ? lost : 0);
    const byUs = toUnits(lines.cancelledBySupplier.at(line)) + (supplier ? lost : 0);
    lines.goneByCustomer.values[line] = byThem;
    lines.goneBySupplier.values[line] = byUs;
    lines.gone.values[line] = byThem + byUs;
    lines.cancelledWhole.values[line] = Number(customer || supplier || gone);
    lines.cancelledWholeByCustomer.values[line] = Number(customer || goneByCustomer);
    lines.cancelledWholeBySupplier.values[line] = Number(supplier || goneBySupplier);
    any = true;
    all = all && gone;
    allByCustomer = allByCustomer && goneByCustomer;
    allBySupplier = allBySupplier && goneBySupplier;
  }
  orders.cancelledWhole.values[order] = Number(customer || supplier || (any && all));
  orders.cancelledWholeByCustomer.values[order] = Number(customer || (any && allByCustomer));
  orders.cancelledWholeBySupplier.values[order] = Number(supplier || (any && allBySupplier));
}
