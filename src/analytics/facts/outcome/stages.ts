import { chain, type FoldedFacts } from '../facts.ts';

interface HoldInterval {
  readonly from: number;
  /** NaN while it is in force. */
  readonly to: number;
  readonly byCustomer: boolean;
}

const noHolds: readonly HoldInterval[] = [];

function holdsOf({ orders, holds }: FoldedFacts, order: number): readonly HoldInterval[] {
  const last = orders.columns.lastHold.values[order] as number;
  if (last < 0) return noHolds;
  const { from, to, holdType, next } = holds.columns;
  const customer = holdType.known('customer');
  return [...chain(last, next.values)].map((row) => ({
    from: from.values[row] as number,
    to: to.values[row] as number,
    byCustomer: holdType.values[row] === customer,
  }));
}

/**
 * Splits the way from order to delivery at its milestones. A milestone that is not known gives no stage, and its time goes to
 * the next one: the stages add up to the whole exactly.
 */
export function settleStages(facts: FoldedFacts, order: number): void {
  const { columns } = facts.orders;
  const holds = holdsOf(facts, order);
  const acceptedAt = columns.acceptedAt.values[order] as number;
  columns.cleanAt.values[order] = cleanAt(holds, acceptedAt, columns.firstShippedAt.values[order] as number);
  const ordered = columns.orderedAt.values[order] as number;
  const completed = columns.completedAt.values[order] as number;
  columns.held.values[order] = covered(holds, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const byCustomer = holds.filter((hold) => hold.byCustomer);
  columns.heldByCustomer.values[order] = covered(byCustomer, ordered, completed);
  let before = ordered;
  const stage = (to: number): number => {
    if (Number.isNaN(completed) || Number.isNaN(ordered) || Number.isNaN(to)) return Number.NaN;
    const length = to - before;
    before = to;
    return length;
  };
  columns.stageAccept.values[order] = stage(acceptedAt);
  columns.stageClean.values[order] = stage(columns.cleanAt.values[order] as number);
  columns.stageShip.values[order] = stage(columns.shippedAt.values[order] as number);
  columns.stageDeliver.values[order] = stage(completed);
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

/** Length of the union of the released holds, within bounds; 0 if the bounds are not known. */
function covered(holds: readonly HoldInterval[], from: number, to: number): number {
  if (holds.length === 0 || Number.isNaN(from) || Number.isNaN(to)) return 0;
  let total = 0;
  let reached = from;
  for (const hold of holds.filter((one) => !Number.isNaN(one.to)).sort((a, b) => a.from - b.from)) {
    const start = Math.max(hold.from, reached);
    const end = Math.min(hold.to, to);
    if (end <= start) continue;
    total += end - start;
    reached = end;
  }
  return total;
}
