import { InvalidValue } from '../../values/refusal.ts';
import { sliceRows } from './vectors.ts';

/** Codes of one dimension for a slice, from 0; `size` is one more than the greatest. */
export interface Keys {
  readonly size: number;
  codes(from: number, to: number, out: Int32Array): void;
}

const mostGroups = 200_000;
const largestTable = 1 << 22;

/** Gives every combination of codes that occurs a number, in the order in which they occur first. */
export class Groups {
  readonly #keys: readonly Keys[];
  readonly #strides: number[];
  /** From combination to number, where it is small enough to be a table. */
  readonly #table: Int32Array | null;
  readonly #map = new Map<number, number>();
  readonly #combined: Float64Array | Int32Array;
  readonly #codes = new Int32Array(sliceRows);
  /** The combinations, by group. */
  readonly members: number[] = [];

  constructor(keys: readonly Keys[]) {
    this.#keys = keys;
    let product = 1;
    this.#strides = keys.map(({ size }) => {
      const stride = product;
      product *= size;
      return stride;
    });
    this.#table = product <= largestTable ? new Int32Array(product).fill(-1) : null;
    this.#combined = this.#table ? new Int32Array(sliceRows) : new Float64Array(sliceRows);
    if (keys.length === 0) this.#group(0);
  }

  /** Groups of the rows. Throws InvalidValue `too-many-groups`. */
  of(from: number, to: number, out: Int32Array): void {
    const rows = to - from;
    const combined = this.#combined;
    combined.fill(0, 0, rows);
    this.#keys.forEach((keys, at) => {
      keys.codes(from, to, this.#codes);
      addCodes(this.#codes, this.#strides[at] as number, combined, rows);
    });
    const table = this.#table;
    for (let i = 0; i < rows; i += 1) {
      const key = combined[i] as number;
      const known = table ? (table[key] as number) : (this.#map.get(key) ?? -1);
      out[i] = known < 0 ? this.#group(key) : known;
    }
  }

  /** The codes that make up a group, in the order of the keys. */
  codesOf(group: number): number[] {
    const key = this.members[group] as number;
    return this.#keys.map(({ size }, at) => Math.floor(key / (this.#strides[at] as number)) % size);
  }

  #group(key: number): number {
    const group = this.members.push(key) - 1;
    if (group >= mostGroups)
      throw new InvalidValue(
        'too-many-groups',
        `The question has more than ${mostGroups} groups; group by fewer dimensions or filter`,
        'group',
      );
    if (this.#table) this.#table[key] = group;
    else this.#map.set(key, group);
    return group;
  }
}

function addCodes(codes: Int32Array, stride: number, combined: Float64Array | Int32Array, rows: number): void {
  for (let i = 0; i < rows; i += 1) combined[i] = (combined[i] as number) + (codes[i] as number) * stride;
}
