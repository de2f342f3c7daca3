import { LRUCache } from 'lru-cache';

const windowMs = 60_000;

interface Window {
  start: number;
  count: number;
}

export interface Limiter {
  /** Counts one; false when the minute is used up. */
  take(key: string, now: number): boolean;
  /** True when the minute is used up; counts nothing. */
  exhausted(key: string, now: number): boolean;
  /** Seconds until the minute ends. */
  retryAfter(key: string, now: number): number;
  readonly perMinute: number;
}

/** Fixed windows of a minute in memory, per process, synchronous because it lies on every request. 0 = no limit. */
export function createLimiter(perMinute: number): Limiter {
  const windows = new LRUCache<string, Window>({ max: 20_000 });
  const current = (key: string, now: number): Window => {
    let window = windows.get(key);
    if (!window) {
      window = { start: now, count: 0 };
      windows.set(key, window);
    } else if (now - window.start >= windowMs) {
      window.start = now;
      window.count = 0;
    }
    return window;
  };
  return {
    perMinute,
    take: (key, now) => {
      if (perMinute === 0) return true;
      const window = current(key, now);
      window.count += 1;
      return window.count <= perMinute;
    },
    exhausted: (key, now) => perMinute !== 0 && current(key, now).count >= perMinute,
    retryAfter: (key, now) => Math.max(1, Math.ceil((current(key, now).start + windowMs - now) / 1000)),
  };
}
