import { type LocalDate, localDateOf } from '../../values/dates.ts';
import { compare, subtract } from '../../values/decimal.ts';
import { commitPromise, isCounted, type LineFacts, lastPromise, type OrderFacts, type ScheduleFacts } from './facts.ts';
import { makesUp, wanted } from './fold.ts';

/**
 * The date that counts as the target. From strict to lenient: what the customer asked for; the first date we promised; the
 * commit date (first promise, replaced only with the customer's consent); the last date we told; and the departure planned
 * with the commit date, compared with when the goods left.
 */
export const bases = ['request', 'first_promise', 'commit', 'last_promise', 'ship'] as const;
export type Basis = (typeof bases)[number];

type Dates = Readonly<Record<Basis, LocalDate | null>>;

/** How a schedule line, line or order came out. Null dates: not yet, or no such target. */
export interface Outcome {
  /** Latest target of its parts. */
  readonly target: Dates;
  /** Earliest target that was missed or is still open; null when all were met. */
  readonly missed: Dates;
  /** When everything had arrived, if that is known to the second, and the local date of it at the place of delivery. */
  readonly completedAt: string | null;
  readonly completedOn: LocalDate | null;
  readonly shippedOn: LocalDate | null;
  /** Null while incomplete. */
  readonly inFull: boolean | null;
}

export interface LineOutcome extends Outcome {
  readonly schedule: readonly Outcome[];
}

export interface OrderOutcome extends Outcome {
  readonly lines: readonly LineOutcome[];
}

const noDates: Dates = { request: null, first_promise: null, commit: null, last_promise: null, ship: null };

const notCounted: Outcome = {
  target: noDates,
  missed: noDates,
  completedAt: null,
  completedOn: null,
  shippedOn: null,
  inFull: null,
};

const missedUnless = (target: LocalDate | null, doneOn: LocalDate | null): LocalDate | null =>
  target === null || (doneOn !== null && doneOn <= target) ? null : target;

function missedOf(target: Dates, completedOn: LocalDate | null, shippedOn: LocalDate | null): Dates {
  return {
    request: missedUnless(target.request, completedOn),
    first_promise: missedUnless(target.first_promise, completedOn),
    commit: missedUnless(target.commit, completedOn),
    last_promise: missedUnless(target.last_promise, completedOn),
    ship: missedUnless(target.ship, shippedOn),
  };
}

/**
 * `wholeAt`: when the line was complete. More may have left against one schedule line than against another that lost a
 * part on the way: what makes the line whole makes each of its schedule lines whole.
 */
function scheduleOutcome(order: OrderFacts, line: LineFacts, s: ScheduleFacts, wholeAt: string | null): Outcome {
  if (!isAwaited(s)) return notCounted;
  const gone = compare(s.qty, '0') <= 0;
  const { zone } = lastPromise(s);
  const arrivedAt = earliest(makesUp(s.delivered, s.qty, order.under) ? (s.deliveredAt ?? null) : null, wholeAt);
  const left = !gone && makesUp(s.shipped, s.qty, order.under) && s.shippedAt !== undefined;
  const completedAt = gone ? null : arrivedAt;
  const completedOn = completedAt === null ? null : localDateOf(completedAt, zone);
  const shippedOn = left && s.shippedAt !== undefined ? localDateOf(s.shippedAt, zone) : null;
  const target: Dates = {
    request: line.requestedOn ?? null,
    first_promise: s.firstPromise.deliverOn,
    commit: commitPromise(s).deliverOn,
    last_promise: lastPromise(s).deliverOn,
    ship: commitPromise(s).shipOn ?? null,
  };
  const missed = missedOf(target, completedOn, shippedOn);
  return {
    target,
    missed,
    completedAt,
    completedOn,
    shippedOn,
    inFull: completedAt === null ? null : s.short === undefined,
  };
}

function lineOutcome(order: OrderFacts, line: LineFacts): LineOutcome {
  const net = wanted(line);
  const nothingWanted = compare(net, '0') <= 0;
  if (nothingWanted && line.cancelledBySupplier === undefined)
    return { ...notCounted, schedule: line.schedule.map(() => notCounted) };
  const first = line.schedule[0];
  const zone = first ? lastPromise(first).zone : order.zone;
  const complete = !nothingWanted && makesUp(line.delivered, net, order.under);
  const left = !nothingWanted && makesUp(line.shipped, net, order.under);
  const arrivedAt = complete ? (line.deliveredAt ?? null) : null;
  const completedOn = arrivedAt === null ? null : localDateOf(arrivedAt, zone);
  const schedule = line.schedule.map((s) => scheduleOutcome(order, line, s, arrivedAt));
  const shippedOn = left && line.shippedAt !== undefined ? localDateOf(line.shippedAt, zone) : null;
  const parts = combine(schedule);
  const request = line.requestedOn ?? null;
  const asked = subtract(line.ordered, line.cancelledByCustomer ?? '0');
  return {
    schedule,
    // The request date holds for the whole line, promised or not.
    target: { ...parts.target, request },
    missed: { ...parts.missed, request: missedUnless(request, completedOn) },
    completedAt: line.untimed ? null : arrivedAt,
    completedOn,
    shippedOn,
    inFull: complete ? makesUp(line.delivered, asked, order.under) : null,
  };
}

const latest = (a: string | null, b: string | null) => (a === null || (b !== null && b > a) ? b : a);
const earliest = (a: string | null, b: string | null) => (a === null || (b !== null && b < a) ? b : a);

/** All targets of the parts must be met: the last one is the target, the first one missed is the miss. */
function combine(parts: readonly Outcome[]): { target: Dates; missed: Dates } {
  if (parts.length === 1 && parts[0]) return parts[0];
  const target: Record<Basis, LocalDate | null> = { ...noDates };
  const missed: Record<Basis, LocalDate | null> = { ...noDates };
  for (const part of parts) {
    for (const basis of bases) {
      target[basis] = latest(target[basis], part.target[basis]);
      missed[basis] = earliest(missed[basis], part.missed[basis]);
    }
  }
  return { target, missed };
}

function compute(order: OrderFacts): OrderOutcome {
  if (!isCounted(order)) {
    const lines = order.lines.map((line) => ({ ...notCounted, schedule: line.schedule.map(() => notCounted) }));
    return { ...notCounted, lines };
  }
  const lines = order.lines.map((line) => lineOutcome(order, line));
  const counted = lines.filter((line, at) => isWanted(order.lines[at]) && line !== undefined);
  const complete = counted.length > 0 && counted.every((line) => line.completedOn !== null);
  const timed = complete && counted.every((line) => line.completedAt !== null);
  const left = counted.length > 0 && counted.every((line) => line.shippedOn !== null);
  const last = (dates: readonly (string | null)[]): string | null => dates.reduce(latest, null);
  return {
    lines,
    ...combine(counted),
    completedAt: timed ? last(counted.map((line) => line.completedAt)) : null,
    completedOn: complete ? last(counted.map((line) => line.completedOn)) : null,
    shippedOn: left ? last(counted.map((line) => line.shippedOn)) : null,
    inFull: complete ? counted.every((line) => line.inFull) : null,
  };
}

/** A line counts unless the customer cancelled all of it. */
export const isWanted = (line: LineFacts | undefined): boolean =>
  line !== undefined && compare(subtract(line.ordered, line.cancelledByCustomer ?? '0'), '0') > 0;

/** A schedule line counts unless the customer cancelled all of it; what we took away ourselves stays promised. */
export const isAwaited = ({ qty, short }: ScheduleFacts): boolean => compare(qty, '0') > 0 || short === true;

interface Remembered {
  readonly order: OrderFacts;
  readonly outcome: OrderOutcome;
}
let newest: Remembered | undefined;
let second: Remembered | undefined;

/**
 * The outcome of an order with its lines and schedule lines. The rows of an order before and after a batch are made one
 * after the other: remembering two outcomes is enough (a WeakMap of all of them costs more in garbage collection).
 */
export function outcomeOf(order: OrderFacts): OrderOutcome {
  if (newest?.order === order) return newest.outcome;
  if (second?.order === order) return second.outcome;
  second = newest;
  newest = { order, outcome: compute(order) };
  return newest.outcome;
}
