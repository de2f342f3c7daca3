import type { Point } from './series.ts';

/**
 * Change of level by the tabular cumulative sum (Page, "Continuous inspection schemes", Biometrika 41, 1954; Montgomery,
 * Introduction to Statistical Quality Control, chapter 9). The series is standardised by a baseline: ratios as in a p-chart
 * with variable sample size (Montgomery 7.3), values as individual observations with the average moving range (6.4).
 */

/** Mean of the range of two neighbours over sigma, for a normal distribution (d2 for n = 2). */
const d2 = 1.128;

/** Fewer points say too little about a level and its spread. */
export const fewestBaselinePoints = 8;

export interface Standard {
  readonly centre: number;
  /** Sigma of one point, in the unit of the KPI. */
  readonly sigma: (point: Point) => number;
  readonly points: number;
}

/** What is usual, by the baseline; undefined when it has too few points, or no variation. */
export function standardOf(baseline: readonly Point[], ratio: boolean): Standard | undefined {
  const points = baseline.length;
  if (points < fewestBaselinePoints) return undefined;
  return ratio ? ratioStandard(baseline) : valueStandard(baseline);
}

/**
 * sqrt(p(1-p)/n) is right for units that fail independently. Where they do not, a point varies by more; the excess is taken
 * from the baseline (Laney, "Improved control charts for attributes", Quality Engineering 14, 2002), never below 1.
 */
function ratioStandard(baseline: readonly Point[]): Standard | undefined {
  const den = sumOf(baseline.map((point) => point.den));
  const centre = sumOf(baseline.map((point) => point.num)) / den;
  const binomial = ({ den: n }: Point): number => Math.sqrt((centre * (1 - centre)) / n);
  if (!(centre > 0 && centre < 1)) return undefined;
  const excess = Math.max(1, movingSigma(baseline.map((point) => (point.value - centre) / binomial(point))));
  return { centre, sigma: (point) => excess * binomial(point), points: baseline.length };
}

function valueStandard(baseline: readonly Point[]): Standard | undefined {
  const values = baseline.map(({ value }) => value);
  const sigma = movingSigma(values);
  if (!(sigma > 0)) return undefined;
  return { centre: sumOf(values) / values.length, sigma: () => sigma, points: baseline.length };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const movingSigma = (values: readonly number[]): number =>
  sumOf(values.slice(1).map((value, at) => Math.abs(value - (values[at] as number)))) / (values.length - 1) / d2;

export interface CusumRules {
  readonly side: 'below' | 'above' | 'both';
  /** Allowance and decision interval, in sigma. */
  readonly k: number;
  readonly h: number;
  /** Periods whose alert is open: it stays until the sum has fallen to half of h. */
  readonly open: ReadonlySet<string>;
}

export interface Judged {
  readonly point: Point;
  readonly side: 'below' | 'above';
  /** The sum on that side, in sigma, before it starts again. */
  readonly statistic: number;
  readonly sigma: number;
  readonly signal: boolean;
}

/** Sums up the points after the baseline, one after the other. After a signal both sums start again at zero. */
export function cusum(
  points: readonly Point[],
  standard: Standard,
  { side, k, h, open }: CusumRules,
): readonly Judged[] {
  let above = 0;
  let below = 0;
  return points.map((point) => {
    const sigma = standard.sigma(point);
    const z = (point.value - standard.centre) / sigma;
    above = side === 'below' ? 0 : Math.max(0, above + z - k);
    below = side === 'above' ? 0 : Math.max(0, below - z - k);
    const statistic = Math.max(above, below);
    const signal = statistic > (open.has(point.period) ? h / 2 : h);
    const judged = { point, side: above > below ? 'above' : 'below', statistic, sigma, signal } as const;
    if (signal) {
      above = 0;
      below = 0;
    }
    return judged;
  });
}
