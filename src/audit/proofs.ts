import type { Position, Recorded } from '../events/envelope.ts';
import { rawFrom } from '../events/log/bulk.ts';
import type { EventLog } from '../events/log/port.ts';
import { canonicalRecord } from '../events/record.ts';
import type { KeptCheckpoint } from './checkpoint/history.ts';
import { digestOf } from './digest.ts';
import { leafHash } from './tree/hashing.ts';
import type { LogTree } from './tree/log-tree.ts';

/** Proofs as they are handed out: hashes in base64. */

export interface InclusionProof {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly position: Position;
  /** Canonical JSON: the data of the leaf. */
  readonly record: string;
  readonly index: number;
  readonly size: number;
  /** From the leaf up. */
  readonly proof: readonly string[];
  /** The signed note over that size. */
  readonly checkpoint: string;
}

export interface ConsistencyProof {
  readonly from: { readonly size: number; readonly root: string };
  readonly to: { readonly size: number; readonly root: string };
  readonly proof: readonly string[];
}

/** Which event is meant. */
export type EventPlace =
  | { readonly stream: string; readonly revision: number }
  | { readonly stream: string; readonly eventId: string }
  | { readonly position: Position };

/** The event is younger than every checkpoint, or not in the tree. */
export class NotUnderCheckpoint extends Error {
  override readonly name = 'NotUnderCheckpoint';
  readonly code = 'not-under-checkpoint';
}

const base64 = (hash: Buffer): string => hash.toString('base64');

/** The event, read from the log. Undefined: there is none. */
export async function eventAt(
  log: Pick<EventLog, 'readStream' | 'subscribe'>,
  tree: LogTree,
  place: EventPlace,
): Promise<Recorded | undefined> {
  if ('position' in place) return eventAtPosition(log, tree, place.position);
  const { stream } = place;
  const range = 'revision' in place ? { after: place.revision - 1, upTo: place.revision } : {};
  for await (const event of log.readStream(stream, range)) {
    if ('revision' in place || event.eventId === place.eventId) return event;
  }
  return undefined;
}

/** Reads at most the events of one tile. */
async function eventAtPosition(
  log: Pick<EventLog, 'subscribe'>,
  tree: LogTree,
  position: Position,
): Promise<Recorded | undefined> {
  const tile = await tree.tileAt(position);
  const after = tile === 0 ? 'start' : await tree.endOf(tile - 1);
  const enough = new AbortController();
  try {
    for await (const message of log.subscribe({ after, signal: enough.signal })) {
      if (message.kind === 'caught-up') return undefined;
      if (message.kind !== 'event') continue;
      if (message.event.position === position) return message.event;
      if (message.event.position > position) return undefined;
    }
    return undefined;
  } finally {
    enough.abort();
  }
}

/** Where the event is in the tree. Undefined: not in it, or not as it is in the log. */
export async function indexOf(tree: LogTree, event: Recorded): Promise<number | undefined> {
  const digest = digestOf(rawFrom(event));
  return 'unreadable' in digest ? undefined : tree.indexOf({ leaf: digest.leaf, position: event.position });
}

/** All events of the streams with their places in the tree, in the order of the log. Throws NotUnderCheckpoint. */
export async function placesOf(
  log: Pick<EventLog, 'readStream'>,
  tree: LogTree,
  streams: readonly string[],
): Promise<readonly { readonly event: Recorded; readonly index: number }[]> {
  const found: { event: Recorded; index: number }[] = [];
  for (const stream of streams) {
    for await (const event of log.readStream(stream)) {
      const index = await indexOf(tree, event);
      if (index !== undefined) found.push({ event, index });
      else throw new NotUnderCheckpoint(`Revision ${event.revision} of ${stream} is not in the tree over the log.`);
    }
  }
  return found.sort((a, b) => a.index - b.index);
}

export async function inclusion(
  tree: LogTree,
  event: Recorded,
  index: number,
  { size, note }: Pick<KeptCheckpoint, 'size' | 'note'>,
): Promise<InclusionProof> {
  const { stream, revision, eventId, position } = event;
  const { record } = canonicalRecord(event);
  const proof = (await tree.inclusionProof(index, size)).map(base64);
  return { stream, revision, eventId, position, record, index, size, proof, checkpoint: note };
}

export const leafOf = (event: Recorded): Buffer => leafHash(canonicalRecord(event).record);

/** Throws RangeError when there are not so many leaves. */
export async function consistency(tree: LogTree, from: number, to: number): Promise<ConsistencyProof> {
  const proof = (await tree.consistencyProof(from, to)).map(base64);
  const head = async (size: number) => ({ size, root: base64((await tree.head(size)).root) });
  return { from: await head(from), to: await head(to), proof };
}
