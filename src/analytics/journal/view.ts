import { type FileHandle, open } from 'node:fs/promises';
import type { Position } from '../../events/envelope.ts';
import type { EventColumns } from './columns.ts';
import { DamagedFile } from './decoding.ts';
import { formatVersion } from './format.ts';
import { readManifest, type SegmentEntry } from './manifest.ts';
import { partPath, segmentName, segmentPath } from './places.ts';
import { type Contents, contentsOfSealed, readBatch, scan } from './segment-file.ts';

/** What the files hold at one moment. Files are only ever added to, or taken away from the end when one is damaged. */
export interface FolderView {
  readonly directory: string;
  readonly segments: readonly SegmentEntry[];
  readonly part: { readonly number: number; readonly contents: Contents } | undefined;
}

export const lastIn = ({ segments, part }: FolderView): Position | undefined =>
  part?.contents.batches.at(-1)?.to ?? segments.at(-1)?.to;

export const eventsIn = ({ segments, part }: FolderView): number =>
  [...segments, ...(part?.contents.batches ?? [])].reduce((sum, { events }) => sum + events, 0);

/** The files as a process sees them that does not write them. Nothing is changed. */
export async function lookAt(directory: string): Promise<FolderView> {
  const manifest = await readManifest(directory);
  const segments = manifest?.version === formatVersion ? manifest.segments : [];
  const number = segments.length + 1;
  const contents = await ifThere(partPath(directory, number), scan);
  const follows = contents?.batches[0] && contents.batches[0].from > (segments.at(-1)?.to ?? '');
  return { directory, segments, part: follows ? { number, contents } : undefined };
}

/** A file of the journal cannot be read as it was written. */
export class DamagedSegment extends Error {
  override readonly name = 'DamagedSegment';
  readonly code = 'journal-damaged';
  /** Of the segment, counted from 1. */
  readonly number: number;
  constructor(number: number, cause: Error) {
    super(`Segment ${segmentName(number)} of the journal cannot be read: ${cause.message}`, { cause });
    this.number = number;
  }
}

const knownContents = new WeakMap<SegmentEntry, Contents>();

/** The batches that hold events after a position, in order. Throws DamagedSegment. */
export async function* batchesAfter(view: FolderView, after: Position | 'start'): AsyncGenerator<EventColumns, void> {
  for (const { number, to } of filesOf(view)) {
    if (after !== 'start' && to <= after) continue;
    const { file, contents } = await openSegment(view, number);
    try {
      for (const batch of contents.batches) {
        if (after === 'start' || batch.to > after) yield await readBatch(file, batch, contents.words);
      }
    } catch (error) {
      throw error instanceof DamagedFile ? new DamagedSegment(number, error) : error;
    } finally {
      await file.close();
    }
  }
}

/** The last batch of all, and the position before it. Throws DamagedSegment. */
export async function lastBatch(
  view: FolderView,
): Promise<{ readonly columns: EventColumns; readonly before: Position | 'start' } | undefined> {
  const [last, previous] = filesOf(view).reverse();
  if (!last) return undefined;
  const { file, contents } = await openSegment(view, last.number);
  try {
    const batch = contents.batches.at(-1);
    if (!batch) throw new DamagedFile('it is empty');
    const before = contents.batches.at(-2)?.to ?? previous?.to ?? 'start';
    return { columns: await readBatch(file, batch, contents.words), before };
  } catch (error) {
    throw error instanceof DamagedFile ? new DamagedSegment(last.number, error) : error;
  } finally {
    await file.close();
  }
}

function filesOf({ segments, part }: FolderView): { readonly number: number; readonly to: Position }[] {
  const sealed = segments.map(({ to }, index) => ({ number: index + 1, to }));
  const last = part?.contents.batches.at(-1);
  return part && last ? [...sealed, { number: part.number, to: last.to }] : sealed;
}

/** Throws DamagedSegment when it is missing or cannot be understood. */
async function openSegment(
  { directory, segments, part }: FolderView,
  number: number,
): Promise<{ readonly file: FileHandle; readonly contents: Contents }> {
  let file: FileHandle | undefined;
  try {
    file = await openEither(directory, number);
    const entry = segments[number - 1];
    if (!entry) return { file, contents: part?.contents ?? (await contentsOfSealed(file)) };
    const contents = knownContents.get(entry) ?? (await contentsOfSealed(file));
    knownContents.set(entry, contents);
    return { file, contents };
  } catch (error) {
    await file?.close();
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw error instanceof DamagedFile || missing ? new DamagedSegment(number, error) : error;
  }
}

/** A segment that is not sealed yet may be by now. */
async function openEither(directory: string, number: number): Promise<FileHandle> {
  const sealed = segmentPath(directory, segmentName(number));
  try {
    return await open(sealed, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    return await open(partPath(directory, number), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return open(sealed, 'r'); // it was sealed between the two
  }
}

/** Undefined when there is no such file. */
async function ifThere<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
