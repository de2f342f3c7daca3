import {
  addCalendarDays,
  epochAt,
  epochOf,
  type Instant,
  instantOf,
  type LocalDate,
  localDateAt,
  type Zone,
} from './dates.ts';
import { InvalidValue } from './refusal.ts';

/** A stretch of working time in epoch milliseconds; the end does not belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The working time of each local date: sorted, disjoint, inside the date. */
export interface DailySpans {
  readonly name: string;
  readonly zone: Zone;
  readonly spansOf: (date: LocalDate) => readonly Span[];
}

/** A calendar with no working time in so many days in a row is taken to have none at all. */
const horizonDays = 3_660;
/** A longer way to go is a mistake of the caller, and would take long to walk. */
const farthestDays = 36_600;

/** The first instant at or after t at which there is work to be done. */
export function next(days: DailySpans, t: Instant): Instant {
  const at = epochOf(t);
  for (const span of forward(days, at)) return instantOf(Math.max(span.from, at));
  throw neverOpen(days, t, 'after');
}

/** The last instant at or before t up to which work was being done. */
export function prev(days: DailySpans, t: Instant): Instant {
  const at = epochOf(t);
  for (const span of backward(days, at)) return instantOf(Math.min(span.to, at));
  throw neverOpen(days, t, 'before');
}

/** When so much work, begun at t or as soon after as possible, is done. */
export function add(days: DailySpans, t: Instant, workMs: number): Instant {
  if (checkedWork(workMs) === 0) return next(days, t);
  const at = epochOf(t);
  let left = workMs;
  for (const span of forward(days, at)) {
    const from = Math.max(span.from, at);
    if (from + left <= span.to) return instantOf(from + left);
    left -= span.to - from;
  }
  throw neverOpen(days, t, 'after');
}

/** When so much work must begin to be done by t. */
export function subtract(days: DailySpans, t: Instant, workMs: number): Instant {
  if (checkedWork(workMs) === 0) return prev(days, t);
  const at = epochOf(t);
  let left = workMs;
  for (const span of backward(days, at)) {
    const to = Math.min(span.to, at);
    if (to - left >= span.from) return instantOf(to - left);
    left -= to - span.from;
  }
  throw neverOpen(days, t, 'before');
}

/** The n-th working day after the date (before it, if n is negative); the date itself for 0. */
export function addDays(days: DailySpans, date: LocalDate, n: number): LocalDate {
  if (!Number.isInteger(n) || Math.abs(n) > farthestDays) {
    throw new InvalidValue(
      'invalid-days',
      `${n} is not a number of working days; give a whole number of at most ${farthestDays}`,
    );
  }
  const step = n < 0 ? -1 : 1;
  let [day, left, closed] = [date, Math.abs(n), 0];
  while (left > 0) {
    day = addCalendarDays(day, step);
    closed = days.spansOf(day).length > 0 ? 0 : closed + 1;
    if (closed === 0) left -= 1;
    if (closed > horizonDays) throw neverOpen(days, date, step > 0 ? 'after' : 'before');
  }
  return day;
}

/** Working time that ends after `at`, in order, for as long as there is any. */
function* forward(days: DailySpans, at: number): Generator<Span> {
  for (const date of datesFrom(days, at, 1)) for (const span of date) if (span.to > at) yield span;
}

/** Working time that begins before `at`, latest first. */
function* backward(days: DailySpans, at: number): Generator<Span> {
  for (const date of datesFrom(days, at, -1)) for (const span of date.toReversed()) if (span.from < at) yield span;
}

function* datesFrom(days: DailySpans, at: number, step: 1 | -1): Generator<readonly Span[]> {
  let date = localDateAt(at, days.zone);
  let closed = 0;
  while (closed <= horizonDays) {
    const spans = days.spansOf(date);
    closed = spans.length > 0 ? 0 : closed + 1;
    yield spans;
    date = addCalendarDays(date, step);
  }
}

/** Spans that lie in both lists. */
export function overlap(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      return span.from < span.to ? [span] : [];
    }),
  );
}

/** The working time of a calendar on a date of another zone, whose day covers parts of two or three of its own. */
export function spansWithin(days: DailySpans, date: LocalDate, zone: Zone): readonly Span[] {
  if (days.zone === zone) return days.spansOf(date);
  const day = { from: epochAt(date, '00:00', zone), to: epochAt(date, '24:00', zone) };
  if (day.from >= day.to) return [];
  const spans: Span[] = [];
  const last = localDateAt(day.to - 1, days.zone);
  for (let own = localDateAt(day.from, days.zone); own <= last; own = addCalendarDays(own, 1)) {
    spans.push(...overlap(days.spansOf(own), [day]));
  }
  return spans;
}

function checkedWork(workMs: number): number {
  if (!(workMs >= 0 && workMs <= farthestDays * 86_400_000)) {
    throw new InvalidValue(
      'invalid-work',
      `${workMs} ms is not an amount of work; give milliseconds, zero or more, at most a hundred years`,
    );
  }
  return workMs;
}

const neverOpen = (days: DailySpans, t: string, side: 'after' | 'before'): InvalidValue =>
  new InvalidValue(
    'calendar-never-open',
    `The calendar ${days.name} has no working time in ten years ${side} ${t}; add working hours or remove a closing exception`,
  );
