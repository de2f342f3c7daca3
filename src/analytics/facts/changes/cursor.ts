import type { Exact } from '../exact.ts';
import type { ChangeColumns, Utf8Column } from './change-columns.ts';

const nothing: ChangeColumns = {
  events: 0,
  first: 0,
  position: { offsets: new Int32Array(1), bytes: new Uint8Array(0) },
  kind: new Uint8Array(0),
  flags: new Uint8Array(0),
  order: new Int32Array(0),
  occurredAt: new Float64Array(0),
  recordedAt: new Float64Array(0),
  codeEnds: new Int32Array(1),
  codes: new Int32Array(0),
  numberEnds: new Int32Array(1),
  numbers: new Float64Array(0),
  textEnds: new Int32Array(1),
  texts: { offsets: new Int32Array(1), bytes: new Uint8Array(0) },
};

/** Reads one change after another: first its fixed columns, then its codes, numbers and texts in the order in which they were written. */
export class Cursor {
  #kinds = nothing.kind;
  #flags = nothing.flags;
  #orders = nothing.order;
  #occurredAt = nothing.occurredAt;
  #recordedAt = nothing.recordedAt;
  #codeEnds = nothing.codeEnds;
  #codes = nothing.codes;
  #numberEnds = nothing.numberEnds;
  #numbers = nothing.numbers;
  #textEnds = nothing.textEnds;
  #texts: Utf8Column = nothing.texts;
  #code = 0;
  #number = 0;
  #text = 0;
  kind = 0;
  flags = 0;
  order = -1;
  /** When it happened, epoch milliseconds. */
  at = Number.NaN;
  recordedAt = Number.NaN;

  over(columns: ChangeColumns): void {
    this.#kinds = columns.kind;
    this.#flags = columns.flags;
    this.#orders = columns.order;
    this.#occurredAt = columns.occurredAt;
    this.#recordedAt = columns.recordedAt;
    this.#codeEnds = columns.codeEnds;
    this.#codes = columns.codes;
    this.#numberEnds = columns.numberEnds;
    this.#numbers = columns.numbers;
    this.#textEnds = columns.textEnds;
    this.#texts = columns.texts;
  }

  seek(row: number): void {
    this.kind = this.#kinds[row] as number;
    this.flags = this.#flags[row] as number;
    this.order = this.#orders[row] as number;
    this.at = this.#occurredAt[row] as number;
    this.recordedAt = this.#recordedAt[row] as number;
    this.#code = this.#codeEnds[row] as number;
    this.#number = this.#numberEnds[row] as number;
    this.#text = this.#textEnds[row] as number;
  }

  code(): number {
    const code = this.#codes[this.#code] as number;
    this.#code += 1;
    return code;
  }

  number(): number {
    const number = this.#numbers[this.#number] as number;
    this.#number += 1;
    return number;
  }

  /** An exact amount; what does not fit a number is a text. */
  exact(): Exact {
    const number = this.number();
    return Number.isNaN(number) ? BigInt(this.text()) : number;
  }

  text(): string {
    const { offsets, bytes } = this.#texts;
    const [from, to] = [offsets[this.#text] as number, offsets[this.#text + 1] as number];
    this.#text += 1;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', from, to);
  }

  /** Adds the next text to a store. */
  textInto(store: { addBytes(source: Uint8Array, from: number, to: number): number }): number {
    const { offsets, bytes } = this.#texts;
    const [from, to] = [offsets[this.#text] as number, offsets[this.#text + 1] as number];
    this.#text += 1;
    return store.addBytes(bytes, from, to);
  }

  skipText(): void {
    this.#text += 1;
  }
}
