import { nullDay } from '../table.ts';
import { type Exact, perUnit, toUnits } from './exact.ts';

/** Growable columns of typed arrays. What is null: NaN for instants and numbers, `nullDay` for days, -1 for words. */

type Cells = Float64Array | Int32Array | Uint8Array;

class Grown<Kind extends string, A extends Cells> {
  readonly kind: Kind;
  readonly about: string;
  values: A;
  readonly #empty: number;
  readonly #create: (length: number) => A;

  constructor(kind: Kind, about: string, empty: number, create: (length: number) => A) {
    this.kind = kind;
    this.about = about;
    this.#empty = empty;
    this.#create = create;
    this.values = create(0);
  }

  grow(capacity: number): void {
    const values = this.#create(capacity);
    values.set(this.values);
    values.fill(this.#empty, this.values.length);
    this.values = values;
  }

  /** Becomes a copy of a column of its own kind. */
  takeFrom(other: this): void {
    this.values = this.#create(other.values.length);
    this.values.set(other.values);
  }
}

export class Instants extends Grown<'instant', Float64Array> {
  constructor(about: string) {
    super('instant', about, Number.NaN, (length) => new Float64Array(length));
  }
}

export class Numbers extends Grown<'number', Float64Array> {
  constructor(about: string, empty = Number.NaN) {
    super('number', about, empty, (length) => new Float64Array(length));
  }
}

export class Days extends Grown<'day', Int32Array> {
  constructor(about: string) {
    super('day', about, nullDay, (length) => new Int32Array(length));
  }
}

/** Whole numbers from 0; also the row of another table, -1 for none. */
export class Counts extends Grown<'count', Int32Array> {
  constructor(about: string, empty = 0) {
    super('count', about, empty, (length) => new Int32Array(length));
  }
}

/** 0, 1, or 2 for null. */
export class Flags extends Grown<'flag', Uint8Array> {
  constructor(about: string, empty: 0 | 1 | 2 = 2) {
    super('flag', about, empty, (length) => new Uint8Array(length));
  }
}

/** Codes into a dictionary of its own, which only grows. */
export class Words extends Grown<'word', Int32Array> {
  readonly words: string[] = [];
  readonly #codes = new Map<string, number>();

  constructor(about: string) {
    super('word', about, -1, (length) => new Int32Array(length));
  }

  override takeFrom(other: this): void {
    super.takeFrom(other);
    for (const word of other.words) this.code(word);
  }

  code(word: string): number {
    let code = this.#codes.get(word);
    if (code === undefined) {
      code = this.words.push(word) - 1;
      this.#codes.set(word, code);
    }
    return code;
  }

  /** -1 where the word has not occurred. */
  known(word: string): number {
    return this.#codes.get(word) ?? -1;
  }

  set(row: number, word: string | undefined): void {
    if (word !== undefined) this.values[row] = this.code(word);
  }

  at(row: number): string | undefined {
    return this.words[this.values[row] as number];
  }
}

export class Texts {
  readonly kind = 'text';
  readonly about: string;
  readonly values: (string | null)[] = [];

  constructor(about: string) {
    this.about = about;
  }

  grow(_capacity: number): void {}

  takeFrom(other: Texts): void {
    for (const value of other.values) this.values.push(value);
  }
}

/** Exact amounts: millionths in the array, and beside it the few that do not fit. `units` is what readers see. */
export class Amounts extends Grown<'amount', Float64Array> {
  readonly #wide = new Map<number, bigint>();

  constructor(about: string) {
    super('amount', about, 0, (length) => new Float64Array(length));
  }

  override takeFrom(other: this): void {
    super.takeFrom(other);
    for (const [row, amount] of other.#wide) this.#wide.set(row, amount);
  }

  at(row: number): Exact {
    const wide = this.#wide.size === 0 ? undefined : this.#wide.get(row);
    return wide ?? (this.values[row] as number);
  }

  set(row: number, amount: Exact): void {
    if (typeof amount === 'number') {
      if (this.#wide.size > 0) this.#wide.delete(row);
      this.values[row] = amount;
    } else {
      this.#wide.set(row, amount);
      this.values[row] = toUnits(amount) * perUnit;
    }
  }
}

export type FactColumn = Instants | Numbers | Days | Counts | Flags | Words | Texts | Amounts;
