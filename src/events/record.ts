import { canonicalJson } from '../values/canonical-json.ts';
import type { Recorded } from './envelope.ts';

/** An event in the one form in which it is proven, and in the form over which its own hash was made. */
export interface CanonicalRecord {
  /** Canonical JSON of stream, revision, event id, type, data and metadata: the leaf of the tree over the log. */
  readonly record: string;
  /** The same without `prevHash` and `hash`: with the hash of the predecessor before it, what `hash` is the SHA-256 of. */
  readonly hashed: string;
  /** The data alone, as it stands in both. */
  readonly data: string;
}

/** Its position is no part of it. Throws InvalidValue for metadata that are no object, RangeError for JSON that is too deep. */
export function canonicalRecord(event: Omit<Recorded, 'position'>): CanonicalRecord {
  const data = canonicalJson(event.data);
  const metadata = metadataTexts(event.metadata);
  const before = `{"data":${data},"eventId":${canonicalJson(event.eventId)},"metadata":`;
  const { revision, stream, type } = event;
  const after = `,${canonicalJson({ revision, stream, type }).slice(1)}`;
  return { record: before + metadata.whole + after, hashed: before + metadata.hashed + after, data };
}

/** Every member is written once: two canonical texts of one object, one of them without the chain. */
function metadataTexts(metadata: unknown): { readonly whole: string; readonly hashed: string } {
  let whole = '';
  let hashed = '';
  const members = Object.entries(metadata as Readonly<Record<string, unknown>>);
  for (const [name, member] of members.sort(byName)) {
    if (member === undefined) continue;
    const text = `,${canonicalJson(name)}:${canonicalJson(member)}`;
    whole += text;
    if (name !== 'hash' && name !== 'prevHash') hashed += text;
  }
  return { whole: `{${whole.slice(1)}}`, hashed: `{${hashed.slice(1)}}` };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
