import { dayMs } from '../facts/days.ts';
import { type Numeric, type Reach, read, type Vector, vector } from '../kernel/vectors.ts';
import type { WorkingTime } from '../kernel/working-time.ts';
import { bases } from '../kpis/kpi.ts';
import type { Condition, Measure, Members } from '../kpis/measure.ts';
import type { Asked, Judgement } from './question.ts';
import { reach, type Units } from './units.ts';

/** What a unit is to a KPI. `unmeasured` ones belong to the question, but the milestone that is measured is not known. */
export const standing = { outside: 0, open: 1, unmeasured: 2, counted: 3 } as const;

/** Fills standing, part and whole for the rows `from` to `to`. A distribution is made of the parts. */
export interface Evaluation {
  readonly standing: Uint8Array;
  readonly part: Vector;
  readonly whole: Vector;
  run(from: number, to: number): void;
}

export interface EvaluationContext {
  readonly units: Units;
  readonly asked: Asked;
  readonly measure: Exclude<Measure, { kind: 'product' | 'difference' }>;
  readonly judgement: Judgement;
  readonly working: WorkingTime | null;
}

type Step = (from: number, to: number) => void;

export function evaluationOf(context: EvaluationContext): Evaluation {
  const status = new Uint8Array(vector().length);
  const [part, whole] = [vector(), vector()];
  const members = membership(context, status);
  const measured = measurement(context, part, whole);
  return {
    standing: status,
    part,
    whole,
    run(from, to) {
      members(from, to);
      measured(from, to);
      const rows = to - from;
      for (let i = 0; i < rows; i += 1)
        if (status[i] === standing.counted && Number.isNaN((part[i] as number) + (whole[i] as number)))
          status[i] = standing.unmeasured;
    },
  };
}

const at = (columns: readonly { readonly kind: 'day'; values: Int32Array }[], asked: Asked): Reach<Numeric> => ({
  column: columns[bases.indexOf(asked.basis)] as Numeric,
  via: null,
});

/** The day on which a unit was done, by the basis. */
const doneOn = ({ units, asked }: EvaluationContext): Reach<Numeric> =>
  reach(units, asked.kpi.basis && asked.basis === 'ship' ? 'shippedOn' : 'completedOn');

/** Which day says that a unit of these members has happened; members that are a stock have none. */
function happenedOn(context: EvaluationContext, members: Members): Reach<Numeric> | null {
  const { units } = context;
  switch (members) {
    case 'population':
    case 'delivered':
      return doneOn(context);
    case 'shipped':
      return reach(units, 'shippedOn');
    case 'ordered':
    case 'taken':
      return reach(units, 'orderedOn');
    case 'backordered':
      return reach(units, 'backorderedSince');
    default:
      return null;
  }
}

function membership(context: EvaluationContext, status: Uint8Array): Step {
  const { members } = context.measure;
  if (members === 'taken') return taken(context, status);
  if (members === 'accepted') return accepted(context, status);
  if (members === 'backlog') return flagged(context, 'open', status);
  if (members === 'backordered') return backordered(context, status);
  return happened(context, members, status);
}

function happened(context: EvaluationContext, members: Members, status: Uint8Array): Step {
  const { units, asked, judgement } = context;
  const done = happenedOn(context, members) as Reach<Numeric>;
  const dueToo = members === 'population' && asked.population === 'due';
  const [counted, when, missed, target] = [vector(), vector(), vector(), vector()];
  const needsTarget = asked.kpi.basis || members === 'population';
  return (from, to) => {
    const rows = to - from;
    read(reach(units, 'counted'), from, to, counted);
    read(done, from, to, when);
    if (dueToo) read(at(units.outcome.missed, asked), from, to, missed);
    if (needsTarget) read(at(units.outcome.target, asked), from, to, target);
    for (let i = 0; i < rows; i += 1) {
      if (counted[i] !== 1 || (needsTarget && Number.isNaN(target[i]))) status[i] = standing.outside;
      else {
        const isIn = (when[i] as number) <= judgement.day || (dueToo && (missed[i] as number) < judgement.day);
        status[i] = isIn ? standing.counted : standing.open;
      }
    }
  };
}

/** Everything that we took, cancelled or not. */
function taken({ units, judgement }: EvaluationContext, status: Uint8Array): Step {
  const [ordered, ending] = [vector(), vector()];
  const rejected = rejectedCode(units);
  return (from, to) => {
    read(reach(units, 'orderedOn'), from, to, ordered);
    read(reach(units, 'ending'), from, to, ending);
    for (let i = 0; i < to - from; i += 1)
      status[i] =
        ending[i] === rejected || !((ordered[i] as number) <= judgement.day) ? standing.outside : standing.counted;
  };
}

function rejectedCode(units: Units): number {
  const { column } = reach(units, 'ending');
  return column.kind === 'word' ? column.known('rejected') : -1;
}

function accepted({ units, judgement }: EvaluationContext, status: Uint8Array): Step {
  const [counted, when] = [vector(), vector()];
  return (from, to) => {
    read(reach(units, 'counted'), from, to, counted);
    read(reach(units, 'acceptedAt'), from, to, when);
    const end = (judgement.day + 1) * dayMs;
    for (let i = 0; i < to - from; i += 1)
      status[i] = counted[i] !== 1 ? standing.outside : (when[i] as number) < end ? standing.counted : standing.open;
  };
}

function flagged({ units }: EvaluationContext, name: string, status: Uint8Array): Step {
  const flag = vector();
  return (from, to) => {
    read(reach(units, name), from, to, flag);
    for (let i = 0; i < to - from; i += 1) status[i] = flag[i] === 1 ? standing.counted : standing.outside;
  };
}

function backordered({ units, judgement }: EvaluationContext, status: Uint8Array): Step {
  const since = vector();
  return (from, to) => {
    read(reach(units, 'backorderedSince'), from, to, since);
    for (let i = 0; i < to - from; i += 1)
      status[i] = (since[i] as number) < judgement.day ? standing.counted : standing.outside;
  };
}

function measurement(context: EvaluationContext, part: Vector, whole: Vector): Step {
  const { units, measure } = context;
  const ones: Step = (from, to) => {
    whole.fill(1, 0, to - from);
  };
  switch (measure.kind) {
    case 'rate':
      return both(ones, conditions(context, measure.good, part));
    case 'share':
      return both(reading(reach(units, measure.whole), whole), reading(reach(units, measure.part), part));
    case 'time':
      return both(ones, timeBetween(context, measure, part));
    case 'dates':
      return both(ones, datesBetween(context, measure, part));
    case 'number':
      return both(ones, scaled(reading(reach(units, measure.column), part), measure.scale ?? 1, part));
    case 'sum':
      return both(ones, reading(reach(units, measure.column), part));
    default:
      return both(ones, (from, to) => {
        part.fill(1, 0, to - from);
      });
  }
}

const both =
  (one: Step, other: Step): Step =>
  (from, to) => {
    one(from, to);
    other(from, to);
  };

const reading =
  (column: Reach<Numeric>, out: Vector): Step =>
  (from, to) =>
    read(column, from, to, out);

const scaled =
  (step: Step, scale: number, out: Vector): Step =>
  (from, to) => {
    step(from, to);
    if (scale !== 1) for (let i = 0; i < to - from; i += 1) out[i] = (out[i] as number) / scale;
  };

/** 1 where all conditions hold, else 0. */
function conditions(context: EvaluationContext, good: readonly Condition[], out: Vector): Step {
  const steps = good.map((condition) => conditionStep(context, condition, out));
  return (from, to) => {
    out.fill(1, 0, to - from);
    for (const step of steps) step(from, to);
  };
}

function conditionStep(context: EvaluationContext, condition: Condition, out: Vector): Step {
  const { units, asked, judgement } = context;
  const [a, b] = [vector(), vector()];
  const done = doneOn(context);
  const keepIf = (rows: number, holds: (i: number) => boolean): void => {
    for (let i = 0; i < rows; i += 1) if (!holds(i)) out[i] = 0;
  };
  switch (condition.test) {
    case 'on-time':
      return (from, to) => {
        read(done, from, to, a);
        read(at(units.outcome.missed, asked), from, to, b);
        keepIf(to - from, (i) => (a[i] as number) <= judgement.day && Number.isNaN(b[i]));
      };
    case 'in-full':
      return (from, to) => {
        read(done, from, to, a);
        read(reach(units, 'inFull'), from, to, b);
        keepIf(to - from, (i) => (a[i] as number) <= judgement.day && b[i] === 1);
      };
    case 'same':
      return (from, to) => {
        read(reach(units, condition.column), from, to, a);
        read(reach(units, condition.other), from, to, b);
        keepIf(to - from, (i) => a[i] === b[i]);
      };
    default:
      return (from, to) => {
        read(reach(units, condition.column), from, to, a);
        keepIf(to - from, condition.test === 'zero' ? (i) => a[i] === 0 : (i) => (a[i] as number) > 0);
      };
  }
}

type TimeMeasure = Extract<Measure, { kind: 'time' }>;

/** Milliseconds of calendar or working time. */
function timeBetween(context: EvaluationContext, { from: begin, to: end, less = [] }: TimeMeasure, out: Vector): Step {
  const { units, judgement, working } = context;
  const [a, b] = [vector(), vector()];
  return (from, to) => {
    const rows = to - from;
    read(reach(units, begin), from, to, a);
    if (end === 'now') b.fill(judgement.instant, 0, rows);
    else read(reach(units, end), from, to, b);
    if (working) for (let i = 0; i < rows; i += 1) out[i] = working.between(a[i] as number, b[i] as number);
    else for (let i = 0; i < rows; i += 1) out[i] = (b[i] as number) - (a[i] as number);
    for (const name of less) {
      read(reach(units, name), from, to, a);
      for (let i = 0; i < rows; i += 1) out[i] = (out[i] as number) - (a[i] as number);
    }
  };
}

type DateMeasure = Extract<Measure, { kind: 'dates' }>;

/** Whole days. From the target to when it was done is the lateness of the latest part, not that of the whole. */
function datesBetween(context: EvaluationContext, measure: DateMeasure, out: Vector): Step {
  const { units, asked, judgement } = context;
  const late = measure.from === 'target' && measure.to === 'done';
  const [a, b] = [vector(), vector()];
  return (from, to) => {
    const rows = to - from;
    if (late) read(at(units.outcome.late, asked), from, to, out);
    else {
      read(reach(units, measure.from), from, to, a);
      if (measure.to === 'now') b.fill(judgement.day, 0, rows);
      else read(reach(units, measure.to), from, to, b);
      for (let i = 0; i < rows; i += 1) out[i] = (b[i] as number) - (a[i] as number);
    }
    if (measure.positive) for (let i = 0; i < rows; i += 1) if (!((out[i] as number) > 0)) out[i] = Number.NaN;
  };
}
