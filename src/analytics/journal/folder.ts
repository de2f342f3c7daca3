import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { catalog } from '../../events/catalog/index.ts';
import type { EventColumns } from './columns.ts';
import { DamagedFile } from './decoding.ts';
import { formatVersion } from './format.ts';
import type { JournalLimits } from './limits.ts';
import { type Manifest, readManifest, type SegmentEntry, syncDirectory, writeManifest } from './manifest.ts';
import { PartFile } from './part-file.ts';
import { partPath, segmentName, segmentPath, segmentsFolder } from './places.ts';
import { checkSealed } from './segment-file.ts';
import { sha256Of } from './sha256.ts';
import type { FolderView } from './view.ts';

const numberOf = ({ name }: SegmentEntry): number => Number.parseInt(name, 10);

export interface FolderOptions {
  readonly directory: string;
  readonly limits: JournalLimits;
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

/**
 * The files of the journal, for the one process that writes them. The manifest decides what belongs to it; everything is
 * written so that a process that ends anywhere leaves a folder that `open` puts in order.
 */
export class JournalFolder {
  readonly #options: FolderOptions;
  #segments: readonly SegmentEntry[] = [];
  #part: PartFile | undefined;
  #words: ReadonlySet<string> = new Set(catalog.keys());

  private constructor(options: FolderOptions) {
    this.#options = options;
  }

  /** Keeps what is whole from the beginning on; the rest is removed, and said. */
  static async open(options: FolderOptions): Promise<JournalFolder> {
    const folder = new JournalFolder(options);
    await mkdir(segmentsFolder(options.directory), { recursive: true });
    await folder.#keepWhole();
    await folder.#removeLeftovers();
    await folder.#resumePart();
    return folder;
  }

  get view(): FolderView {
    const part = this.#part && { number: this.#next, contents: this.#part.contents };
    return { directory: this.#options.directory, segments: this.#segments, part };
  }

  get manifest(): Manifest {
    return { version: formatVersion, segments: [...this.#segments] };
  }

  /** The event types that the segment in hand can hold. */
  get words(): readonly string[] {
    return this.#part?.contents.words ?? [...this.#words];
  }

  /** Events that come later may be of this type: the segment in hand, whose dictionary is written, ends here. */
  async learn(type: string): Promise<void> {
    this.#words = new Set([...this.words, type]);
    if (this.#part) await this.#seal(this.#part);
  }

  /** Puts a batch at the end; afterwards it is on the disk. */
  async append(columns: EventColumns): Promise<void> {
    const { directory, limits } = this.#options;
    this.#part ??= await PartFile.create(partPath(directory, this.#next), columns.words);
    const part = this.#part;
    await part.append(columns);
    if (part.events >= limits.segmentEvents || part.contents.end >= limits.segmentBytes) await this.#seal(part);
  }

  /** Forgets the segment of that number and everything after it. */
  async cutFrom(number: number): Promise<void> {
    await this.#part?.close();
    this.#part = undefined;
    this.#segments = this.#segments.filter((entry) => numberOf(entry) < number);
    await writeManifest(this.#options.directory, this.manifest);
    await this.#removeLeftovers();
    await rm(partPath(this.#options.directory, this.#next), { force: true });
  }

  async close(): Promise<void> {
    await this.#part?.close();
    this.#part = undefined;
  }

  get #next(): number {
    return this.#segments.length + 1;
  }

  async #seal(part: PartFile): Promise<void> {
    const { directory } = this.#options;
    const number = this.#next;
    const { batches } = part.contents;
    const [first, last, events] = [batches[0], batches.at(-1), part.events];
    if (!first || !last) throw new Error('A segment without events cannot be sealed');
    this.#words = new Set([...part.contents.words, ...this.#words]);
    const bytes = await part.finish();
    const sha256 = await sha256Of(partPath(directory, number));
    const name = segmentName(number);
    await rename(partPath(directory, number), segmentPath(directory, name));
    await syncDirectory(segmentsFolder(directory));
    const entry = { name, from: first.from, to: last.to, events, bytes, sha256, version: formatVersion };
    await writeManifest(directory, { version: formatVersion, segments: [...this.#segments, entry] });
    // Only now, and at once: whoever looks meanwhile sees the part, whose bytes have not moved.
    this.#segments = [...this.#segments, entry];
    this.#part = undefined;
  }

  /** The sealed segments from the first one up to the first that is not as it should be. */
  async #keepWhole(): Promise<void> {
    const { directory, report } = this.#options;
    const manifest = await readManifest(directory);
    const listed = manifest?.version === formatVersion ? manifest.segments : [];
    const whole: SegmentEntry[] = [];
    for (const entry of listed) {
      const why = await whyNot(directory, entry, whole);
      if (why) {
        report({
          message: `Segment ${entry.name} of the journal ${why}; it is written again from the log, from there on`,
        });
        break;
      }
      whole.push(entry);
    }
    this.#segments = whole;
    if (whole.length < listed.length || !manifest) await writeManifest(directory, this.manifest);
  }

  async #removeLeftovers(): Promise<void> {
    const { directory } = this.#options;
    const known = new Set(this.#segments.map(({ name }) => name));
    for (const name of await readdir(segmentsFolder(directory))) {
      if (!known.has(name)) await rm(segmentPath(directory, name), { recursive: true, force: true });
    }
    const part = `${segmentName(this.#next)}.part`;
    for (const name of await readdir(directory)) {
      const ours = /^\d{8}\.arrow\.part$|^manifest\.json\.new$/.test(name);
      if (ours && name !== part) await rm(join(directory, name), { force: true });
    }
  }

  async #resumePart(): Promise<void> {
    const path = partPath(this.#options.directory, this.#next);
    const before = this.#segments.at(-1)?.to ?? '';
    try {
      this.#part = await PartFile.resume(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return;
    }
    const first = this.#part?.contents.batches[0];
    if (first && first.from > before) return;
    await this.#part?.close();
    this.#part = undefined;
    await rm(path, { force: true });
  }
}

/** Undefined when a segment is as the manifest says, as far as its size and its end tell. */
async function whyNot(
  directory: string,
  entry: SegmentEntry,
  before: readonly SegmentEntry[],
): Promise<string | undefined> {
  if (entry.name !== segmentName(before.length + 1)) return 'does not have its turn';
  if (entry.version !== formatVersion) return `is of version ${entry.version}`;
  if (entry.from > entry.to || entry.from <= (before.at(-1)?.to ?? '')) return 'does not follow the one before';
  try {
    const file = await open(segmentPath(directory, entry.name), 'r');
    try {
      await checkSealed(file, entry.bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DamagedFile) return `is damaged (${error.message})`;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'is missing';
    throw error;
  }
  return undefined;
}
