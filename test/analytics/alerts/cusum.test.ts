import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cusum, standardOf } from '../../../src/analytics/alerts/cusum.ts';
import type { Point } from '../../../src/analytics/alerts/series.ts';

const value = (number: number, at: number): Point => ({
  period: String(1000 + at),
  value: number,
  num: number,
  den: 1,
});
const ratio = (num: number, den: number, at = 0): Point => ({ period: String(1000 + at), value: num / den, num, den });
const none: ReadonlySet<string> = new Set();

/** Montgomery, Introduction to Statistical Quality Control, table 9.1: ten observations of N(11, 1) after twenty of N(10, 1). */
const table = [
  9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62, 10.31,
  8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
];

describe('the tabular CUSUM', () => {
  const known = { centre: 10, sigma: () => 1, points: 20 };

  test('gives the sums of the textbook example, and its signal at observation 29', () => {
    const rules = { side: 'above', k: 0.5, h: 5, open: none } as const;
    const judged = cusum(table.map(value), known, rules);
    const sums = judged.map(({ statistic }) => Number(statistic.toFixed(2)));
    expect(sums.slice(20, 29)).toEqual([0.74, 0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28]);
    expect(judged.findIndex(({ signal }) => signal)).toBe(28);
  });

  test('starts again after a signal, and holds an open one until the sum has halved', () => {
    const rules = { side: 'above', k: 0.5, h: 5, open: none } as const;
    const judged = cusum(
      [6, 10, 4].map((z, at) => value(10 + z, at)),
      known,
      rules,
    );
    expect(judged.map(({ statistic, signal }) => [statistic, signal])).toEqual([
      [5.5, true],
      [9.5, true],
      [3.5, false],
    ]);
    const held = cusum([value(13.5, 0)], known, { ...rules, open: new Set(['1000']) });
    expect(held[0]).toMatchObject({ statistic: 3, signal: true });
    expect(cusum([value(12.5, 0)], known, { ...rules, open: new Set(['1000']) })[0]?.signal).toBe(false);
  });

  test('looks only at the side that was asked for', () => {
    const falling = [value(3, 0)];
    expect(cusum(falling, known, { side: 'above', k: 0.5, h: 5, open: none })[0]?.signal).toBe(false);
    expect(cusum(falling, known, { side: 'both', k: 0.5, h: 5, open: none })[0]).toMatchObject({
      side: 'below',
      statistic: 6.5,
      signal: true,
    });
  });

  test('is the same mirrored', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 5, max: 15, noNaN: true }), { maxLength: 60 }), (values) => {
        const rules = { k: 0.5, h: 5, open: none };
        const up = cusum(values.map(value), known, { ...rules, side: 'above' });
        const mirror = { ...known, centre: -10 };
        const down = cusum(
          values.map((one, at) => value(-one, at)),
          mirror,
          { ...rules, side: 'below' },
        );
        expect(down.map(({ signal }) => signal)).toEqual(up.map(({ signal }) => signal));
      }),
    );
  });
});

describe('the standard', () => {
  test('of values: their mean, and the mean moving range over 1.128', () => {
    const standard = standardOf([1, 3, 1, 3, 1, 3, 1, 3].map(value), false);
    expect(standard).toMatchObject({ centre: 2, points: 8 });
    expect(standard?.sigma(value(0, 0))).toBeCloseTo(2 / 1.128, 12);
  });

  test('of ratios: pooled, with the sigma of the size of each period', () => {
    const even = Array.from({ length: 10 }, (_, at) => ratio(90 + (at % 2), 100, at));
    const standard = standardOf(even, true);
    expect(standard?.centre).toBeCloseTo(0.905, 12);
    const small = standard?.sigma(ratio(1, 25)) ?? 0;
    expect(small).toBeCloseTo(Math.sqrt((0.905 * 0.095) / 25), 12);
    expect(small / (standard?.sigma(ratio(1, 100)) ?? 0)).toBeCloseTo(2, 12);
  });

  test('of ratios that vary by more than independent units would: wider (Laney)', () => {
    const wild = Array.from({ length: 10 }, (_, at) => ratio(at % 2 ? 6_000 : 8_000, 10_000, at));
    const binomial = Math.sqrt((0.7 * 0.3) / 10_000);
    expect(standardOf(wild, true)?.sigma(ratio(1, 10_000))).toBeCloseTo(0.2 / 1.128, 10);
    expect(binomial).toBeLessThan(0.005);
  });

  test('is missing without enough points or without variation', () => {
    expect(standardOf([1, 2, 3].map(value), false)).toBeUndefined();
    expect(
      standardOf(
        Array.from({ length: 9 }, (_, at) => value(4, at)),
        false,
      ),
    ).toBeUndefined();
    expect(
      standardOf(
        Array.from({ length: 9 }, (_, at) => ratio(50, 50, at)),
        true,
      ),
    ).toBeUndefined();
  });
});
