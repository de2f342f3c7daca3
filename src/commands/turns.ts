/** Work on the same key is done one after the other, in the order in which it was asked for; other keys do not wait. */
export function turns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const mine = before ? before.then(work) : work();
    const end = mine.catch(() => undefined); // a failure is the business of whoever asked, not of the next in the row
    last.set(key, end);
    try {
      return await mine;
    } finally {
      if (last.get(key) === end) last.delete(key);
    }
  };
}
