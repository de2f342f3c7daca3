import type { OrderFact } from '../../events/catalog/index.ts';
import { type DomainEvent, decodeEvent, type EventOf } from '../../events/decode.ts';
import type { Recorded } from '../../events/envelope.ts';
import { later } from './days.ts';
import { type FoldedFacts, InconsistentFacts, reachTo } from './facts.ts';
import { cancelled, ended, erroneous, holdPlaced, holdReleased, reopened } from './fold/endings.ts';
import { linesAdded, linesChanged, started } from './fold/entry.ts';
import { delivered, shipped } from './fold/movements.ts';
import { promised, revised } from './fold/promises.ts';
import { settle } from './settle.ts';

/** The only place that interprets events for analytics. `fold(prefix)` and then `fold(rest)` gives what `fold(all)` gives. */

type Handled = Exclude<OrderFact['type'], 'OrderStarted'>;
type Handlers = { readonly [Type in Handled]: (facts: FoldedFacts, order: number, event: EventOf<Type>) => void };

const handlers: Handlers = {
  OrderLinesAdded: linesAdded,
  OrderSubmitted: ({ orders }, order, { metadata }) => {
    orders.columns.submittedAt.values[order] = Date.parse(metadata.occurredAt);
  },
  OrderAccepted: ({ orders }, order, { metadata }) => {
    orders.columns.acceptedAt.values[order] = Date.parse(metadata.occurredAt);
  },
  OrderRejected: (facts, order, { metadata }) => ended(facts, order, metadata.occurredAt, 'rejected'),
  OrderLinesChanged: linesChanged,
  QuantityCancelled: cancelled,
  OrderCancelled: (facts, order, { data, metadata }) =>
    ended(facts, order, metadata.occurredAt, `cancelled-by-${data.initiator}`),
  PromiseCommitted: promised,
  PromiseRevised: revised,
  LinesShipped: shipped,
  LinesDelivered: delivered,
  DeliveryErrorRecorded: erroneous,
  HoldPlaced: holdPlaced,
  HoldReleased: holdReleased,
  OrderClosed: (facts, order, { metadata }) => ended(facts, order, metadata.occurredAt, 'closed'),
  OrderReopened: reopened,
};

export const foldedTypes: ReadonlySet<string> = new Set(['OrderStarted', ...Object.keys(handlers)]);

const isFolded = (event: DomainEvent): event is EventOf<OrderFact['type']> => foldedTypes.has(event.type);

/** Folds one event. A stream that cannot be interpreted is parked from there on, and the others go on. */
export function fold(facts: FoldedFacts, recorded: Recorded): void {
  facts.position = recorded.position;
  facts.recordedAt = later(facts.recordedAt, Date.parse(recorded.metadata.recordedAt));
  if (!foldedTypes.has(recorded.type) || facts.parked.has(recorded.stream)) return;
  facts.version += 1;
  try {
    apply(facts, decodeEvent(recorded));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { stream, position } = recorded;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'not-interpretable';
    facts.parked.set(stream, { stream, position, code, message: error.message });
  }
}

function apply(facts: FoldedFacts, event: DomainEvent): void {
  if (!isFolded(event)) return;
  const order = event.type === 'OrderStarted' ? started(facts, event) : known(facts, event);
  if (event.type !== 'OrderStarted') {
    const handler = handlers[event.type] as (facts: FoldedFacts, order: number, event: DomainEvent) => void;
    handler(facts, order, event);
  }
  reachTo(facts, Date.parse(event.metadata.occurredAt));
  touched(facts, order, event);
  facts.unsettled.add(order);
}

function known({ rowOfStream }: FoldedFacts, { stream, type }: DomainEvent): number {
  const order = rowOfStream.get(stream);
  if (order === undefined) throw new InconsistentFacts(`${type} in ${stream} comes before the order was started`);
  return order;
}

const increment = (values: Int32Array, row: number): void => {
  values[row] = (values[row] as number) + 1;
};

/** Whose hands the event went through, and whether it repeats or undoes a step. */
function touched({ orders }: FoldedFacts, order: number, event: DomainEvent): void {
  const { humanTouches, entryTouches, rework, acceptedAt } = orders.columns;
  const accepted = !Number.isNaN(acceptedAt.values[order]);
  if (event.metadata.actor.kind === 'user') {
    increment(humanTouches.values, order);
    if (!accepted || event.type === 'OrderAccepted') increment(entryTouches.values, order);
  }
  const changed = event.type === 'OrderLinesChanged' || event.type === 'QuantityCancelled';
  const moved = event.type === 'PromiseRevised' && event.data.initiator === 'supplier';
  if (moved || event.type === 'OrderReopened' || (changed && accepted)) increment(rework.values, order);
}

/** Works out the outcome of every order that changed since it was last done; in slices, if `pause` is called. */
export function* settleAll(facts: FoldedFacts): Generator<void> {
  for (const order of facts.unsettled) {
    settle(facts, order);
    yield;
  }
  facts.unsettled.clear();
}
