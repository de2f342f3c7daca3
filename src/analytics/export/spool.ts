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
  #written = 0;
  #readers = 0;
  #state: 'writing' | 'complete' | 'failed' = 'writing';
  #error: unknown;
  #kept = true;
  /** Resolves when nothing more is written; never rejects. */
  readonly ended: Promise<void>;

  private constructor(file: FileHandle, pieces: Pieces) {
    this.#file = file;
    this.ended = this.#write(pieces);
  }

  static async begin(directory: string, pieces: Pieces): Promise<Spool> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, `${randomUUID()}.export`);
    const file = await open(path, 'w+', 0o600);
    await unlink(path);
    return new Spool(file, pieces);
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
    return this.#readers > 0;
  }

  /** Bytes from `start` to `end` (inclusive), as they come; rejects when they cannot be made. */
  read(start = 0, end = Number.POSITIVE_INFINITY): Readable {
    this.#readers += 1;
    const readable = Readable.from(this.#bytes(start, end), { objectMode: false, highWaterMark: 1 });
    readable.once('close', () => {
      this.#readers -= 1;
      // Nobody waits for what is still being made.
      if (this.#readers === 0 && this.#state === 'writing') this.#writing.abort();
      this.#closeIfForgotten();
    });
    return readable;
  }

  /** Closes the file as soon as nobody reads it. */
  forget(): void {
    this.#kept = false;
    if (this.#readers === 0) this.#writing.abort();
    void this.ended.then(() => this.#closeIfForgotten());
  }

  async #write(pieces: Pieces): Promise<void> {
    try {
      for await (const piece of pieces) {
        if (this.#writing.signal.aborted) throw new Error('Nobody waits for the export any more');
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        await this.#file.writeFile(bytes);
        this.#written += bytes.byteLength;
        this.#news.dispatchEvent(new Event('news'));
        await turn();
      }
      this.#state = 'complete';
    } catch (error) {
      this.#state = 'failed';
      this.#error = error;
    }
    this.#news.dispatchEvent(new Event('news'));
  }

  async *#bytes(start: number, end: number): AsyncGenerator<Uint8Array> {
    let at = start;
    while (at <= end) {
      if (at < this.#written) {
        const wanted = Math.min(pieceBytes, this.#written - at, end - at + 1);
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (this.#state === 'writing') await once(this.#news, 'news');
      else if (this.#state === 'failed') throw this.#error;
      else return;
    }
  }

  #closeIfForgotten(): void {
    if (this.#kept || this.#readers > 0 || this.#state === 'writing') return;
    this.#kept = true;
    void this.#file.close();
  }
}

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const pieceBytes = 65_536;
