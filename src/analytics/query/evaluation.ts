import { dayMs } from '../facts/days.ts';
import { heldFor } from '../facts/outcome/stages.ts';
import * as loops from '../kernel/loops.ts';
import { read, type Vector, vector, view } from '../kernel/vectors.ts';
import type { WorkingTime } from '../kernel/working-time.ts';
import type { Condition, Measure } from '../kpis/measure.ts';
import type { Asked, Judgement } from './question.ts';
import { markUnmeasured, membership } from './standing.ts';
import { byBasis, doneOn, reach, type Units } from './units.ts';

/** Fills standing, part and whole for the rows `from` to `to`. A distribution is made of the parts. */
export interface Evaluation {
  readonly standing: Uint8Array;
  readonly part: Vector;
  /** Null where it is one for each unit. */
  readonly whole: Vector | null;
  run(from: number, to: number): void;
  /** Only the parts. */
  measure(from: number, to: number): void;
}

export interface EvaluationContext {
  readonly units: Units;
  readonly asked: Asked;
  readonly measure: Exclude<Measure, { kind: 'product' | 'difference' }>;
  readonly judgement: Judgement;
  readonly working: WorkingTime | null;
}

export type Step = (from: number, to: number) => void;

export function evaluationOf(context: EvaluationContext): Evaluation {
  const status = new Uint8Array(vector().length);
  const part = vector();
  const { kind } = context.measure;
  const whole = kind === 'share' ? vector() : null;
  const alwaysKnown = kind === 'rate' || kind === 'count';
  const members = membership(context, status);
  const measured = measurement(context, part, whole);
  return {
    standing: status,
    part,
    whole,
    measure: measured,
    run(from, to) {
      members(from, to);
      measured(from, to);
      if (!alwaysKnown) markUnmeasured(part, status, to - from);
      if (whole) markUnmeasured(whole, status, to - from);
    },
  };
}

function measurement(context: EvaluationContext, part: Vector, whole: Vector | null): Step {
  const { units, measure } = context;
  switch (measure.kind) {
    case 'rate':
      return conditions(context, measure.good, part);
    case 'share': {
      const [numerator, denominator] = [reach(units, measure.part), reach(units, measure.whole)];
      const factor = measure.times === undefined ? null : reach(units, measure.times);
      const each = vector();
      return (from, to) => {
        read(numerator, from, to, part);
        if (whole) read(denominator, from, to, whole);
        if (factor === null) return;
        read(factor, from, to, each);
        loops.multiply(part, each, to - from);
        if (whole) loops.multiply(whole, each, to - from);
      };
    }
    case 'time':
      return timeBetween(context, measure, part);
    case 'dates':
      return datesBetween(context, measure, part);
    case 'held':
      return timeHeld(units, measure.holdType, part);
    case 'count':
      part.fill(1);
      return () => {};
    default: {
      const column = reach(units, measure.column);
      const scale = measure.kind === 'number' ? (measure.scale ?? 1) : 1;
      return (from, to) => {
        read(column, from, to, part);
        if (scale !== 1) loops.divide(part, scale, to - from);
      };
    }
  }
}

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
  switch (condition.test) {
    case 'on-time': {
      const done = doneOn(units, asked).values;
      const missed = byBasis(units.outcome.missed, asked.basis).values;
      return (from, to) => loops.keepMet(done.subarray(from, to), missed.subarray(from, to), judgement.day, out);
    }
    case 'in-full': {
      const done = doneOn(units, asked).values;
      const full = units.outcome.inFull.values;
      return (from, to) => loops.keepFull(done.subarray(from, to), full.subarray(from, to), judgement.day, out);
    }
    case 'same': {
      const [one, other] = [reach(units, condition.column), reach(units, condition.other)];
      return (from, to) => {
        read(one, from, to, a);
        read(other, from, to, b);
        loops.keepEqual(a, b, out, to - from);
      };
    }
    default: {
      const column = reach(units, condition.column);
      return (from, to) => {
        read(column, from, to, a);
        if (condition.test === 'zero') loops.keepValue(a, 0, out, to - from);
        else loops.keepPositive(a, out, to - from);
      };
    }
  }
}

type TimeMeasure = Extract<Measure, { kind: 'time' }>;

/** Milliseconds of calendar or working time. */
function timeBetween(context: EvaluationContext, { from: begin, to: end, less = [] }: TimeMeasure, out: Vector): Step {
  const { units, judgement, working } = context;
  const [a, b] = [vector(), vector()];
  const first = reach(units, begin);
  const last = end === 'now' ? null : reach(units, end);
  const waits = less.map((name) => reach(units, name));
  return (from, to) => {
    const rows = to - from;
    const began = view(first, from, to, a);
    const ended = last ? view(last, from, to, b) : b.fill(judgement.instant, 0, rows);
    if (working) working.subtract(ended, began, out, rows);
    else loops.subtract(ended, began, out, rows);
    for (const wait of waits) loops.subtract(out, view(wait, from, to, a), out, rows);
  };
}

/** Days on holds of the type, of orders. */
function timeHeld({ facts }: Units, type: string, out: Vector): Step {
  const code = facts.holds.columns.holdType.known(type);
  return (from, to) => {
    for (let order = from; order < to; order += 1) out[order - from] = heldFor(facts, order, code) / dayMs;
  };
}

type DateMeasure = Extract<Measure, { kind: 'dates' }>;

/** Whole days. From the target to when it was done is the lateness of the latest part, not that of the whole. */
function datesBetween(context: EvaluationContext, measure: DateMeasure, out: Vector): Step {
  const { units, asked, judgement } = context;
  const [a, b] = [vector(), vector()];
  const late = measure.from === 'target' ? { column: byBasis(units.outcome.late, asked.basis), via: null } : null;
  const missed = measure.from === 'missed' ? { column: byBasis(units.outcome.missed, asked.basis), via: null } : null;
  const first = late ?? missed ?? reach(units, measure.from);
  const last = late ?? (measure.to === 'now' ? null : reach(units, measure.to));
  return (from, to) => {
    const rows = to - from;
    read(first, from, to, late ? out : a);
    if (!late) {
      if (last) read(last, from, to, b);
      else b.fill(judgement.day, 0, rows);
      loops.subtract(b, a, out, rows);
    }
    if (measure.positive) loops.onlyPositive(out, rows);
  };
}
