import type { Vector } from '../kernel/vectors.ts';
import { standing } from './standing.ts';

const standings = 4;
const { open, unmeasured, counted } = standing;

/** Counts and sums of one KPI, by group. */
export class Tally {
  /** By group and standing. */
  readonly #counts: Float64Array;
  readonly #parts: Float64Array;
  readonly #wholes: Float64Array;

  constructor(groups: number) {
    this.#counts = new Float64Array(groups * standings);
    this.#parts = new Float64Array(groups * standings);
    this.#wholes = new Float64Array(groups * standings);
  }

  /** `whole` is left out where it is one for each unit. */
  add(groups: Int32Array, status: Uint8Array, part: Vector, whole: Vector | null): void {
    addUp(groups, status, part, this.#counts, this.#parts);
    if (whole) addUp(groups, status, whole, null, this.#wholes);
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
    };
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
