import type { FoldedFacts } from '../facts/facts.ts';
import { Percentiles } from '../kernel/percentiles.ts';
import { sliceRows, slicesOf } from '../kernel/vectors.ts';
import { WorkingTime } from '../kernel/working-time.ts';
import type { Measure } from '../kpis/measure.ts';
import { type Attributed, attributionOf, dayFilter } from './attribution.ts';
import { type Dimension, dimensionAt } from './dimensions.ts';
import { type Evaluation, evaluationOf } from './evaluation.ts';
import { type Grouping, groupingOf } from './grouping.ts';
import type { Asked, Judgement, Question } from './question.ts';
import { standing } from './standing.ts';
import { Tally } from './tally.ts';
import { type Units, unitsOf } from './units.ts';

/** One KPI in a scan. */
export interface Measured {
  readonly asked: Asked;
  readonly evaluation: Evaluation;
  readonly tally: Tally;
  readonly percentiles: Percentiles | null;
}

/** KPIs whose units and groups are the same are computed in one go. */
export interface Scan {
  readonly units: Units;
  readonly grouping: Grouping;
  readonly measured: readonly Measured[];
  /** Groups of the rows, -1 for those that the filter leaves out. Only to be read, until the next rows are asked for. */
  grouped(from: number, to: number): Int32Array;
}

const withDistribution: ReadonlySet<Measure['kind']> = new Set(['time', 'dates', 'number', 'held']);
export const hasDistribution = ({ kind }: Measure): boolean => withDistribution.has(kind);

/** Computations on milliseconds tell minutes apart, all others whole numbers to a sixteenth. */
const scaleOf = ({ kind }: Measure): number => (kind === 'time' ? 1 / 60_000 : 16);

export function* prepareScan(
  facts: FoldedFacts,
  asked: readonly [Asked, ...Asked[]],
  question: Question,
  judgement: Judgement,
): Generator<void, Scan> {
  const units = unitsOf(facts, asked[0].grain);
  const attributed = attributionOf(facts, units, asked[0], { question, judgement });
  const grouping = yield* groupingOf(facts, { units, attributed }, asked[0], { question, judgement });
  const filters: Filter[] = [];
  for (const [name, values] of Object.entries(question.filter))
    filters.push(wordFilter(yield* dimensionAt(facts, units, name), new Set(values)));
  const days = dayFilter(question);
  if (days) filters.push(periodFilter(attributed, days));
  const working = workingTimeOf(facts, question, judgement);
  const size = { groups: grouping.groups.members.length, rows: units.count };
  const measured: Measured[] = [];
  for (const one of asked) {
    const measure = one.kpi.measure as Exclude<Measure, { kind: 'product' | 'difference' }>;
    const wanted = { percents: question.percentiles, method: question.method, scale: scaleOf(measure) };
    const percentiles = hasDistribution(measure) ? new Percentiles(wanted, size) : null;
    const evaluation = evaluationOf({ units, asked: one, measure, judgement, working });
    measured.push({ asked: one, evaluation, tally: new Tally(size.groups), percentiles });
    yield;
  }
  return { units, grouping, measured, grouped: filtered(grouping, filters) };
}

function filtered({ codes }: Grouping, filters: readonly Filter[]): Scan['grouped'] {
  if (filters.length === 0) return (from, to) => codes.subarray(from, to);
  const out = new Int32Array(sliceRows);
  return (from, to) => {
    out.set(codes.subarray(from, to));
    const groups = out.subarray(0, to - from);
    for (const filter of filters) filter(from, to, groups);
    return groups;
  };
}

type Filter = (from: number, to: number, groups: Int32Array) => void;

/** The empty word stands for no value. */
function wordFilter(dimension: Dimension, wanted: ReadonlySet<string>): Filter {
  const passes = Uint8Array.from(dimension.labels, (label) => Number(wanted.has(label ?? '')));
  const codes = new Int32Array(sliceRows);
  return (from, to, groups) => {
    dimension.codes(from, to, codes);
    for (let i = 0; i < to - from; i += 1) if (passes[codes[i] as number] !== 1) groups[i] = -1;
  };
}

const periodFilter =
  (attributed: Attributed, passes: (day: number) => boolean): Filter =>
  (from, to, groups) => {
    const days = attributed.days(from, to);
    for (let i = 0; i < to - from; i += 1) if (!passes(days[i] as number)) groups[i] = -1;
  };

/** The running total covers every instant that is measured. */
function workingTimeOf({ span }: FoldedFacts, { calendar }: Question, { instant }: Judgement): WorkingTime | null {
  if (!calendar) return null;
  return new WorkingTime(calendar, Math.min(span.from, instant), Math.max(span.to, instant));
}

/** Both passes over all units; afterwards tallies and percentiles can be asked. */
export function* runScan(scan: Scan): Generator<void> {
  for (const [from, to] of slicesOf(scan.units.count)) {
    const groups = scan.grouped(from, to);
    for (const { evaluation, tally, percentiles } of scan.measured) {
      const { standing: status, part, whole } = evaluation;
      evaluation.run(from, to);
      tally.add(groups, status, part, whole);
      percentiles?.count(from, groups, status, standing.counted, part);
      yield;
    }
  }
  for (const { evaluation, percentiles } of scan.measured)
    if (percentiles) yield* decide(scan.units.count, evaluation, percentiles);
}

function* decide(count: number, evaluation: Evaluation, percentiles: Percentiles): Generator<void> {
  yield* percentiles.prepare();
  for (const [from, to] of slicesOf(count)) {
    if (percentiles.decides(from, to)) {
      evaluation.measure(from, to);
      percentiles.collect(from, to - from, evaluation.part);
    }
    yield;
  }
  yield* percentiles.settle();
}
