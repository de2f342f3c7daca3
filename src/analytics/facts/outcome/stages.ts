import { chain, type FoldedFacts } from '../facts.ts';

interface HoldInterval {
  readonly from: number;
  /** NaN while it is in force. */
  readonly to: number;
  readonly holdType: number;
}

const noHolds: readonly HoldInterval[] = [];

function holdsOf({ orders, holds }: FoldedFacts, order: number): readonly HoldInterval[] {
  const last = orders.columns.lastHold.values[order] as number;
  if (last < 0) return noHolds;
  const { from, to, holdType, next } = holds.columns;
  const found: HoldInterval[] = [];
  for (const row of chain(last, next.values))
    found.push({
      from: from.values[row] as number,
      to: to.values[row] as number,
      holdType: holdType.values[row] as number,
    });
  return found;
}

/**
 * Splits the way from order to delivery at its milestones. A milestone that is not known gives no stage, and its time goes to
 * the next one: the stages add up to the whole exactly.
 */
export function settleStages(facts: FoldedFacts, order: number): void {
  const { columns } = facts.orders;
  const holds = holdsOf(facts, order);
  const acceptedAt = columns.acceptedAt.values[order] as number;
  const clean = cleanAt(holds, acceptedAt, columns.firstShippedAt.values[order] as number);
  columns.cleanAt.values[order] = clean;
  const ordered = columns.orderedAt.values[order] as number;
  const completed = columns.completedAt.values[order] as number;
  const customer = facts.holds.columns.holdType.known('customer');
  columns.held.values[order] = covered(holds, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  columns.heldByCustomer.values[order] = covered(holds, ordered, completed, customer);
  const isWhole = !Number.isNaN(completed) && !Number.isNaN(ordered);
  let before = isWhole ? ordered : Number.NaN;
  before = stage(columns.stageAccept.values, order, before, acceptedAt);
  before = stage(columns.stageClean.values, order, before, clean);
  before = stage(columns.stageShip.values, order, before, columns.shippedAt.values[order] as number);
  stage(columns.stageDeliver.values, order, before, completed);
}

/** Writes the time from the milestone before; gives the milestone from which the next stage counts. */
function stage(into: Float64Array, order: number, before: number, to: number): number {
  into[order] = to - before;
  return Number.isNaN(before) || Number.isNaN(to) ? before : to;
}

/** Null while something holds the order, or it was not accepted. */
function cleanAt(holds: readonly HoldInterval[], acceptedAt: number, firstShippedAt: number): number {
  let clean = acceptedAt;
  for (const { to } of holds) {
    if (to > firstShippedAt) continue;
    if (Number.isNaN(to) && Number.isNaN(firstShippedAt)) return Number.NaN;
    if (to > clean) clean = to;
  }
  return clean;
}

const byBegin = (a: HoldInterval, b: HoldInterval): number => a.from - b.from;

/** Milliseconds that an order was on released holds of the type with that code; overlapping ones count once. */
export const heldFor = (facts: FoldedFacts, order: number, holdType: number): number =>
  covered(holdsOf(facts, order), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, holdType);

/** Length of the union of the released holds (of one type, or of all), within bounds; 0 if the bounds are not known. */
function covered(holds: readonly HoldInterval[], from: number, to: number, holdType?: number): number {
  if (holds.length === 0 || Number.isNaN(from) || Number.isNaN(to)) return 0;
  let total = 0;
  let reached = from;
  for (const hold of holds.length === 1 ? holds : [...holds].sort(byBegin)) {
    if (Number.isNaN(hold.to) || (holdType !== undefined && hold.holdType !== holdType)) continue;
    const start = Math.max(hold.from, reached);
    const end = Math.min(hold.to, to);
    if (end <= start) continue;
    total += end - start;
    reached = end;
  }
  return total;
}
