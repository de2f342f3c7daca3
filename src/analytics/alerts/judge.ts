import type { Cusum, Reading, Threshold, WatchDefinition } from '../../events/catalog/alert.ts';
import type { KpiAnswer } from '../query/answer.ts';
import { cusum, standardOf } from './cusum.ts';
import { type Point, periodAt, pointsOf, readingOf } from './series.ts';

/** What an answer says about one period of a watch. Periods in between (hysteresis, too few units) have no verdict. */
export interface Verdict {
  readonly period: string;
  readonly met: boolean;
  readonly reading: Reading;
}

const usualLookBack = 3;
const usualK = 0.5;
const usualH = 5;

/** Pure: the same answer and the same open alerts (by period) give the same verdicts. Oldest period first. */
export function judge(watch: WatchDefinition, answer: KpiAnswer, open: ReadonlySet<string>): readonly Verdict[] {
  const points = pointsOf(watch, answer);
  const { condition, lookBack = usualLookBack } = watch;
  const verdicts =
    condition.kind === 'threshold'
      ? points.map((point) => crossing(condition, point, answer))
      : levelChanges(watch, condition, points, answer, open);
  return verdicts.slice(-lookBack).filter((verdict): verdict is Verdict => verdict !== undefined);
}

function crossing({ side, level, clearAt = level }: Threshold, point: Point, answer: KpiAnswer): Verdict | undefined {
  const { value } = point;
  const met = side === 'below' ? value < level : value > level;
  const over = side === 'below' ? value >= clearAt : value <= clearAt;
  const reading = readingOf(point, answer, { side });
  return reading && (met || over) ? { period: point.period, met, reading } : undefined;
}

/** Only whole periods, after the baseline: one that has just begun would be judged by what happens to be due first. */
function levelChanges(
  { question: { period } }: WatchDefinition,
  { side, baseline, k = usualK, h = usualH }: Cusum,
  points: readonly Point[],
  answer: KpiAnswer,
  open: ReadonlySet<string>,
): readonly (Verdict | undefined)[] {
  if (period === undefined) return [];
  const [first, last, now] = [baseline.from, baseline.to, answer.on].map((date) => periodAt(period, date)) as [
    string,
    string,
    string,
  ];
  const ratio = answer.conventions[0]?.unit === 'ratio';
  const standard = standardOf(
    points.filter((point) => point.period >= first && point.period <= last),
    ratio,
  );
  if (!standard) return [];
  const later = points.filter((point) => point.period > last && point.period < now);
  return cusum(later, standard, { side, k, h, open }).map(({ point, side: moved, statistic, sigma, signal }) => {
    const how = { statistic, centre: standard.centre, sigma, baselinePeriods: standard.points };
    const reading = readingOf(point, answer, { side: moved, cusum: how });
    return reading && (signal || statistic <= h / 2) ? { period: point.period, met: signal, reading } : undefined;
  });
}
