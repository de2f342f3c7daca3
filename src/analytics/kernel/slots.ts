import { sortedAtOnce, valueAt } from './select.ts';

/** The values that decide, those of one bucket beside each other. */
export class Slots {
  readonly all: Float64Array;
  readonly #starts: Int32Array;
  readonly #sorted: Uint8Array;
  /** Where the next value of each slot goes. */
  readonly ends: Int32Array;

  constructor(sizes: readonly number[]) {
    this.#starts = new Int32Array(sizes.length);
    this.#sorted = new Uint8Array(sizes.length);
    let total = 0;
    for (const [slot, size] of sizes.entries()) {
      this.#starts[slot] = total;
      total += size;
    }
    this.ends = this.#starts.slice();
    this.all = new Float64Array(total);
  }

  *valueAt(slot: number, at: number): Generator<void, number> {
    const values = this.#of(slot);
    if (values.length > sortedAtOnce) return yield* valueAt(values, at);
    if (this.#sorted[slot] === 0 && values.length > 1) values.sort();
    this.#sorted[slot] = 1;
    yield;
    return values[at] as number;
  }

  /** How many are above zero. */
  *positive(slot: number): Generator<void, number> {
    const values = this.#of(slot);
    let count = 0;
    for (let i = 0; i < values.length; i += 1) {
      if ((values[i] as number) > 0) count += 1;
      if (i % sortedAtOnce === 0) yield;
    }
    return count;
  }

  #of(slot: number): Float64Array {
    return this.all.subarray(this.#starts[slot], this.ends[slot]);
  }
}
