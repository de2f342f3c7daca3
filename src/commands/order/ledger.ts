import { add, compare, type Decimal, max, min, multiply, subtract } from '../../values/decimal.ts';

/**
 * The quantities of one order line, all in the unit of the line. A line's true status is this vector; any single word
 * for it is derived. Events move quantity between buckets; nothing is ever set.
 */
export interface LineLedger {
  readonly ordered: Decimal;
  /** Includes what was substituted. */
  readonly cancelled: Decimal;
  /** Sum of the schedule lines; shipped quantity stays in it. */
  readonly promised: Decimal;
  readonly allocated: Decimal;
  readonly released: Decimal;
  readonly picked: Decimal;
  readonly packed: Decimal;
  readonly shipped: Decimal;
  /** The part of `shipped` that no promise covered. */
  readonly shippedUnpromised: Decimal;
  readonly delivered: Decimal;
  readonly invoiced: Decimal;
  readonly credited: Decimal;
  readonly returnAuthorised: Decimal;
  readonly returned: Decimal;
  readonly returnAccepted: Decimal;
  readonly substituted: Decimal;
}

/** Fractions of the ordered quantity by which a line may end below or above it. */
export interface LineTolerances {
  readonly under: Decimal;
  readonly over: Decimal;
}

const none: LineLedger = {
  ordered: '0',
  cancelled: '0',
  promised: '0',
  allocated: '0',
  released: '0',
  picked: '0',
  packed: '0',
  shipped: '0',
  shippedUnpromised: '0',
  delivered: '0',
  invoiced: '0',
  credited: '0',
  returnAuthorised: '0',
  returned: '0',
  returnAccepted: '0',
  substituted: '0',
};

export const openLedger = (ordered: Decimal): LineLedger => ({ ...none, ordered });

const atLeastZero = (value: Decimal): Decimal => max(value, '0');

/** Ordered less cancelled. */
export const open = (l: LineLedger): Decimal => subtract(l.ordered, l.cancelled);

/** What is still to be shipped, tolerances aside; never below zero. */
export const toShip = (l: LineLedger): Decimal => atLeastZero(subtract(open(l), l.shipped));

/** What has neither a promise nor left without one. */
export const unpromised = (l: LineLedger): Decimal =>
  atLeastZero(subtract(subtract(open(l), l.promised), l.shippedUnpromised));

export const underWay = (l: LineLedger): Decimal => subtract(l.shipped, l.delivered);

/** Nothing more is expected: what was not cancelled has arrived, within the under-delivery tolerance. */
export const isFinished = (l: LineLedger, { under }: Pick<LineTolerances, 'under'>): boolean =>
  compare(subtract(open(l), l.delivered), multiply(under, l.ordered)) <= 0;

/** As isFinished, for what has left instead of what has arrived. */
export const isFullyShipped = (l: LineLedger, { under }: Pick<LineTolerances, 'under'>): boolean =>
  compare(subtract(open(l), l.shipped), multiply(under, l.ordered)) <= 0;

export type LedgerMove = keyof typeof limits;

/** How much a move may take at most. Cancelling never reaches what has left; only shipping knows a tolerance. */
const limits = {
  cancel: toShip,
  substitute: toShip,
  promise: unpromised,
  /** Takes a promise away again, as far as nothing was shipped against it. */
  unpromise: (l: LineLedger) => subtract(l.promised, subtract(l.shipped, l.shippedUnpromised)),
  allocate: (l: LineLedger) => subtract(add(l.promised, l.shippedUnpromised), l.allocated),
  release: (l: LineLedger) => subtract(l.allocated, l.released),
  pick: (l: LineLedger) => subtract(l.released, l.picked),
  pack: (l: LineLedger) => subtract(l.picked, l.packed),
  ship: (l: LineLedger, { over }: LineTolerances) =>
    atLeastZero(subtract(multiply(open(l), add('1', over)), l.shipped)),
  deliver: underWay,
  invoice: (l: LineLedger) => subtract(l.shipped, l.invoiced),
  credit: (l: LineLedger) => subtract(l.invoiced, l.credited),
  authoriseReturn: (l: LineLedger) => subtract(l.shipped, l.returnAuthorised),
  receiveReturn: (l: LineLedger) => subtract(l.returnAuthorised, l.returned),
  acceptReturn: (l: LineLedger) => subtract(l.returned, l.returnAccepted),
} as const;

/** The most that the move may take from the line as it stands; never below zero. */
export const headroom = (l: LineLedger, move: LedgerMove, tolerances: LineTolerances): Decimal =>
  limits[move](l, tolerances);

const raised = (l: LineLedger, bucket: keyof LineLedger, qty: Decimal): LineLedger => ({
  ...l,
  [bucket]: add(l[bucket], qty),
});

/**
 * Goods that leave were allocated, released, picked and packed, even when nobody recorded these steps one by one: the
 * buckets before `shipped` never lag behind it. `unpromised` is the part of `qty` that no promise covers.
 */
function shipped(l: LineLedger, qty: Decimal, unpromised: Decimal): LineLedger {
  const total = add(l.shipped, qty);
  return {
    ...l,
    allocated: max(l.allocated, total),
    released: max(l.released, total),
    picked: max(l.picked, total),
    packed: max(l.packed, total),
    shipped: total,
    shippedUnpromised: add(l.shippedUnpromised, unpromised),
  };
}

/** What is no longer promised cannot stay allocated, nor what follows allocation. */
function unpromisedAgain(l: LineLedger, qty: Decimal): LineLedger {
  const promised = subtract(l.promised, qty);
  const allocated = min(l.allocated, add(promised, l.shippedUnpromised));
  const released = min(l.released, allocated);
  const picked = min(l.picked, released);
  return { ...l, promised, allocated, released, picked, packed: min(l.packed, picked) };
}

/**
 * Posts facts to the ledger. Facts are true: nothing is checked here. Decisions ask `headroom` first, and a cancellation
 * says how much of it was taken from promises.
 */
export const post = {
  order: (l: LineLedger, qty: Decimal) => raised(l, 'ordered', qty),
  cancel: (l: LineLedger, qty: Decimal, fromPromises: Decimal) =>
    unpromisedAgain(raised(l, 'cancelled', qty), fromPromises),
  substitute: (l: LineLedger, qty: Decimal, fromPromises: Decimal) =>
    raised(post.cancel(l, qty, fromPromises), 'substituted', qty),
  promise: (l: LineLedger, qty: Decimal) => raised(l, 'promised', qty),
  unpromise: unpromisedAgain,
  allocate: (l: LineLedger, qty: Decimal) => raised(l, 'allocated', qty),
  release: (l: LineLedger, qty: Decimal) => raised(l, 'released', qty),
  pick: (l: LineLedger, qty: Decimal) => raised(l, 'picked', qty),
  pack: (l: LineLedger, qty: Decimal) => raised(l, 'packed', qty),
  ship: shipped,
  deliver: (l: LineLedger, qty: Decimal) => raised(l, 'delivered', qty),
  invoice: (l: LineLedger, qty: Decimal) => raised(l, 'invoiced', qty),
  credit: (l: LineLedger, qty: Decimal) => raised(l, 'credited', qty),
  authoriseReturn: (l: LineLedger, qty: Decimal) => raised(l, 'returnAuthorised', qty),
  receiveReturn: (l: LineLedger, qty: Decimal) => raised(l, 'returned', qty),
  acceptReturn: (l: LineLedger, qty: Decimal) => raised(l, 'returnAccepted', qty),
} as const;
