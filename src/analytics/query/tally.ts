import type { Vector } from '../kernel/vectors.ts';
import { standing } from './evaluation.ts';

/** Counts and sums of one KPI, by group. */
export class Tally {
  open = new Float64Array(64);
  seen = new Float64Array(64);
  counted = new Float64Array(64);
  part = new Float64Array(64);
  whole = new Float64Array(64);
  least = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  greatest = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  positive = new Float64Array(64);

  add(groups: Int32Array, status: Uint8Array, part: Vector, whole: Vector, rows: number): void {
    for (let i = 0; i < rows; i += 1) {
      const group = groups[i] as number;
      const is = status[i] as number;
      if (group < 0 || is === standing.outside) continue;
      if (group >= this.seen.length) this.#grow(group);
      this.seen[group] = (this.seen[group] as number) + 1;
      if (is === standing.open) this.open[group] = (this.open[group] as number) + 1;
      if (is !== standing.counted) continue;
      const value = part[i] as number;
      this.counted[group] = (this.counted[group] as number) + 1;
      this.part[group] = (this.part[group] as number) + value;
      this.whole[group] = (this.whole[group] as number) + (whole[i] as number);
      if (value > 0) this.positive[group] = (this.positive[group] as number) + 1;
      if (value < (this.least[group] as number)) this.least[group] = value;
      if (value > (this.greatest[group] as number)) this.greatest[group] = value;
    }
  }

  #grow(group: number): void {
    const length = Math.max(group + 1, this.seen.length * 2);
    for (const name of ['open', 'seen', 'counted', 'part', 'whole', 'positive'] as const)
      this[name] = grown(this[name], length, 0);
    this.least = grown(this.least, length, Number.POSITIVE_INFINITY);
    this.greatest = grown(this.greatest, length, Number.NEGATIVE_INFINITY);
  }
}

function grown(values: Float64Array, length: number, empty: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  larger.fill(empty, values.length);
  return larger;
}
