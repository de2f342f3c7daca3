/**
 * Works on the items of a stream, `limit` at a time, so that the appends of many streams share a flush. Items are taken one
 * after the other; taking stops when `signal` aborts or a piece of work fails. Pieces under way are waited for in any case.
 * Rejects with the first failure.
 */
export async function concurrently<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (item: Item): void => {
    const piece = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(piece));
    underWay.add(piece);
  };
  try {
    for await (const item of items) {
      if (signal?.aborted || failures.length > 0) break;
      start(item);
      if (underWay.size >= limit) await Promise.race(underWay);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
}
