import type { RawEvent } from '../../events/log/bulk.ts';
import type { Digest, Place } from '../digest.ts';
import { hashBytes } from '../tree/hashing.ts';
import type { ReadableLog } from '../tree/reading.ts';
import type { Alignment } from './alignment.ts';
import type { Finding } from './findings.ts';
import { digestsAt } from './scan.ts';
import type { SignedLog } from './signed-log.ts';

interface Was {
  readonly index: number;
  readonly place: Place | undefined;
}

interface Is {
  readonly index: number;
  readonly place: Pick<Place, 'position' | 'stream' | 'revision'>;
  /** Undefined: it cannot be read. */
  readonly digest: Digest | undefined;
}

/** Says in words what was done to the log: pairs what is missing with what is there instead. */
export async function differences(
  { missing, extra, later, moved }: Alignment,
  signed: SignedLog,
  log: ReadableLog,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const wanted = new Set([...extra, ...later, ...moved.map(({ is }) => is)]);
  const present = await digestsAt(log, wanted, signal);
  const gone: Was[] = [];
  for (const index of missing) gone.push({ index, place: await signed.place(index) });
  const unknown = [...extra, ...later].flatMap((index) => isAt(index, present.get(index)));
  const { pairs, left, added } = paired(gone, unknown);
  const isLater = new Set(later);
  return [
    ...pairs.map(([was, is]) => changed(was, is)),
    ...absent(left, signed),
    ...added.filter(({ index }) => !isLater.has(index)).map(inserted),
    ...moved.flatMap(({ was, is }) => isAt(is, present.get(is)).map((one) => reordered(was, one))),
  ];
}

function isAt(index: number, found: Digest | RawEvent | undefined): Is[] {
  if (!found) return [];
  if ('leaf' in found) return [{ index, place: found.place, digest: found }];
  const { position, stream, revision } = found;
  return [{ index, place: { position, stream, revision }, digest: undefined }];
}

/** First by position, then by stream and revision: what is at the place of another one is that one, changed. */
function paired(gone: readonly Was[], present: readonly Is[]) {
  const pairs: [Was, Is][] = [];
  let [left, added] = [gone, present];
  for (const key of [
    ({ position }: Is['place']) => position,
    ({ stream, revision }: Is['place']) => `${revision} ${stream}`,
  ]) {
    const there = new Map(added.map((is) => [key(is.place), is]));
    const taken = new Set<Is>();
    const rest: Was[] = [];
    for (const was of left) {
      const is = was.place && there.get(key(was.place));
      if (is && !taken.has(is)) {
        taken.add(is);
        pairs.push([was, is]);
      } else rest.push(was);
    }
    left = rest;
    added = added.filter((is) => !taken.has(is));
  }
  return { pairs, left, added };
}

function changed({ index, place: was }: Was, { place, digest }: Is): Finding {
  const { stream, revision, position } = place;
  const at = { stream, revision, position, index };
  if (!digest) return { kind: 'unreadable', ...at, detail: 'it cannot be read any more' };
  const again = digest.fits ? ({ rehashed: true } as const) : {};
  const how = digest.fits ? '; its hash was made again to fit' : '';
  if (was && (was.stream !== stream || was.revision !== revision)) {
    const detail = `this was revision ${was.revision} of ${was.stream}${how}`;
    return { kind: 'relabelled', ...at, ...again, detail };
  }
  if (was?.data !== digest.place.data) {
    return { kind: 'data-changed', ...at, ...again, detail: `its data are not what was signed${how}` };
  }
  const detail = `its metadata, id or type are not what was signed${how}`;
  return { kind: 'metadata-changed', ...at, ...again, detail };
}

/** What is gone. A run of events up to the last one that is known is an end that was cut off. */
function absent(left: readonly Was[], { leaves }: SignedLog): Finding[] {
  const end = leaves.length / hashBytes;
  let cut = end;
  for (const { index } of [...left].sort((a, b) => b.index - a.index)) {
    if (index !== cut - 1) break;
    cut = index;
  }
  return left.map(({ index, place }) => {
    const kind = index >= cut ? 'truncated' : 'deleted';
    const where = place && { stream: place.stream, revision: place.revision, position: place.position };
    const detail = index >= cut ? 'it was among the last events, and is gone' : 'it is gone';
    return { kind, ...where, index, detail } as const;
  });
}

function inserted({ place: { stream, revision, position }, index, digest }: Is): Finding {
  const again = digest?.fits ? ({ rehashed: true } as const) : {};
  const detail = 'it was put among events that were signed without it';
  return { kind: 'inserted', stream, revision, position, index, ...again, detail };
}

function reordered(was: number, { place: { stream, revision, position }, index }: Is): Finding {
  return {
    kind: 'reordered',
    stream,
    revision,
    position,
    index: was,
    detail: `it was event ${was} of the log, counted from 0, and is event ${index}`,
  };
}
