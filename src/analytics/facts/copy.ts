import { FoldedFacts } from './facts.ts';

const entriesPerStep = 5_000;

/** A copy that can be folded on while the original stays as it is. The facts must be settled. */
export function* copyOf(facts: FoldedFacts): Generator<void, FoldedFacts> {
  const copy = new FoldedFacts();
  yield* copy.orders.takeFrom(facts.orders);
  yield* copy.lines.takeFrom(facts.lines);
  yield* copy.schedule.takeFrom(facts.schedule);
  yield* copy.shipments.takeFrom(facts.shipments);
  yield* copy.holds.takeFrom(facts.holds);
  yield* entries(facts.streams.named, copy.streams.named, (row) => row);
  yield* entries(facts.parked, copy.parked, (parked) => parked);
  yield* entries(facts.errorsOfOrder, copy.errorsOfOrder, (errors) => ({ ...errors }));
  yield* entries(facts.errorsOfLine, copy.errorsOfLine, (errors) => ({ ...errors }));
  yield* entries(facts.alsoLeftWith, copy.alsoLeftWith, (shipments) => [...shipments]);
  yield* entries(facts.parts, copy.parts, (parts) => [...parts]);
  Object.assign(copy.span, facts.span);
  copy.position = facts.position;
  copy.events = facts.events;
  copy.recordedAt = facts.recordedAt;
  copy.version = facts.version;
  return copy;
}

function* entries<Key, Value>(
  from: ReadonlyMap<Key, Value>,
  to: Map<Key, Value>,
  copied: (value: Value) => Value,
): Generator<void> {
  for (const [key, value] of from) {
    to.set(key, copied(value));
    if (to.size % entriesPerStep === 0) yield;
  }
}
