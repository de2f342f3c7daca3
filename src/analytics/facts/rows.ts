import { type FactColumn, Words } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { exhaust } from './text-store.ts';

const firstCapacity = 1024;
/** Columns grow by so much: less copies more often, more leaves more room unused. */
const growth = 1.5;

type ByName = Readonly<Record<string, FactColumn | readonly FactColumn[]>>;

/** The columns of one kind of fact, a row for each. */
export class Rows<Columns extends ByName = ByName> {
  readonly columns: Columns;
  /** Free dimensions, by name; they come with the first fact that has them. */
  readonly dimensions = new Map<string, Words>();
  /** Their names, in that order. */
  readonly dimensionNames = new Dictionary();
  readonly #dimensionList: Words[] = [];
  count = 0;
  #capacity = 0;

  constructor(columns: Columns) {
    this.columns = columns;
  }

  /** A new row, all of it null or zero. */
  add(): number {
    if (this.count === this.#capacity) exhaust(this.reserve(1));
    this.count += 1;
    return this.count - 1;
  }

  /** Makes room for so many more rows, so that adding them takes no time. Rows must not change meanwhile. */
  *reserve(more: number): Generator<void> {
    if (this.count + more <= this.#capacity) return;
    const capacity = Math.max(firstCapacity, this.count + more, Math.ceil(this.#capacity * growth));
    for (const column of this.all()) yield* column.grow(capacity);
    this.#capacity = capacity;
  }

  /** Becomes a copy of rows of its own kind. */
  *takeFrom(other: Rows<Columns>): Generator<void> {
    yield* this.dimensionNames.takeFrom(other.dimensionNames);
    this.nameDimensions();
    const theirs = other.all();
    for (const [at, column] of this.all().entries()) yield* column.takeFrom(theirs[at] as never);
    this.count = other.count;
    this.#capacity = other.#capacity;
  }

  /** So many rows are there; their values are put there by the caller. */
  adopt(count: number): void {
    this.count = count;
    this.#capacity = count;
  }

  /** Every column, dimensions last; the same order in all rows of a kind that have the same dimensions. */
  all(): FactColumn[] {
    return [...(Object.values(this.columns).flat() as FactColumn[]), ...this.dimensions.values()];
  }

  /** A column for every dimension that has a name. */
  nameDimensions(): void {
    for (let at = this.dimensions.size; at < this.dimensionNames.length; at += 1) {
      const name = this.dimensionNames.at(at) as string;
      const column = new Words(`Free dimension ${name}`);
      exhaust(column.grow(this.#capacity));
      this.dimensions.set(name, column);
      this.#dimensionList.push(column);
    }
  }

  /** The dimension whose name has that code. */
  dimension(at: number): Words {
    return this.#dimensionList[at] as Words;
  }
}
