import { canonicalJson } from '../values/canonical-json.ts';
import { sha256Hex } from '../values/digest.ts';
import { uuidv5 } from '../values/ids.ts';
import type { Fact } from './catalog/index.ts';
import { catalog } from './catalog/index.ts';
import type { EventMetadata, NewEvent, Recorded, RecordedCommand, Revision } from './envelope.ts';

/**
 * The chain of a stream: hash = SHA-256(prevHash + canonical JSON of the event with its stream and revision). The expected
 * revision of an append fixes the predecessor, so the chain needs no lock; changing, moving or dropping an event breaks it.
 */

/** `prevHash` of the first event of every stream. */
export const startOfChain = '0'.repeat(64);

/** Where the next event of a stream goes: after which revision, and after which hash. */
export interface ChainEnd {
  readonly stream: string;
  readonly revision: Revision | 'no-stream';
  readonly hash: string;
}

/** What all events of one command have in common. */
export type CommandMetadata = Omit<EventMetadata, 'schemaVersion' | 'command' | 'prevHash' | 'hash'>;

export const nextRevision = (revision: Revision | 'no-stream'): Revision =>
  revision === 'no-stream' ? 0 : revision + 1;

/**
 * Makes the facts of one command into events that follow `end`. Event ids derive from the command id (a UUID) and the index.
 * The command itself goes into the first.
 */
export function seal(
  end: ChainEnd,
  facts: readonly Fact[],
  metadata: CommandMetadata,
  command?: RecordedCommand,
): NewEvent[] {
  let prevHash = end.hash;
  const first = nextRevision(end.revision);
  return facts.map((fact, index) => {
    const schemaVersion = catalog.get(fact.type)?.schemaVersion;
    if (schemaVersion === undefined) throw new Error(`The catalogue does not know the event type ${fact.type}`);
    const event = {
      eventId: eventIdOf(metadata.commandId, index),
      type: fact.type,
      data: fact.data,
      metadata: { schemaVersion, ...metadata, ...(index === 0 && command && { command }) },
    };
    const hash = hashOf(prevHash, { ...event, stream: end.stream, revision: first + index });
    const sealed: NewEvent = { ...event, metadata: { ...event.metadata, prevHash, hash } };
    prevHash = hash;
    return sealed;
  });
}

/** Id of the event with this index among the events of its command. */
export const eventIdOf = (commandId: string, index: number): string => uuidv5(commandId, String(index));

interface Hashable extends Omit<NewEvent, 'metadata'> {
  readonly stream: string;
  readonly revision: Revision;
  readonly metadata: Omit<EventMetadata, 'prevHash' | 'hash'>;
}

function hashOf(prevHash: string, { stream, revision, eventId, type, data, metadata }: Hashable): string {
  return sha256Hex(prevHash + canonicalJson({ stream, revision, eventId, type, data, metadata }));
}

export type ChainFault = 'revision' | 'prev-hash' | 'hash';

/** `brokenAt` is the first event that does not follow: wrong revision, wrong predecessor, or content other than what was hashed. */
export type Verification =
  | { readonly ok: true; readonly events: number; readonly end: ChainEnd }
  | { readonly ok: false; readonly events: number; readonly brokenAt: Revision; readonly fault: ChainFault };

/** Verifies a stream from its first event on, or from a known end of it. Never throws for what it reads. */
export async function verifyStream(
  stream: string,
  events: AsyncIterable<Recorded> | Iterable<Recorded>,
  after: Omit<ChainEnd, 'stream'> = { revision: 'no-stream', hash: startOfChain },
): Promise<Verification> {
  let end: ChainEnd = { stream, ...after };
  let count = 0;
  for await (const event of events) {
    const fault = faultOf(end, event);
    if (fault) return { ok: false, events: count, brokenAt: event.revision, fault };
    end = { stream, revision: event.revision, hash: event.metadata.hash };
    count += 1;
  }
  return { ok: true, events: count, end };
}

function faultOf(end: ChainEnd, event: Recorded): ChainFault | undefined {
  if (event.stream !== end.stream || event.revision !== nextRevision(end.revision)) return 'revision';
  const { prevHash, hash, ...metadata } = event.metadata;
  if (prevHash !== end.hash) return 'prev-hash';
  return hashOf(prevHash, { ...event, metadata }) === hash ? undefined : 'hash';
}
