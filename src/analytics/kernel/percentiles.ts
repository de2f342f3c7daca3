import { bucketCount, bucketOf, type Method, rankOf, zeroBucket } from './histogram.ts';
import { Slots } from './slots.ts';
import type { Vector } from './vectors.ts';

/** Groups up to which a histogram for each is worth its memory (4 KB); above, all values are put in order of their group. */
const mostHistograms = 1_024;
/** Of a row whose value does not count. */
const nowhere = -1;

/** What is known of the values of one group. */
export interface Spread {
  readonly least: number;
  readonly greatest: number;
  /** How many are above zero. */
  readonly positive: number;
  /** In the order asked for. */
  readonly percentiles: readonly number[];
}

/**
 * Exact percentiles of many groups in two passes over the same values: `count` them all, `prepare`, `collect` those that
 * decide, `settle`, then ask. `scale` turns values into numbers whose whole part tells them apart, e.g. milliseconds into minutes.
 */
export class Percentiles {
  readonly #scale: number;
  readonly #percents: readonly number[];
  readonly #method: Method;
  readonly #groups: number;
  /** Buckets of each group. */
  readonly #width: number;
  /** By group and bucket: how many; from `prepare` on: which slot (from 1), 0 for none. */
  readonly #buckets: Int32Array;
  /** The bucket of each row, found in the first pass and looked up in the second. */
  readonly #places: Int32Array;
  #slots: Slots = new Slots([]);
  readonly #wanted: (Wanted | null)[] = [];
  readonly #found: (Spread | null)[] = [];

  constructor(
    {
      percents,
      method,
      scale,
    }: { readonly percents: readonly number[]; readonly method: Method; readonly scale: number },
    { groups, rows }: { readonly groups: number; readonly rows: number },
  ) {
    this.#percents = percents;
    this.#method = method;
    this.#scale = scale;
    this.#groups = groups;
    this.#width = groups <= mostHistograms ? bucketCount : 1;
    this.#buckets = new Int32Array(groups * this.#width);
    this.#places = new Int32Array(rows);
  }

  /** First pass, over the rows from `from` on. Only rows whose mark is `chosen` count, and groups from 0. */
  count(from: number, groups: Int32Array, marks: Uint8Array, chosen: number, values: Vector): void {
    const places = this.#places.subarray(from, from + groups.length);
    if (this.#width === 1) countGroups(groups, marks, chosen, this.#buckets, places);
    else countBuckets(groups, marks, chosen, values, this.#scale, this.#buckets, places);
  }

  /** Between the passes: finds the buckets in which the wanted ranks lie. */
  *prepare(): Generator<void> {
    const sizes: number[] = [];
    for (let group = 0; group < this.#groups; group += 1) {
      this.#wanted.push(this.#prepareGroup(group, sizes));
      yield;
    }
    this.#slots = new Slots(sizes);
  }

  #prepareGroup(group: number, sizes: number[]): Wanted | null {
    const buckets = this.#buckets.subarray(group * this.#width, (group + 1) * this.#width);
    const { count, positive } = totals(buckets);
    if (count === 0) return null;
    const ranks = this.#percents.map((percent) => rankOf(percent, count, this.#method));
    const all = new Set([0, count - 1, ...ranks.flatMap(({ lower, upper }) => [lower, upper])]);
    const places = placesOf(buckets, [...all]);
    const slots = new Map<number, number>();
    const slotOf = (bucket: number): number => {
      const slot = slots.get(bucket) ?? sizes.push(buckets[bucket] as number) - 1;
      slots.set(bucket, slot);
      return slot;
    };
    const within = new Map<number, Within>();
    for (const [rank, { bucket, at }] of places) within.set(rank, { slot: slotOf(bucket), at });
    const near = this.#width === 1 ? 0 : zeroBucket;
    const unclear = (buckets[near] as number) > 0 ? slotOf(near) : null;
    buckets.fill(0);
    for (const [bucket, slot] of slots) buckets[bucket] = slot + 1;
    return { count, positive, unclear, within };
  }

  /** Whether any of the rows decides. */
  decides(from: number, to: number): boolean {
    const [places, buckets] = [this.#places, this.#buckets];
    for (let row = from; row < to; row += 1) {
      const place = places[row] as number;
      if (place !== nowhere && buckets[place] !== 0) return true;
    }
    return false;
  }

  /** Second pass, over the rows from `from` on: the same values. */
  collect(from: number, rows: number, values: Vector): void {
    collectValues(this.#places.subarray(from, from + rows), values, this.#buckets, this.#slots);
  }

  /** After the second pass. */
  *settle(): Generator<void> {
    for (const wanted of this.#wanted) this.#found.push(wanted && (yield* this.#settled(wanted)));
  }

  *#settled({ count, positive, unclear, within }: Wanted): Generator<void, Spread> {
    const values = new Map<number, number>();
    for (const [rank, { slot, at }] of within) values.set(rank, yield* this.#slots.valueAt(slot, at));
    const valueOfRank = (rank: number): number => values.get(rank) as number;
    const percentiles = this.#percents.map((percent) => {
      const { lower, upper, fraction } = rankOf(percent, count, this.#method);
      return fraction === 0
        ? valueOfRank(lower)
        : valueOfRank(lower) + (valueOfRank(upper) - valueOfRank(lower)) * fraction;
    });
    const more = unclear === null ? 0 : yield* this.#slots.positive(unclear);
    return { least: valueOfRank(0), greatest: valueOfRank(count - 1), positive: positive + more, percentiles };
  }

  /** Null for a group without values. */
  of(group: number): Spread | null {
    return this.#found[group] ?? null;
  }
}

/** How many there are, and how many of them are above zero whatever the values of the bucket around it are. */
function totals(buckets: Int32Array): { readonly count: number; readonly positive: number } {
  let [count, positive] = [0, 0];
  for (let bucket = 0; bucket < buckets.length; bucket += 1) {
    count += buckets[bucket] as number;
    if (bucket === zeroBucket) positive = -count;
  }
  return { count, positive: buckets.length > zeroBucket ? count + positive : 0 };
}

function countBuckets(
  groups: Int32Array,
  marks: Uint8Array,
  chosen: number,
  values: Vector,
  scale: number,
  buckets: Int32Array,
  places: Int32Array,
): void {
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] as number;
    if (group < 0 || marks[i] !== chosen) {
      places[i] = nowhere;
      continue;
    }
    const place = group * bucketCount + bucketOf((values[i] as number) * scale);
    places[i] = place;
    buckets[place] = (buckets[place] as number) + 1;
  }
}

function countGroups(
  groups: Int32Array,
  marks: Uint8Array,
  chosen: number,
  counts: Int32Array,
  places: Int32Array,
): void {
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] as number;
    const place = group < 0 || marks[i] !== chosen ? nowhere : group;
    places[i] = place;
    if (place !== nowhere) counts[place] = (counts[place] as number) + 1;
  }
}

function collectValues(places: Int32Array, values: Vector, slotOf: Int32Array, { all, ends }: Slots): void {
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] as number;
    if (place < 0) continue;
    const slot = (slotOf[place] as number) - 1;
    if (slot < 0) continue;
    const end = ends[slot] as number;
    all[end] = values[i] as number;
    ends[slot] = end + 1;
  }
}

interface Within {
  readonly slot: number;
  readonly at: number;
}

interface Wanted {
  readonly count: number;
  /** How many are surely above zero. */
  readonly positive: number;
  /** The slot of those that may be. */
  readonly unclear: number | null;
  /** Where each rank lies. */
  readonly within: ReadonlyMap<number, Within>;
}

interface Place {
  readonly bucket: number;
  readonly at: number;
}

/** In which bucket each rank lies, and at which place in it. */
function placesOf(buckets: Int32Array, ranks: readonly number[]): Map<number, Place> {
  const places = new Map<number, Place>();
  const rising = [...ranks].sort((a, b) => a - b);
  let next = 0;
  let before = 0;
  for (let bucket = 0; bucket < buckets.length && next < rising.length; bucket += 1) {
    const count = buckets[bucket] as number;
    for (; next < rising.length && (rising[next] as number) < before + count; next += 1)
      places.set(rising[next] as number, { bucket, at: (rising[next] as number) - before });
    before += count;
  }
  return places;
}
