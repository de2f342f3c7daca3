import type { Vector } from '../kernel/vectors.ts';
import { standing } from './standing.ts';

const standings = 4;
const { open, unmeasured, counted } = standing;

/** Counts and sums of one KPI, by group. */
export class Tally {
  /** By group and standing. */
  #counts = new Float64Array(64 * standings);
  #parts = new Float64Array(64 * standings);
  #wholes = new Float64Array(64 * standings);
  #least = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  #greatest = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  #positive = new Float64Array(64);

  /** `whole` is left out where it is one for each unit. */
  add(groups: Int32Array, status: Uint8Array, part: Vector, whole: Vector | null): void {
    addUp(groups, status, part, this.#counts, this.#parts);
    if (whole) addUp(groups, status, whole, null, this.#wholes);
  }

  /** Also the least, the greatest, and how many are above zero. */
  addSpread(groups: Int32Array, status: Uint8Array, part: Vector): void {
    const [least, greatest, positive] = [this.#least, this.#greatest, this.#positive];
    for (let i = 0; i < groups.length; i += 1) {
      const group = groups[i] as number;
      if (group < 0 || status[i] !== counted) continue;
      const value = part[i] as number;
      if (value > 0) positive[group] = (positive[group] as number) + 1;
      if (value < (least[group] as number)) least[group] = value;
      if (value > (greatest[group] as number)) greatest[group] = value;
    }
  }

  of(group: number) {
    const at = group * standings;
    const n_open = this.#counts[at + open] ?? 0;
    const n = this.#counts[at + counted] ?? 0;
    return {
      open: n_open,
      counted: n,
      seen: n_open + n + (this.#counts[at + unmeasured] ?? 0),
      part: this.#parts[at + counted] ?? 0,
      whole: this.#wholes[at + counted] ?? 0,
      least: this.#least[group] ?? Number.NaN,
      greatest: this.#greatest[group] ?? Number.NaN,
      positive: this.#positive[group] ?? 0,
    };
  }

  /** Makes room for so many groups. */
  reserve(count: number): void {
    if (count <= this.#positive.length) return;
    const groups = Math.max(count, this.#positive.length * 2);
    this.#counts = grown(this.#counts, groups * standings, 0);
    this.#parts = grown(this.#parts, groups * standings, 0);
    this.#wholes = grown(this.#wholes, groups * standings, 0);
    this.#positive = grown(this.#positive, groups, 0);
    this.#least = grown(this.#least, groups, Number.POSITIVE_INFINITY);
    this.#greatest = grown(this.#greatest, groups, Number.NEGATIVE_INFINITY);
  }
}

function addUp(
  groups: Int32Array,
  status: Uint8Array,
  values: Vector,
  counts: Float64Array | null,
  sums: Float64Array,
): void {
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] as number;
    if (group < 0) continue;
    const at = group * standings + (status[i] as number);
    sums[at] = (sums[at] as number) + (values[i] as number);
    if (counts) counts[at] = (counts[at] as number) + 1;
  }
}

function grown(values: Float64Array, length: number, empty: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  larger.fill(empty, values.length);
  return larger;
}
