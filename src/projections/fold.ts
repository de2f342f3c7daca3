import { type DomainEvent, decodeEvent } from '../events/decode.ts';
import type { Position, Recorded } from '../events/envelope.ts';
import { isAfter } from './checkpoint.ts';
import type { Projection } from './projection.ts';
import type { Skips } from './quarantine/skips.ts';

/** What the fold needs to know of a projection at work. */
export interface Standing {
  readonly projection: Projection;
  readonly generation: { readonly position: Position | 'start' };
  /** Streams that wait for a repair. */
  readonly parked: ReadonlySet<string>;
  /** Events that somebody decided to leave out. */
  readonly skips: Skips;
}

/** An event on its way through the feeds, decoded once for all of them. */
export interface Incoming {
  readonly recorded: Recorded;
  readonly event: DomainEvent | undefined;
  /** Why it cannot be folded, by projection; '*' for all of them. */
  refusals?: Map<string, unknown>;
}

export interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

/** What a batch does to the documents of a projection. */
export interface Folded {
  readonly changes: ReadonlyMap<string, Change>;
  /** Streams to park from here on, with the cause. */
  readonly poisoned: ReadonlyMap<string, unknown>;
  /** Events of parked streams, in order. */
  readonly held: readonly Recorded[];
  /** How many events concerned the projection, and the position of the first. */
  readonly count: number;
  readonly first?: Position;
}

export function incoming(recorded: Recorded): Incoming {
  try {
    return { recorded, event: decodeEvent(recorded) };
  } catch (cause) {
    return { recorded, event: undefined, refusals: new Map([['*', cause]]) };
  }
}

export function refuse(entry: Incoming, projection: string, cause: unknown): void {
  entry.refusals ??= new Map();
  entry.refusals.set(projection, cause);
}

type Handler = (doc: unknown, event: DomainEvent) => unknown;

const handlerOf = (projection: Projection, type: string): Handler | undefined =>
  (projection.handles as Readonly<Record<string, Handler | undefined>>)[type];

const concerns = (feed: Standing, { recorded }: Incoming): boolean =>
  handlerOf(feed.projection, recorded.type) !== undefined &&
  isAfter(recorded.position, feed.generation.position) &&
  !feed.skips.has(recorded);

const keyOf = (projection: Projection, event: DomainEvent): string => projection.keyOf?.(event) ?? event.stream;

/** Keys whose documents may exist already. */
export function keysToLoad(feed: Standing, batch: readonly Incoming[]): Set<string> {
  const keys = new Set<string>();
  const looksUp = feed.projection.kept !== 'nowhere';
  const opened = new Set<string>();
  for (const entry of batch) {
    const { event, recorded } = entry;
    if (!event || !concerns(feed, entry) || feed.parked.has(recorded.stream)) continue;
    try {
      const key = keyOf(feed.projection, event);
      if (!looksUp) continue;
      if (recorded.revision === 0 && feed.projection.opens?.includes(event.type)) opened.add(key);
      else if (!opened.has(key)) keys.add(key);
    } catch (cause) {
      refuse(entry, feed.projection.name, cause);
    }
  }
  return keys;
}

/** Pure, event by event: folds a batch over the documents. An event that cannot be folded parks its stream; the rest flows on. */
export function* foldEvents(
  feed: Standing,
  batch: readonly Incoming[],
  documents: ReadonlyMap<string, unknown>,
): Generator<void, Folded> {
  const changes = new Map<string, { before: unknown; after: unknown }>();
  const poisoned = new Map<string, unknown>();
  const held: Recorded[] = [];
  let count = 0;
  let first: Position | undefined;
  for (const entry of batch) {
    yield;
    if (!concerns(feed, entry)) continue;
    const { stream } = entry.recorded;
    count += 1;
    first ??= entry.recorded.position;
    if (feed.parked.has(stream) || poisoned.has(stream)) {
      held.push(entry.recorded);
      continue;
    }
    try {
      foldOne(feed.projection, entry, changes, documents);
    } catch (cause) {
      poisoned.set(stream, cause);
      held.push(entry.recorded);
    }
  }
  return { changes, poisoned, held, count, ...(first !== undefined && { first }) };
}

function foldOne(
  projection: Projection,
  { event, refusals, recorded }: Incoming,
  changes: Map<string, { before: unknown; after: unknown }>,
  documents: ReadonlyMap<string, unknown>,
): void {
  if (refusals) {
    if (refusals.has('*')) throw refusals.get('*');
    if (refusals.has(projection.name)) throw refusals.get(projection.name);
  }
  const handler = handlerOf(projection, recorded.type);
  if (!event || !handler) return;
  const key = keyOf(projection, event);
  const change = changes.get(key);
  if (change) {
    change.after = handler(change.after, event);
    return;
  }
  const before = documents.get(key);
  const after = handler(before, event);
  if (after !== before) changes.set(key, { before, after });
}
