import { type ChangeColumns, type ChangeKind, changeKinds, flag, kindOf } from './changes/change-columns.ts';
import type { ChangeWriter } from './changes/change-writer.ts';
import { Cursor } from './changes/cursor.ts';
import { dictionaryAt } from './changes/dictionaries.ts';
import { later } from './days.ts';
import { type FoldedFacts, reachTo } from './facts.ts';
import { cancelled, ended, erroneous, holdPlaced, holdReleased, reopened } from './fold/endings.ts';
import { linesAdded, linesChanged, started } from './fold/entry.ts';
import { delivered, shipped } from './fold/movements.ts';
import { promised, revised } from './fold/promises.ts';

/** Applies changes to the facts, those of the last event and those that were kept alike. */

const cursor = new Cursor();

/** The change that was just written. */
export function applyLast(facts: FoldedFacts, writer: ChangeWriter): void {
  cursor.over(writer.raw());
  cursor.seek(writer.events - 1);
  apply(facts, cursor);
}

/** The changes in the rows `from` to `to` (exclusive). */
export function applyRows(facts: FoldedFacts, columns: ChangeColumns, from: number, to: number): void {
  cursor.over(columns);
  for (let row = from; row < to; row += 1) {
    cursor.seek(row);
    apply(facts, cursor);
  }
}

const [none, parked] = [kindOf('none'), kindOf('Parked')];

/** Events that are looked at and left out bring their words all the same: codes count in the order in which words came. */
export function takeWords(facts: FoldedFacts, change: Cursor): void {
  const count = change.code();
  for (let left = count; left > 0; left -= 1) {
    const dictionary = dictionaryAt(facts, change.code());
    if (dictionary.length === change.code()) change.textInto(dictionary.texts);
    else change.skipText();
  }
}

export function apply(facts: FoldedFacts, change: Cursor): void {
  facts.events += 1;
  facts.recordedAt = later(facts.recordedAt, change.recordedAt);
  const { kind, flags } = change;
  if ((flags & flag.words) !== 0) takeWords(facts, change);
  if (kind === none) return;
  facts.version += 1;
  if (kind === parked) {
    park(facts, change);
    return;
  }
  const order = kind === orderStarted ? started(facts, change) : change.order;
  if (kind !== orderStarted) (applierOf[kind] as Applier)(facts, order, change);
  reachTo(facts, change.at);
  touched(facts, order, change);
  facts.unsettled.add(order);
}

function park(facts: FoldedFacts, change: Cursor): void {
  const [stream, code, message, position] = [change.text(), change.text(), change.text(), change.text()];
  facts.parked.set(stream, { stream, position, code, message });
}

const orderStarted = kindOf('OrderStarted');

type Applier = (facts: FoldedFacts, order: number, change: Cursor) => void;

const appliers: { readonly [Kind in Exclude<ChangeKind, 'none' | 'Parked' | 'OrderStarted'>]: Applier } = {
  OrderLinesAdded: linesAdded,
  OrderSubmitted: ({ orders }, order, { at }) => {
    orders.columns.submittedAt.values[order] = at;
  },
  OrderAccepted: ({ orders }, order, { at }) => {
    orders.columns.acceptedAt.values[order] = at;
  },
  OrderRejected: (facts, order, change) => ended(facts, order, change, 'rejected'),
  OrderLinesChanged: linesChanged,
  QuantityCancelled: cancelled,
  OrderCancelled: (facts, order, change) =>
    ended(facts, order, change, change.code() === 1 ? 'cancelled-by-supplier' : 'cancelled-by-customer'),
  PromiseCommitted: promised,
  PromiseRevised: revised,
  LinesShipped: shipped,
  LinesDelivered: delivered,
  DeliveryErrorRecorded: erroneous,
  HoldPlaced: holdPlaced,
  HoldReleased: holdReleased,
  OrderClosed: (facts, order, change) => ended(facts, order, change, 'closed'),
  OrderReopened: reopened,
};

const applierOf: readonly (Applier | undefined)[] = changeKinds.map(
  (kind) => (appliers as Partial<Record<ChangeKind, Applier>>)[kind],
);

const increment = (values: Int32Array, row: number): void => {
  values[row] = (values[row] as number) + 1;
};

const orderAccepted = kindOf('OrderAccepted');

function touched({ orders }: FoldedFacts, order: number, { kind, flags }: Cursor): void {
  if (flags === 0) return;
  const { humanTouches, entryTouches, rework, acceptedAt } = orders.columns;
  const accepted = !Number.isNaN(acceptedAt.values[order]);
  if ((flags & flag.human) !== 0) {
    increment(humanTouches.values, order);
    if (!accepted || kind === orderAccepted) increment(entryTouches.values, order);
  }
  if ((flags & flag.rework) !== 0 || ((flags & flag.reworkOnceAccepted) !== 0 && accepted))
    increment(rework.values, order);
}
