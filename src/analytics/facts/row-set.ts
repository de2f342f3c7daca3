/** A set of rows, in the order in which they were added. */
export class RowSet {
  #isIn = new Uint8Array(1_024);
  #rows = new Int32Array(1_024);
  size = 0;

  add(row: number): void {
    if (row >= this.#isIn.length) this.#isIn = copied(this.#isIn, new Uint8Array(2 * (row + 1)));
    if (this.#isIn[row] === 1) return;
    this.#isIn[row] = 1;
    if (this.size === this.#rows.length) this.#rows = copied(this.#rows, new Int32Array(2 * this.size));
    this.#rows[this.size] = row;
    this.size += 1;
  }

  at(index: number): number {
    return this.#rows[index] as number;
  }

  clear(): void {
    for (let index = 0; index < this.size; index += 1) this.#isIn[this.#rows[index] as number] = 0;
    this.size = 0;
  }
}

function copied<A extends Int32Array | Uint8Array>(values: A, larger: A): A {
  larger.set(values as never);
  return larger;
}
