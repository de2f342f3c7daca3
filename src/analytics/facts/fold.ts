import type { OrderFact } from '../../events/catalog/index.ts';
import { type DomainEvent, decodeEvent, type EventOf } from '../../events/decode.ts';
import type { Recorded } from '../../events/envelope.ts';
import { applyLast } from './apply.ts';
import { flag, kindOf } from './changes/change-columns.ts';
import { ChangeWriter } from './changes/change-writer.ts';
import { Encoder } from './changes/encoder.ts';
import { type FoldedFacts, InconsistentFacts } from './facts.ts';
import { writeCancelled, writeErroneous, writeHoldPlaced, writeHoldReleased } from './fold/endings.ts';
import { writeLinesAdded, writeLinesChanged, writeStarted } from './fold/entry.ts';
import { writeDelivered, writeShipped } from './fold/movements.ts';
import { writePromised, writeRevised } from './fold/promises.ts';
import { settle } from './settle.ts';

/**
 * The only place that interprets events for analytics: an event becomes a change, and the change is applied. Changes that were
 * kept are applied again in the same way. `fold(prefix)` and then `fold(rest)` gives what `fold(all)` gives.
 */

type Writers = {
  readonly [Type in OrderFact['type']]: (to: Encoder, event: EventOf<Type>, facts: FoldedFacts) => void;
};

const nothing = (): void => {};

const writers: Writers = {
  OrderStarted: writeStarted,
  OrderLinesAdded: writeLinesAdded,
  OrderSubmitted: nothing,
  OrderAccepted: nothing,
  OrderRejected: nothing,
  OrderLinesChanged: writeLinesChanged,
  QuantityCancelled: writeCancelled,
  OrderCancelled: (to, { data }) => to.code(Number(data.initiator === 'supplier')),
  PromiseCommitted: writePromised,
  PromiseRevised: writeRevised,
  LinesShipped: writeShipped,
  LinesDelivered: writeDelivered,
  DeliveryErrorRecorded: writeErroneous,
  HoldPlaced: writeHoldPlaced,
  HoldReleased: writeHoldReleased,
  OrderClosed: nothing,
  OrderReopened: nothing,
};

export const foldedTypes: ReadonlySet<string> = new Set(Object.keys(writers));

const isFolded = (event: DomainEvent): event is EventOf<OrderFact['type']> => foldedTypes.has(event.type);

const scratch = new ChangeWriter(0);
const encoders = new WeakMap<FoldedFacts, Encoder>();

/**
 * Folds one event. A stream that cannot be interpreted is parked from there on, and the others go on. The change is kept in
 * `changes`, where they are given.
 */
export function fold(facts: FoldedFacts, recorded: Recorded, changes?: ChangeWriter): void {
  const to = changes ?? scratch;
  if (!changes) scratch.clear();
  const encoder = encoderOf(facts);
  encoder.clear();
  if (!foldedTypes.has(recorded.type) || facts.parked.has(recorded.stream)) {
    encoder.end(to, fixedOf(recorded), { kind: kindOf('none'), flags: 0, order: -1 });
    applyLast(facts, to);
  } else foldOne(facts, recorded, encoder, to);
  facts.position = recorded.position;
}

function foldOne(facts: FoldedFacts, recorded: Recorded, encoder: Encoder, to: ChangeWriter): void {
  let written = false;
  try {
    write(facts, decodeEvent(recorded), encoder, to);
    written = true;
    applyLast(facts, to);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (written) to.takeBack();
    encoder.drop();
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'not-interpretable';
    for (const text of [recorded.stream, code, error.message, recorded.position]) encoder.text(text);
    const order = facts.streams.rowOf(recorded.stream);
    encoder.end(to, fixedOf(recorded), { kind: kindOf('Parked'), flags: 0, order });
    applyLast(facts, to);
  }
}

function encoderOf(facts: FoldedFacts): Encoder {
  const encoder = encoders.get(facts) ?? new Encoder(facts);
  encoders.set(facts, encoder);
  return encoder;
}

const fixedOf = ({ position, metadata }: Recorded) => ({
  position,
  occurredAt: Date.parse(metadata.occurredAt),
  recordedAt: Date.parse(metadata.recordedAt),
});

const kinds: ReadonlyMap<string, number> = new Map(
  [...foldedTypes].map((type) => [type, kindOf(type as OrderFact['type'])]),
);

function write(facts: FoldedFacts, event: DomainEvent, encoder: Encoder, to: ChangeWriter): void {
  if (!isFolded(event)) throw new InconsistentFacts(`${event.type} is not about an order`);
  const order = event.type === 'OrderStarted' ? facts.orders.count : known(facts, event);
  const writer = writers[event.type] as (to: Encoder, event: DomainEvent, facts: FoldedFacts) => void;
  writer(encoder, event, facts);
  encoder.end(to, fixedOf(event), { kind: kinds.get(event.type) as number, flags: flagsOf(event), order });
}

function known({ streams }: FoldedFacts, { stream, type }: DomainEvent): number {
  const order = streams.rowOf(stream);
  if (order < 0) throw new InconsistentFacts(`${type} in ${stream} comes before the order was started`);
  return order;
}

/** Whose hands the event went through, and whether it repeats or undoes a step. */
function flagsOf(event: DomainEvent): number {
  const human = event.metadata.actor.kind === 'user' ? flag.human : 0;
  if (event.type === 'OrderLinesChanged' || event.type === 'QuantityCancelled') return human | flag.reworkOnceAccepted;
  const moved = event.type === 'PromiseRevised' && event.data.initiator === 'supplier';
  return moved || event.type === 'OrderReopened' ? human | flag.rework : human;
}

/** Works out the outcome of every order that changed since it was last done; a step for each. */
export function* settleAll(facts: FoldedFacts): Generator<void> {
  const { unsettled } = facts;
  for (let index = 0; index < unsettled.size; index += 1) {
    settle(facts, unsettled.at(index));
    yield;
  }
  unsettled.clear();
}
