import { nullDay } from '../table.ts';
import { Dictionary } from './dictionary.ts';
import { type Exact, perUnit, toUnits } from './exact.ts';
import { grown, TextStore } from './text-store.ts';

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

  /** In pieces; rows must not change meanwhile. */
  *grow(capacity: number): Generator<void> {
    this.values = yield* grown(this.values, this.#create(capacity), this.#empty);
  }

  /** Becomes a copy of a column of its own kind. */
  *takeFrom(other: this): Generator<void> {
    this.values = yield* grown(other.values, this.#create(other.values.length));
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

/** Codes into a dictionary, its own or one that it shares with other columns. */
export class Words extends Grown<'word', Int32Array> {
  readonly dictionary: Dictionary;

  constructor(about: string, dictionary = new Dictionary()) {
    super('word', about, -1, (length) => new Int32Array(length));
    this.dictionary = dictionary;
  }

  get words(): readonly string[] {
    return this.dictionary.words;
  }

  override *takeFrom(other: this): Generator<void> {
    yield* super.takeFrom(other);
    yield* this.dictionary.takeFrom(other.dictionary);
  }

  code(word: string): number {
    return this.dictionary.code(word);
  }

  /** -1 where the word has not occurred. */
  known(word: string): number {
    return this.dictionary.known(word);
  }

  set(row: number, word: string | undefined): void {
    if (word !== undefined) this.values[row] = this.code(word);
  }

  at(row: number): string | undefined {
    return this.dictionary.at(this.values[row] as number);
  }
}

/** A text for each row, given when the row is added. */
export class Texts {
  readonly kind = 'text';
  readonly about: string;
  readonly store = new TextStore();

  constructor(about: string) {
    this.about = about;
  }

  at(row: number): string {
    return this.store.at(row);
  }

  *grow(_capacity: number): Generator<void> {}

  *takeFrom(other: Texts): Generator<void> {
    yield* this.store.takeFrom(other.store);
  }
}

/** Exact amounts: millionths in the array, and beside it the few that do not fit. `units` is what readers see. */
export class Amounts extends Grown<'amount', Float64Array> {
  readonly #wide = new Map<number, bigint>();
  #isWide = false;

  constructor(about: string) {
    super('amount', about, 0, (length) => new Float64Array(length));
  }

  override *takeFrom(other: this): Generator<void> {
    yield* super.takeFrom(other);
    for (const [row, amount] of other.#wide) this.#wide.set(row, amount);
    this.#isWide = other.#isWide;
  }

  /** The few that do not fit, by row. */
  get wide(): ReadonlyMap<number, bigint> {
    return this.#wide;
  }

  at(row: number): Exact {
    const amount = this.values[row] as number;
    return this.#isWide ? (this.#wide.get(row) ?? amount) : amount;
  }

  set(row: number, amount: Exact): void {
    if (typeof amount === 'number') {
      if (this.#isWide) this.#wide.delete(row);
      this.values[row] = amount;
    } else {
      this.#isWide = true;
      this.#wide.set(row, amount);
      this.values[row] = toUnits(amount) * perUnit;
    }
  }
}

export type FactColumn = Instants | Numbers | Days | Counts | Flags | Words | Texts | Amounts;
