import { type FactColumn, Words } from './columns.ts';

const firstCapacity = 1024;

type ByName = Readonly<Record<string, FactColumn | readonly FactColumn[]>>;

/** The columns of one kind of fact, a row for each. */
export class Rows<Columns extends ByName = ByName> {
  readonly columns: Columns;
  /** Free dimensions, by name; they come with the first fact that has them. */
  readonly dimensions = new Map<string, Words>();
  count = 0;
  #capacity = 0;

  constructor(columns: Columns) {
    this.columns = columns;
  }

  /** A new row, all of it null or zero. */
  add(): number {
    if (this.count === this.#capacity) {
      this.#capacity = Math.max(firstCapacity, this.#capacity * 2);
      for (const column of this.#all()) column.grow(this.#capacity);
      for (const column of this.dimensions.values()) column.grow(this.#capacity);
    }
    this.count += 1;
    return this.count - 1;
  }

  /** Becomes a copy of rows of its own kind, a column at a time. */
  *takeFrom(other: Rows<Columns>): Generator<void> {
    const [mine, theirs] = [this.#all(), other.#all()];
    for (const [at, column] of mine.entries()) {
      column.takeFrom(theirs[at] as never);
      yield;
    }
    for (const [name, column] of other.dimensions) {
      const copy = new Words(column.about);
      copy.takeFrom(column);
      this.dimensions.set(name, copy);
      yield;
    }
    this.count = other.count;
    this.#capacity = other.#capacity;
  }

  #all(): FactColumn[] {
    return Object.values(this.columns).flat() as FactColumn[];
  }

  describe(row: number, dimensions: Readonly<Record<string, string>> | undefined): void {
    for (const [name, value] of Object.entries(dimensions ?? {})) {
      let column = this.dimensions.get(name);
      if (!column) {
        column = new Words(`Free dimension ${name}`);
        column.grow(this.#capacity);
        this.dimensions.set(name, column);
      }
      column.set(row, value);
    }
  }
}
