const runLength = 256;
const mergedAtOnce = 1_024;

/** Sorts, stably, in steps that are short however many there are: runs first, then merged by twos. */
export function* sorted<T>(items: readonly T[], compare: (a: T, b: T) => number): Generator<void, T[]> {
  let from: T[] = [];
  for (let start = 0; start < items.length; start += runLength) {
    for (const item of items.slice(start, start + runLength).sort(compare)) from.push(item);
    yield;
  }
  for (let width = runLength; width < items.length; width *= 2) {
    const into: T[] = [];
    for (let start = 0; start < items.length; start += 2 * width)
      yield* merge(from, start, Math.min(items.length, start + width), Math.min(items.length, start + 2 * width), {
        compare,
        into,
      });
    from = into;
  }
  return from;
}

function* merge<T>(
  from: readonly T[],
  left: number,
  middle: number,
  end: number,
  { compare, into }: { readonly compare: (a: T, b: T) => number; readonly into: T[] },
): Generator<void> {
  for (let [a, b] = [left, middle]; a < middle || b < end; ) {
    const takesLeft = b >= end || (a < middle && compare(from[a] as T, from[b] as T) <= 0);
    into.push(from[takesLeft ? a : b] as T);
    if (takesLeft) a += 1;
    else b += 1;
    if (into.length % mergedAtOnce === 0) yield;
  }
}
