import type { FileHandle } from 'node:fs/promises';
import { nameless } from './nameless.ts';

export type Values = Float64Array | Int32Array | Uint8Array;

/** Bytes of one value. */
export type Width = 8 | 4 | 1;

/**
 * Rows of columns of numbers, put aside a piece at a time: the first piece stays in memory, and as soon as there is a second all
 * lie in a file without a name. However many rows there are, two pieces are held.
 */
export class Pile {
  readonly #widths: readonly Width[];
  readonly #rowsOfPiece: number;
  readonly #directory: string;
  #filling: Values[];
  #filled = 0;
  #pieces = 0;
  #file: FileHandle | undefined;

  constructor(widths: readonly Width[], rowsOfPiece: number, directory: string) {
    this.#widths = widths;
    this.#rowsOfPiece = rowsOfPiece;
    this.#directory = directory;
    this.#filling = this.#emptyPiece();
  }

  get rows(): number {
    return this.#pieces * this.#rowsOfPiece + this.#filled;
  }

  /** The first `count` of the chosen rows, or of all. */
  async add(columns: readonly Values[], chosen: Int32Array | undefined, count: number): Promise<void> {
    for (let done = 0; done < count; ) {
      if (this.#filled === this.#rowsOfPiece) await this.#putAside();
      const room = Math.min(count - done, this.#rowsOfPiece - this.#filled);
      for (const [at, column] of columns.entries()) {
        const target = this.#filling[at] as Values;
        if (!chosen) target.set(column.subarray(done, done + room), this.#filled);
        else for (let n = 0; n < room; n += 1) target[this.#filled + n] = column[chosen[done + n] as number] as number;
      }
      this.#filled += room;
      done += room;
    }
  }

  /** All rows in the order in which they were added. The pieces are the reader's own. */
  async *read(): AsyncGenerator<{ readonly rows: number; readonly columns: readonly Values[] }> {
    for (let piece = 0; piece < this.#pieces; piece += 1)
      yield { rows: this.#rowsOfPiece, columns: await this.#fetched(piece) };
    if (this.#filled > 0)
      yield { rows: this.#filled, columns: this.#filling.map((values) => values.slice(0, this.#filled)) };
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #putAside(): Promise<void> {
    this.#file ??= await nameless(this.#directory);
    await this.#file.writev(this.#filling.map(bytesOf));
    this.#pieces += 1;
    this.#filled = 0;
  }

  async #fetched(piece: number): Promise<Values[]> {
    if (!this.#file) throw new Error('The pile was closed while it was read');
    const columns = this.#emptyPiece();
    const size = this.#widths.reduce((sum, width) => sum + width * this.#rowsOfPiece, 0);
    const { bytesRead } = await this.#file.readv(columns.map(bytesOf), piece * size);
    if (bytesRead !== size) throw new Error(`The pile is cut off: ${bytesRead} of ${size} bytes`);
    return columns;
  }

  #emptyPiece(): Values[] {
    return this.#widths.map((width) => new arrays[width](this.#rowsOfPiece));
  }
}

const arrays = { 8: Float64Array, 4: Int32Array, 1: Uint8Array };

const bytesOf = ({ buffer, byteOffset, byteLength }: Values): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
