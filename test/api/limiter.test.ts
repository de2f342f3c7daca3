import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/api/http/limiter.ts';

describe('the rate limiter', () => {
  it('refuses from the first request over the limit until the minute ends', () => {
    const limiter = createLimiter(2);
    expect([limiter.take('a', 0), limiter.take('a', 1), limiter.take('a', 2)]).toEqual([true, true, false]);
    expect(limiter.exhausted('a', 3)).toBe(true);
    expect(limiter.retryAfter('a', 30_000)).toBe(30);
    expect(limiter.take('a', 60_000)).toBe(true);
  });

  it('counts every key apart', () => {
    const limiter = createLimiter(1);
    expect(limiter.take('a', 0)).toBe(true);
    expect(limiter.take('b', 0)).toBe(true);
  });

  it('never refuses with a limit of 0', () => {
    const limiter = createLimiter(0);
    for (let i = 0; i < 1000; i += 1) expect(limiter.take('a', i)).toBe(true);
    expect(limiter.exhausted('a', 0)).toBe(false);
  });
});
