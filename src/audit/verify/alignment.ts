import { hashAt, hashBytes } from '../tree/hashing.ts';

/** How a log differs from the one that was signed, by the hashes of its events alone. */
export interface Alignment {
  /** Places in the signed log of events that are nowhere in the present one. */
  readonly missing: readonly number[];
  /** Places in the present log of events that are nowhere in the signed one, before or among those that are. */
  readonly extra: readonly number[];
  /** The same after the last event that is in both: they may have come later. */
  readonly later: readonly number[];
  /** Events that are in both, and not in the same order as the others: where they were, where they are. */
  readonly moved: readonly { readonly was: number; readonly is: number }[];
}

const count = (row: Buffer): number => row.length / hashBytes;

/** Both are rows of leaf hashes. Undefined: the present one begins with the signed one. */
export function align(signed: Buffer, present: Buffer): Alignment | undefined {
  if (present.length >= signed.length && signed.compare(present, 0, signed.length) === 0) return undefined;
  const first = firstDifference(signed, present);
  const places = new Map<string, number>();
  for (let at = first; at < count(signed); at += 1) places.set(hashAt(signed, at).toString('latin1'), at);
  const pairs: { was: number; is: number }[] = [];
  const unknown: number[] = [];
  for (let is = first; is < count(present); is += 1) {
    const key = hashAt(present, is).toString('latin1');
    const was = places.get(key);
    if (was === undefined) unknown.push(is);
    else {
      pairs.push({ was, is });
      places.delete(key); // a second one like it was put there
    }
  }
  const lastKnown = pairs.at(-1)?.is ?? first - 1;
  const inOrder = longestRise(pairs.map(({ was }) => was));
  return {
    missing: [...places.values()].sort((a, b) => a - b),
    extra: unknown.filter((at) => at < lastKnown),
    later: unknown.filter((at) => at > lastKnown),
    moved: pairs.filter((_, at) => !inOrder.has(at)),
  };
}

function firstDifference(a: Buffer, b: Buffer): number {
  const shorter = Math.min(count(a), count(b));
  let low = 0;
  let high = shorter;
  // Equal up to `low`; the first difference, if there is one, is before `high` or at it.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const same = a.compare(b, low * hashBytes, middle * hashBytes, low * hashBytes, middle * hashBytes) === 0;
    if (same) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The places of a longest rising subsequence: patience sorting. */
function longestRise(values: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [at, value] of values.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before.push(ends[low - 1]);
    ends[low] = at;
  }
  const rise = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before[at]) rise.add(at);
  return rise;
}
