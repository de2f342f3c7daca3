/** Up to so many values are sorted in one go: less than a millisecond. */
export const sortedAtOnce = 8_192;
const bins = 4_096;

/**
 * The value at a rank (from 0) among the values. Many values are counted into bins between the least and the greatest, and only
 * the bin of the rank is looked at further, so that no step takes long. Reorders the values.
 */
export function* valueAt(values: Float64Array, rank: number): Generator<void, number> {
  let [among, at] = [values, rank];
  while (among.length > sortedAtOnce) {
    const { least, greatest } = yield* extremes(among);
    if (least === greatest) return least;
    const perValue = bins / (greatest - least);
    if (!Number.isFinite(perValue)) break;
    const counts = new Int32Array(bins);
    for (const piece of pieces(among)) {
      countBins(piece, least, perValue, counts);
      yield;
    }
    let bin = 0;
    for (; at >= (counts[bin] as number); bin += 1) at -= counts[bin] as number;
    const inside = new Float64Array(counts[bin] as number);
    let filled = 0;
    for (const piece of pieces(among)) {
      filled = gather(piece, least, perValue, { bin, inside, filled });
      yield;
    }
    among = inside;
  }
  return among.sort()[at] as number;
}

function* pieces(values: Float64Array): Generator<Float64Array> {
  for (let from = 0; from < values.length; from += sortedAtOnce) yield values.subarray(from, from + sortedAtOnce);
}

function* extremes(values: Float64Array): Generator<void, { readonly least: number; readonly greatest: number }> {
  let [least, greatest] = [values[0] as number, values[0] as number];
  for (const piece of pieces(values)) {
    for (let i = 0; i < piece.length; i += 1) {
      const value = piece[i] as number;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    yield;
  }
  return { least, greatest };
}

/** Never falls as the value rises. */
const binOf = (value: number, least: number, perValue: number): number =>
  Math.min(bins - 1, Math.floor((value - least) * perValue));

function countBins(values: Float64Array, least: number, perValue: number, counts: Int32Array): void {
  for (let i = 0; i < values.length; i += 1) {
    const bin = binOf(values[i] as number, least, perValue);
    counts[bin] = (counts[bin] as number) + 1;
  }
}

interface Inside {
  readonly bin: number;
  readonly inside: Float64Array;
  readonly filled: number;
}

function gather(values: Float64Array, least: number, perValue: number, { bin, inside, filled }: Inside): number {
  let end = filled;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (binOf(value, least, perValue) !== bin) continue;
    inside[end] = value;
    end += 1;
  }
  return end;
}
