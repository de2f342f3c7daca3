import type { Queryable } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import { inSlices } from '../events/slices.ts';
import { type DocumentCache, loadDocuments } from './documents.ts';
import { type Folded, foldEvents, type Incoming, keysToLoad } from './fold.ts';
import type { Projection } from './projection.ts';
import type { Skips } from './quarantine/skips.ts';
import type { Generation } from './registry.ts';
import { PoisonEvent, RejectedRows } from './rejection.ts';
import { type Writes, writesOf } from './rows.ts';

/** A projection at work: its tables, what is known of its documents, and the streams that wait for a repair. */
export interface Feed {
  readonly projection: Projection;
  readonly documents: DocumentCache;
  readonly parked: Set<string>;
  readonly skips: Skips;
  /** How far it was folded in memory. */
  generation: Generation;
  /** What was folded but is not committed yet, oldest first. */
  readonly pending: Set<FoldedFeed>;
}

/** What a batch does to one feed. */
export interface FoldedFeed extends Folded {
  readonly feed: Feed;
  /** Where the tables are before this batch. */
  readonly from: Generation;
  readonly writes: Writes;
}

/** Folds a batch over the documents of one feed; the feed itself does not move. */
export async function foldFeed(
  database: Queryable,
  feed: Feed,
  batch: readonly Incoming[],
  onPoison: 'park' | 'fail',
): Promise<FoldedFeed> {
  const documents = await documentsFor(database, feed, keysToLoad(feed, batch));
  const folded = await inSlices(foldEvents(feed, batch, documents));
  const [poison] = folded.poisoned;
  if (poison && onPoison === 'fail') throw new PoisonEvent(feed.projection.name, poison[0], poison[1]);
  try {
    return {
      ...folded,
      feed,
      from: feed.generation,
      writes: await inSlices(writesOf(feed.projection, folded.changes)),
    };
  } catch (cause) {
    throw new RejectedRows(feed.projection.name, cause);
  }
}

/** From memory, else from the table. What is not committed yet is newer than the table. */
async function documentsFor(database: Queryable, feed: Feed, keys: Iterable<string>): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const missing: string[] = [];
  for (const key of keys) {
    const doc = feed.documents.get(key) ?? uncommitted(feed, key);
    if (doc === undefined) missing.push(key);
    else found.set(key, doc);
  }
  if (missing.length === 0) return found;
  const loaded = await loadDocuments(database, feed.projection, feed.generation.generation, missing);
  for (const [key, doc] of loaded) found.set(key, doc);
  return found;
}

function uncommitted(feed: Feed, key: string): unknown {
  let newest: unknown;
  for (const { changes } of feed.pending) newest = changes.get(key)?.after ?? newest;
  return newest;
}

/** Memory goes ahead of the tables: the next batch is folded on top of this one while it is being committed. */
export function advance(folded: FoldedFeed, position: Position): void {
  const { feed, writes, changes, poisoned } = folded;
  feed.generation = { ...feed.generation, position };
  for (const [key, { after }] of changes) feed.documents.set(key, after, writes.sizes.get(key) ?? 0);
  for (const stream of poisoned.keys()) feed.parked.add(stream);
  feed.pending.add(folded);
}

/** How far the tables are; memory may be one batch ahead. */
export function committedPosition({ pending, generation }: Feed): Position | 'start' {
  const [oldest] = pending;
  return oldest ? oldest.from.position : generation.position;
}

export const settle = (folded: FoldedFeed): boolean => folded.feed.pending.delete(folded);

/** Back to what is committed. Cached documents are in doubt and forgotten. */
export function rollBack(feed: Feed): void {
  const [oldest] = feed.pending;
  if (oldest) feed.generation = oldest.from;
  for (const { poisoned } of feed.pending) for (const stream of poisoned.keys()) feed.parked.delete(stream);
  feed.pending.clear();
  feed.documents.clear();
}
