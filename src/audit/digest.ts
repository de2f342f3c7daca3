import { crc32 } from 'node:zlib';
import type { Position, Recorded, Revision } from '../events/envelope.ts';
import { orderPlace, type RawEvent } from '../events/log/bulk.ts';
import { canonicalRecord } from '../events/record.ts';
import { sha256Hex } from '../values/digest.ts';
import { type Hash, leafHash } from './tree/hashing.ts';

/** Where an event is, and what its data was, roughly: enough to name what is no longer there. Proves nothing. */
export interface Place {
  readonly position: Position;
  readonly stream: string;
  readonly revision: Revision;
  /** CRC-32 of the canonical JSON of its data. */
  readonly data: number;
}

/** An event in brief, as the proofs and the comparisons need it. */
export interface Digest {
  readonly place: Place;
  readonly leaf: Hash;
  readonly prevHash: unknown;
  readonly hash: unknown;
  /** Whether `hash` is what its content and `prevHash` give. */
  readonly fits: boolean;
  /** Columns of the store that do not say what the JSON beside them says. */
  readonly strays: readonly string[];
}

/** What lies in the store can not be read as an event. */
export interface Unreadable {
  readonly unreadable: 'data' | 'metadata' | 'event';
}

const jsonIn = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined; // no text of JSON parses to undefined
  }
};

/** Never throws for what it reads. */
export function digestOf(raw: RawEvent): Digest | Unreadable {
  const data = jsonIn(raw.data);
  const metadata = jsonIn(raw.metadata);
  if (data === undefined) return { unreadable: 'data' };
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return { unreadable: 'metadata' };
  const { stream, revision, eventId, type, position } = raw;
  try {
    const event = { stream, revision, eventId, type, data, metadata: metadata as Recorded['metadata'] };
    const { record, hashed, data: text } = canonicalRecord(event);
    const { prevHash, hash } = event.metadata;
    return {
      place: { position, stream, revision, data: crc32(text) },
      leaf: leafHash(record),
      prevHash,
      hash,
      fits: sha256Hex(prevHash + hashed) === hash,
      strays: straysOf(raw, event),
    };
  } catch (error) {
    if (error instanceof RangeError) return { unreadable: 'event' }; // nested so deep that nothing can follow it
    throw error;
  }
}

function straysOf(raw: RawEvent, { data, metadata }: Pick<Recorded, 'data' | 'metadata'>): string[] {
  const { orderNo, lineNo } = orderPlace(data);
  const strays: string[] = [];
  if (raw.orderNo !== orderNo) strays.push('order_no');
  if (raw.lineNo !== lineNo) strays.push('line_no');
  if (raw.occurredAt !== Date.parse(metadata.occurredAt)) strays.push('occurred_at');
  if (raw.recordedAt !== Date.parse(metadata.recordedAt)) strays.push('recorded_at');
  return strays;
}

/** As it is kept beside the hashes; a stream has no line breaks in its name. */
export const placeText = ({ position, revision, data, stream }: Place): string =>
  `${position} ${revision} ${data.toString(36)} ${stream}`;

/** Undefined: this is no place. */
export function placeFrom(text: string): Place | undefined {
  const [, position, revision, data, stream] = /^(\S+) (\d+) ([0-9a-z]+) (.*)$/.exec(text) ?? [];
  if (position === undefined || revision === undefined || data === undefined || stream === undefined) return undefined;
  return { position, stream, revision: Number(revision), data: Number.parseInt(data, 36) };
}
