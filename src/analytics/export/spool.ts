import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { nameless } from './nameless.ts';

/**
 * An export on its way through a file without a name, from which several read, each as fast as it likes. It is made as long as
 * somebody comes near to what is written, or waits for the whole.
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

  static async begin(directory: string, pieces: Pieces, pace: Pace = alone): Promise<Spool> {
    return new Spool(await nameless(directory), pieces, pace);
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
    this.#tell();
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
    this.#tell();
    const readable = Readable.from(this.#bytes(place, end), { objectMode: false, highWaterMark: 1 });
    readable.once('close', () => {
      this.#places.delete(place);
      // Nobody waits for what is still being made.
      if (!this.inUse && this.#hasty === 0 && this.#state === 'writing') this.#giveUp();
      this.#closeIfForgotten();
    });
    return readable;
  }

  /** Closes the file as soon as nobody reads it. */
  forget(): void {
    this.#kept = false;
    if (!this.inUse) this.#giveUp();
    void this.ended.then(() => this.#closeIfForgotten());
  }

  async #write(pieces: Pieces, pace: Pace): Promise<void> {
    try {
      for await (const piece of pieces) {
        if (this.#writing.signal.aborted) throw new Error('Nobody waits for the export any more');
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        await this.#file.writeFile(bytes);
        this.#written += bytes.byteLength;
        this.#tell();
        await pace.turn();
        if (this.ahead <= pace.aheadBytes) continue;
        pace.leave();
        while (this.ahead > pace.aheadBytes && !this.#writing.signal.aborted) await once(this.#news, 'news');
        await pace.enter();
      }
      this.#state = 'complete';
    } catch (error) {
      this.#state = 'failed';
      this.#error = error;
    }
    pace.leave();
    this.#tell();
  }

  async *#bytes(place: { at: number }, end: number): AsyncGenerator<Uint8Array> {
    while (place.at <= end) {
      if (place.at < this.#written) {
        const wanted = Math.min(pieceBytes, this.#written - place.at, end - place.at + 1);
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, place.at);
        place.at += bytesRead;
        this.#tell();
        yield buffer.subarray(0, bytesRead);
      } else if (this.#state === 'writing') await once(this.#news, 'news');
      else if (this.#state === 'failed') throw this.#error;
      else return;
    }
  }

  #giveUp(): void {
    this.#writing.abort();
    this.#tell();
  }

  /** Something was written or read: whoever waits for that looks again. */
  #tell(): void {
    this.#news.dispatchEvent(new Event('news'));
  }

  #closeIfForgotten(): void {
    if (this.#kept || this.inUse || this.#state === 'writing') return;
    this.#kept = true;
    void this.#file.close();
  }
}

/** When the next piece may be made. */
export interface Pace {
  /** An export whose fastest reader is further behind stands still until it has come nearer. */
  readonly aheadBytes: number;
  /** Between two pieces. */
  turn(): Promise<void>;
  /** It makes room for others while it stands still, and at its end. */
  leave(): void;
  /** Resolves when it may go on. */
  enter(): Promise<void>;
}

const alone: Pace = {
  aheadBytes: Number.POSITIVE_INFINITY,
  turn: () => turn(),
  leave: () => {},
  enter: () => Promise.resolve(),
};

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const pieceBytes = 65_536;
