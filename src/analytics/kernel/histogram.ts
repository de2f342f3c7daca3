/**
 * A log-linear histogram: 16 buckets for each doubling, the same for negative values. It only has to keep the order of the
 * values; what is exact comes from sorting the few values of the buckets in which a wanted rank lies.
 */
export const bucketCount = 1_024;
const middle = bucketCount / 2;
/** Holds what is between 0 and 1, 0 included. */
export const zeroBucket = middle;
const perOctave = 16;
const largest = 2 ** 31 - 1;

/** Never falls as the value rises. Values are rounded down to whole numbers here and cut at 2^31. */
export function bucketOf(value: number): number {
  const size = value < 0 ? -value : value;
  const whole = size > largest ? largest : size | 0;
  let bucket = whole;
  if (whole >= perOctave) {
    const exponent = 31 - Math.clz32(whole);
    bucket = (exponent - 3) * perOctave + ((whole >>> (exponent - 4)) & (perOctave - 1));
  }
  return value < 0 ? middle - 1 - bucket : middle + bucket;
}

export type Method = 'linear' | 'nearest';

/** The ranks between which a percentile lies, and how far it is from the lower to the upper one. */
export interface Rank {
  readonly lower: number;
  readonly upper: number;
  readonly fraction: number;
}

/** `linear` is Hyndman and Fan's type 7 (percentile_cont), `nearest` their type 1 (percentile_disc). */
export function rankOf(percent: number, count: number, method: Method): Rank {
  if (method === 'nearest') {
    const at = Math.max(0, Math.ceil((percent * count) / 100) - 1);
    return { lower: at, upper: at, fraction: 0 };
  }
  const place = (percent * (count - 1)) / 100;
  const lower = Math.floor(place);
  return { lower, upper: Math.min(lower + 1, count - 1), fraction: place - lower };
}
