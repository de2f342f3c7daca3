import type { FoldedFacts } from '../facts/facts.ts';
import { Groups, type Keys } from '../kernel/groups.ts';
import { Percentiles } from '../kernel/percentiles.ts';
import { isPeriod } from '../kernel/periods.ts';
import { sliceRows } from '../kernel/vectors.ts';
import { WorkingTime } from '../kernel/working-time.ts';
import type { Measure } from '../kpis/measure.ts';
import { type Attributed, attributionOf, dayFilter, noPeriod, PeriodKeys } from './attribution.ts';
import { type Dimension, dimensionAt } from './dimensions.ts';
import { type Evaluation, evaluationOf } from './evaluation.ts';
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
  readonly groups: Groups;
  readonly keys: readonly (Dimension | PeriodKeys)[];
  readonly measured: readonly Measured[];
  /** Groups of the rows, -1 for those that the filter leaves out. */
  grouped(from: number, to: number, out: Int32Array): void;
}

export const hasDistribution = ({ kind }: Measure): boolean => kind === 'time' || kind === 'dates' || kind === 'number';

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
  const keys: (Dimension | PeriodKeys)[] = [];
  for (const name of question.group)
    keys.push(isPeriod(name) ? new PeriodKeys(name, attributed) : yield* dimensionAt(facts, units, name));
  const filters: Filter[] = [];
  for (const [name, values] of Object.entries(question.filter))
    filters.push(wordFilter(yield* dimensionAt(facts, units, name), new Set(values)));
  const days = dayFilter(question);
  if (days) filters.push(periodFilter(attributed, days));
  const working = workingTimeOf(facts, question, judgement);
  const measured: Measured[] = [];
  for (const one of asked) {
    const measure = one.kpi.measure as Exclude<Measure, { kind: 'product' | 'difference' }>;
    const percentiles = hasDistribution(measure)
      ? new Percentiles(question.percentiles, question.method, scaleOf(measure))
      : null;
    const evaluation = evaluationOf({ units, asked: one, measure, judgement, working });
    measured.push({ asked: one, evaluation, tally: new Tally(), percentiles });
    yield;
  }
  const groups = new Groups(keys as readonly Keys[]);
  return {
    units,
    groups,
    keys,
    measured,
    grouped(from, to, out) {
      groups.of(from, to, out);
      for (const filter of filters) filter(from, to, out);
    },
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

/** Both passes over all units; afterwards tallies and percentiles can be asked. The groups of the first are kept for the second. */
export function* runScan(scan: Scan): Generator<void> {
  const all = new Int32Array(scan.units.count);
  for (const [from, to] of slicesOf(scan.units.count)) {
    const groups = all.subarray(from, to);
    scan.grouped(from, to, groups);
    for (const { evaluation, tally, percentiles } of scan.measured) {
      const { standing: status, part, whole } = evaluation;
      evaluation.run(from, to);
      tally.reserve(scan.groups.members.length);
      tally.add(groups, status, part, whole);
      if (percentiles) {
        tally.addSpread(groups, status, part);
        percentiles.count(groups, status, standing.counted, part);
      }
      yield;
    }
  }
  const distributed = scan.measured.filter(({ percentiles }) => percentiles !== null);
  if (distributed.length === 0) return;
  for (const { percentiles } of distributed) if (percentiles) yield* percentiles.prepare();
  for (const [from, to] of slicesOf(scan.units.count)) {
    const groups = all.subarray(from, to);
    for (const { evaluation, percentiles } of distributed) {
      evaluation.run(from, to);
      percentiles?.collect(groups, evaluation.standing, standing.counted, evaluation.part);
      yield;
    }
  }
}

export function* slicesOf(rows: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < rows; from += sliceRows) yield [from, Math.min(rows, from + sliceRows)];
}

/** The words of a group, by the names of the question. */
export function labelsOf(
  { groups, keys }: Scan,
  group: number,
  names: readonly string[],
): Record<string, string | null> {
  const codes = groups.codesOf(group);
  return Object.fromEntries(
    names.map((name, at) => {
      const code = codes[at] as number;
      return [name, code === noPeriod && isPeriod(name) ? null : (keys[at]?.labels[code] ?? null)];
    }),
  );
}
