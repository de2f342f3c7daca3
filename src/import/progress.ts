/** How far an import has come; rows done per second, and seconds left at that rate. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly rate: number;
  readonly secondsLeft?: number;
  readonly orders: number;
  readonly events: number;
  readonly rejected: number;
}

/** Measures from its creation on. `elapsed` is in seconds. */
export function stopwatch(now: () => number = () => performance.now()) {
  const start = now();
  const elapsed = (): number => (now() - start) / 1000;
  return {
    elapsed,
    progress(done: number, total: number): Pick<ImportProgress, 'done' | 'total' | 'rate' | 'secondsLeft'> {
      const rate = done / Math.max(elapsed(), 0.001);
      return rate === 0 ? { done, total, rate } : { done, total, rate, secondsLeft: (total - done) / rate };
    },
  };
}
