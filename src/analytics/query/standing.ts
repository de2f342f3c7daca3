import type { Days } from '../facts/columns.ts';
import { dayMs } from '../facts/days.ts';
import { type Numeric, type Reach, read, type Vector, vector } from '../kernel/vectors.ts';
import type { Members } from '../kpis/measure.ts';
import { nullDay } from '../table.ts';
import type { EvaluationContext, Step } from './evaluation.ts';
import { byBasis, doneOn, reach, type Units } from './units.ts';

/** What a unit is to a KPI. `unmeasured` ones belong to the question, but the milestone that is measured is not known. */
export const standing = { outside: 0, open: 1, unmeasured: 2, counted: 3 } as const;
const { outside, open, unmeasured, counted } = standing;

/** Writes the standing of each unit. */
export function membership(context: EvaluationContext, status: Uint8Array): Step {
  const { units, judgement, measure } = context;
  const { day } = judgement;
  switch (measure.members) {
    case 'taken':
      return taken(context, status);
    case 'accepted':
      return reachedBefore(reach(units, 'acceptedAt'), (day + 1) * dayMs, units, status);
    case 'backlog':
      return inStock(reach(units, 'open'), (flags, rows) => whereFlagged(flags, status, rows));
    case 'backordered':
      return inStock(reach(units, 'backorderedSince'), (since, rows) => whereBefore(since, day, status, rows));
    case 'overdue':
      return overdue(context, status);
    case 'shipped':
      return doneBy(units.outcome.shippedOn, day, units, status);
    case 'begun':
      return reachedBefore(reach(units, 'firstShippedOn'), day + 1, units, status);
    case 'ordered':
      return doneBy(units.outcome.orderedOn, day, units, status);
    default:
      return ofPopulation(context, measure.members, status);
  }
}

/** What was delivered and, where they are asked for, what is overdue; only what has a target of the basis. */
function ofPopulation(context: EvaluationContext, members: Members, status: Uint8Array): Step {
  const { units, asked, judgement } = context;
  const withOverdue = members === 'population' && asked.population === 'due';
  const withTarget = asked.kpi.basis;
  const done = doneBy(doneOn(units, asked), judgement.day, units, status);
  const missed = byBasis(units.outcome.missed, asked.basis).values;
  const target = byBasis(units.outcome.target, asked.basis).values;
  return (from, to) => {
    done(from, to);
    if (withOverdue) countOverdue(missed.subarray(from, to), judgement.day, status);
    if (withTarget) leaveOutWithout(target.subarray(from, to), status);
  };
}

/** Counted units are done by the day, or open. */
const doneBy =
  (done: Days, day: number, { outcome }: Units, status: Uint8Array): Step =>
  (from, to) =>
    classify(outcome.counted.values.subarray(from, to), done.values.subarray(from, to), day, status);

function classify(flags: Uint8Array, done: Int32Array, day: number, status: Uint8Array): void {
  for (let i = 0; i < done.length; i += 1) {
    const on = done[i] as number;
    status[i] = flags[i] !== 1 ? outside : on <= day && on !== nullDay ? counted : open;
  }
}

function countOverdue(missed: Int32Array, day: number, status: Uint8Array): void {
  for (let i = 0; i < missed.length; i += 1) {
    const due = missed[i] as number;
    if (due < day && due !== nullDay && status[i] === open) status[i] = counted;
  }
}

function leaveOutWithout(target: Int32Array, status: Uint8Array): void {
  for (let i = 0; i < target.length; i += 1) if (target[i] === nullDay) status[i] = outside;
}

/** Counted units reached the milestone before the day or instant, or are open. */
function reachedBefore(milestone: Reach<Numeric>, end: number, units: Units, status: Uint8Array): Step {
  const when = vector();
  return (from, to) => {
    read(milestone, from, to, when);
    const flags = units.outcome.counted.values.subarray(from, to);
    for (let i = 0; i < to - from; i += 1)
      status[i] = flags[i] !== 1 ? outside : (when[i] as number) < end ? counted : open;
  };
}

/** A unit whose numbers are not known is not counted. */
export function markUnmeasured(values: Vector, status: Uint8Array, rows: number): void {
  for (let i = 0; i < rows; i += 1) if (Number.isNaN(values[i]) && status[i] === counted) status[i] = unmeasured;
}

/** Everything that we took, cancelled or not. */
function taken({ units, judgement }: EvaluationContext, status: Uint8Array): Step {
  const [ordered, ending] = [vector(), vector()];
  const endings = reach(units, 'ending');
  const orderedOn = reach(units, 'orderedOn');
  const rejected = endings.column.kind === 'word' ? endings.column.known('rejected') : -1;
  return (from, to) => {
    read(orderedOn, from, to, ordered);
    read(endings, from, to, ending);
    for (let i = 0; i < to - from; i += 1)
      status[i] = ending[i] !== rejected && (ordered[i] as number) <= judgement.day ? counted : outside;
  };
}

/** Open, not done yet by the basis, and the date of the basis has passed. */
function overdue({ units, asked, judgement: { day } }: EvaluationContext, status: Uint8Array): Step {
  const isOpen = units.outcome.open.values;
  const done = doneOn(units, asked).values;
  const missed = byBasis(units.outcome.missed, asked.basis).values;
  return (from, to) => {
    for (let row = from; row < to; row += 1) {
      const due = missed[row] as number;
      const late = isOpen[row] === 1 && done[row] === nullDay && due !== nullDay && due < day;
      status[row - from] = late ? counted : outside;
    }
  };
}

function inStock(column: Reach<Numeric>, classifyStock: (values: Vector, rows: number) => void): Step {
  const values = vector();
  return (from, to) => {
    read(column, from, to, values);
    classifyStock(values, to - from);
  };
}

function whereFlagged(flags: Vector, status: Uint8Array, rows: number): void {
  for (let i = 0; i < rows; i += 1) status[i] = flags[i] === 1 ? counted : outside;
}

function whereBefore(since: Vector, day: number, status: Uint8Array, rows: number): void {
  for (let i = 0; i < rows; i += 1) status[i] = (since[i] as number) < day ? counted : outside;
}
