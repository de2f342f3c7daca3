import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * An export on its way through a file without a name. It is written as fast as it can be made and read as fast as each client
 * likes: a slow client holds a file open, and not a snapshot of all facts. Ends with the process, whatever ends that.
 */
export class Spool {
  readonly #file: FileHandle;
  readonly #news = new EventTarget();
  readonly #writing = new AbortController();
  readonly #places = new Set<{ at: number }>();
  #hasty = 0;
  #written = 0;
  #state: 'writing' | 'complete' | 'failed' = 'writing';
  #error: unknown;
  #kept = true;
  /** Resolves when nothing more is written; never rejects. */
  readonly ended: Promise<void>;

  private constructor(file: FileHandle, pieces: Pieces, pace: Pace) {
    this.#file = file;
    this.ended = this.#write(pieces, pace);
  }

  static async begin(directory: string, pieces: Pieces, pace: Pace = () => turn()): Promise<Spool> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, `${randomUUID()}.export`);
    const file = await open(path, 'w+', 0o600);
    await unlink(path);
    return new Spool(file, pieces, pace);
  }

  /** Bytes in all; undefined while it is being written. */
  get size(): number | undefined {
    return this.#state === 'complete' ? this.#written : undefined;
  }

  get bytes(): number {
    return this.#written;
  }

  /** Why there is nothing to be read; undefined when there is no reason. */
  get error(): unknown {
    return this.#error;
  }

  get inUse(): boolean {
    return this.#places.size > 0;
  }

  /** Resolves when it is complete or has failed: made without a pause. */
  async whole(): Promise<void> {
    this.#hasty += 1;
    await this.ended;
  }

  /** Bytes that are written and that nobody has come to yet; 0 while nobody reads, or somebody waits for the whole. */
  get ahead(): number {
    if (this.#hasty > 0 || this.#places.size === 0) return 0;
    return this.#written - Math.max(...[...this.#places].map(({ at }) => at));
  }

  /** Bytes from `start` to `end` (inclusive), as they come; rejects when they cannot be made. */
  read(start = 0, end = Number.POSITIVE_INFINITY): Readable {
    const place = { at: start };
    this.#places.add(place);
    const readable = Readable.from(this.#bytes(place, end), { objectMode: false, highWaterMark: 1 });
    readable.once('close', () => {
      this.#places.delete(place);
      // Nobody waits for what is still being made.
      if (!this.inUse && this.#hasty === 0 && this.#state === 'writing') this.#writing.abort();
      this.#closeIfForgotten();
    });
    return readable;
  }

  /** Closes the file as soon as nobody reads it. */
  forget(): void {
    this.#kept = false;
    if (!this.inUse) this.#writing.abort();
    void this.ended.then(() => this.#closeIfForgotten());
  }

  async #write(pieces: Pieces, pace: Pace): Promise<void> {
    let since = performance.now();
    try {
      for await (const piece of pieces) {
        if (this.#writing.signal.aborted) throw new Error('Nobody waits for the export any more');
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        await this.#file.writeFile(bytes);
        this.#written += bytes.byteLength;
        this.#news.dispatchEvent(new Event('news'));
        await pace(this.ahead, performance.now() - since);
        since = performance.now();
      }
      this.#state = 'complete';
    } catch (error) {
      this.#state = 'failed';
      this.#error = error;
    }
    this.#news.dispatchEvent(new Event('news'));
  }

  async *#bytes(place: { at: number }, end: number): AsyncGenerator<Uint8Array> {
    while (place.at <= end) {
      if (place.at < this.#written) {
        const wanted = Math.min(pieceBytes, this.#written - place.at, end - place.at + 1);
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, place.at);
        place.at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (this.#state === 'writing') await once(this.#news, 'news');
      else if (this.#state === 'failed') throw this.#error;
      else return;
    }
  }

  #closeIfForgotten(): void {
    if (this.#kept || this.inUse || this.#state === 'writing') return;
    this.#kept = true;
    void this.#file.close();
  }
}

/** Waits between two pieces: told how far the fastest reader is behind, in bytes, and how long the piece took, in ms. */
export type Pace = (ahead: number, tookMs: number) => Promise<void>;

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const pieceBytes = 65_536;
