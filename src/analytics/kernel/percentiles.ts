import { bucketCount, bucketOf, type Method, type Rank, rankOf } from './histogram.ts';
import type { Vector } from './vectors.ts';

/** Groups up to which a histogram for each is worth its memory (4 KB); above, all values are put in order of their group. */
const mostHistograms = 1_024;

/**
 * Exact percentiles of many groups in two passes over the same values: `count` them all, then `collect` those that decide,
 * then ask. `scale` turns values into numbers whose whole part tells them apart, e.g. milliseconds into minutes.
 */
export class Percentiles {
  readonly #scale: number;
  readonly #percents: readonly number[];
  readonly #method: Method;
  /** By group and bucket: how many; from `prepare` on: which slot (from 1), 0 for none. */
  #buckets = new Int32Array(16 * bucketCount);
  #counts = new Int32Array(16);
  #groups = 0;
  #slots: Slot[] = [];
  /** Slot of each rank that is wanted, by group. */
  #wanted: Wanted[][] = [];

  constructor(percents: readonly number[], method: Method, scale: number) {
    this.#percents = percents;
    this.#method = method;
    this.#scale = scale;
  }

  /** First pass. Only rows whose mark is `chosen` count, and groups from 0. */
  count(groups: Int32Array, marks: Uint8Array, chosen: number, values: Vector): void {
    const scale = this.#scale;
    let [counts, buckets] = [this.#counts, this.#buckets];
    for (let i = 0; i < groups.length; i += 1) {
      const group = groups[i] as number;
      if (group < 0 || marks[i] !== chosen) continue;
      const value = values[i] as number;
      if (group >= this.#groups) {
        this.#grow(group + 1);
        [counts, buckets] = [this.#counts, this.#buckets];
      }
      counts[group] = (counts[group] as number) + 1;
      if (group >= mostHistograms) continue;
      const at = group * bucketCount + bucketOf(value * scale);
      buckets[at] = (buckets[at] as number) + 1;
    }
  }

  #grow(groups: number): void {
    this.#groups = groups;
    if (groups > this.#counts.length) this.#counts = grown(this.#counts, Math.max(groups, this.#counts.length * 2));
    const buckets = Math.min(groups, mostHistograms) * bucketCount;
    if (buckets > this.#buckets.length)
      this.#buckets = grown(this.#buckets, Math.min(mostHistograms * bucketCount, Math.max(buckets, buckets * 2)));
  }

  /** Between the passes: finds the buckets in which the wanted ranks lie. */
  *prepare(): Generator<void> {
    for (let group = 0; group < this.#groups; group += 1) {
      this.#wanted.push(this.#prepareGroup(group));
      yield;
    }
  }

  #prepareGroup(group: number): Wanted[] {
    const count = this.#counts[group] as number;
    if (count === 0) return [];
    const ranks = this.#percents.map((percent) => rankOf(percent, count, this.#method));
    if (group >= mostHistograms) {
      const slot = this.#slot(count);
      return ranks.map((rank) => ({ rank, lower: { slot, at: rank.lower }, upper: { slot, at: rank.upper } }));
    }
    const buckets = this.#buckets.subarray(group * bucketCount, (group + 1) * bucketCount);
    const places = placesOf(buckets, [...new Set(ranks.flatMap(({ lower, upper }) => [lower, upper]))]);
    const slots = new Map<number, number>();
    for (const { bucket } of places.values())
      if (!slots.has(bucket)) slots.set(bucket, this.#slot(buckets[bucket] as number));
    buckets.fill(0);
    for (const [bucket, slot] of slots) buckets[bucket] = slot + 1;
    const within = (rank: number): Within => {
      const place = places.get(rank) as Place;
      return { slot: slots.get(place.bucket) as number, at: place.at };
    };
    return ranks.map((rank) => ({ rank, lower: within(rank.lower), upper: within(rank.upper) }));
  }

  #slot(size: number): number {
    return this.#slots.push({ values: new Float64Array(size), filled: 0, sorted: false }) - 1;
  }

  /** Second pass, over the same values in any order. */
  collect(groups: Int32Array, marks: Uint8Array, chosen: number, values: Vector): void {
    const buckets = this.#buckets;
    const scale = this.#scale;
    for (let i = 0; i < groups.length; i += 1) {
      const group = groups[i] as number;
      if (group < 0 || marks[i] !== chosen) continue;
      const value = values[i] as number;
      const number =
        group < mostHistograms
          ? (buckets[group * bucketCount + bucketOf(value * scale)] as number) - 1
          : (this.#wanted[group]?.[0]?.lower.slot ?? -1);
      if (number < 0) continue;
      const slot = this.#slots[number] as Slot;
      slot.values[slot.filled] = value;
      slot.filled += 1;
    }
  }

  /** The percentiles of a group in the order asked for; null for a group without values. */
  of(group: number): (number | null)[] {
    const wanted = this.#wanted[group];
    if (!wanted || wanted.length === 0) return this.#percents.map(() => null);
    return wanted.map(({ rank, lower, upper }) => {
      const low = this.#at(lower);
      return rank.fraction === 0 ? low : low + (this.#at(upper) - low) * rank.fraction;
    });
  }

  #at({ slot, at }: Within): number {
    const found = this.#slots[slot] as Slot;
    if (!found.sorted) {
      if (!allEqual(found.values)) found.values.sort();
      found.sorted = true;
    }
    return found.values[at] as number;
  }
}

interface Slot {
  readonly values: Float64Array;
  filled: number;
  sorted: boolean;
}

interface Within {
  readonly slot: number;
  readonly at: number;
}

interface Wanted {
  readonly rank: Rank;
  readonly lower: Within;
  readonly upper: Within;
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
  for (let bucket = 0; bucket < bucketCount && next < rising.length; bucket += 1) {
    const count = buckets[bucket] as number;
    for (; next < rising.length && (rising[next] as number) < before + count; next += 1)
      places.set(rising[next] as number, { bucket, at: (rising[next] as number) - before });
    before += count;
  }
  return places;
}

function allEqual(values: Float64Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i += 1) if (values[i] !== first) return false;
  return true;
}

function grown(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}
