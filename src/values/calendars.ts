import { LRUCache } from 'lru-cache';
import {
  epochAt,
  type Instant,
  instantOf,
  type LocalDate,
  type LocalTime,
  parseLocalDate,
  parseLocalTime,
  parseZone,
  type Weekday,
  weekday,
  type Zone,
} from './dates.ts';
import { InvalidValue } from './refusal.ts';
import { add, addDays, type DailySpans, next, overlap, prev, type Span, spansWithin, subtract } from './workingTime.ts';

/** Working hours on the wall clock; `to` does not belong to them and may be 24:00. Hours over midnight are two of these. */
export interface WorkingHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** Other hours from one date to another, both included; no hours at all means closed. */
export interface CalendarException {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly hours: readonly WorkingHours[];
  /** Where exceptions overlap the highest number holds; among equals the one listed last. 0 if left out. */
  readonly priority?: number;
}

export interface CalendarDefinition {
  readonly name: string;
  readonly zone: Zone;
  /** Hours by ISO weekday (1 is Monday). A day that is not named is closed. */
  readonly week: { readonly [day in Weekday]?: readonly WorkingHours[] };
  readonly exceptions?: readonly CalendarException[];
}

/**
 * When work is done: of a site, a carrier, a receiving dock, a machine. Working time is half open. `add` and `subtract` take
 * milliseconds of work and undo each other from an instant of working time. All throw InvalidValue `calendar-never-open`
 * when there is no working time within ten years.
 */
export interface Calendar extends DailySpans {
  /** The first working instant at or after t. */
  next(t: Instant): Instant;
  /** The end of the last working time at or before t. */
  prev(t: Instant): Instant;
  /** When the work is done that begins at t or as soon after as possible. */
  add(t: Instant, workMs: number): Instant;
  /** When work must begin to be done by t. */
  subtract(t: Instant, workMs: number): Instant;
  /** The n-th working day after (before, if negative) the date; the date itself for 0. */
  addDays(date: LocalDate, n: number): LocalDate;
  isWorkingDay(date: LocalDate): boolean;
  workingIntervals(date: LocalDate): readonly { readonly from: Instant; readonly to: Instant }[];
}

const rememberedDates = 4_000;
const wholeDay: readonly WorkingHours[] = [{ from: '00:00', to: '24:00' }];

/** Builds a calendar. Throws InvalidValue for unknown zones, dates, times, and hours or exceptions that end before they begin. */
export function workingCalendar(definition: CalendarDefinition): Calendar {
  const { name, week } = definition;
  const zone = parseZone(definition.zone);
  for (const hours of Object.values(week)) checkHours(name, hours);
  const exceptions = byPriority(name, definition.exceptions ?? []);
  return calendar(name, zone, (date) => {
    const exception = exceptions.find(({ from, to }) => from <= date && date <= to);
    const hours = exception ? exception.hours : (week[weekday(date)] ?? []);
    return merged(hours.map(({ from, to }) => ({ from: epochAt(date, from, zone), to: epochAt(date, to, zone) })));
  });
}

/** Open day and night: for resources that nothing limits. */
export function alwaysOpen(zone: Zone): Calendar {
  return workingCalendar({
    name: 'always open',
    zone,
    week: { 1: wholeDay, 2: wholeDay, 3: wholeDay, 4: wholeDay, 5: wholeDay, 6: wholeDay, 7: wholeDay },
  });
}

/** Open when all of them are open, each in its own zone; its days are those of the first one's zone unless another is given. */
export function intersection(calendars: readonly [Calendar, ...Calendar[]], zone: Zone = calendars[0].zone): Calendar {
  const name = calendars.map((operand) => operand.name).join(' ∩ ');
  return calendar(name, parseZone(zone), (date) =>
    calendars.map((operand) => spansWithin(operand, date, zone)).reduce(overlap),
  );
}

function calendar(name: string, zone: Zone, compute: (date: LocalDate) => readonly Span[]): Calendar {
  const remembered = new LRUCache<LocalDate, readonly Span[]>({ max: rememberedDates });
  const spansOf = (date: LocalDate): readonly Span[] => {
    const known = remembered.get(date);
    if (known) return known;
    const spans = compute(parseLocalDate(date));
    remembered.set(date, spans);
    return spans;
  };
  const days: DailySpans = { name, zone, spansOf };
  return {
    ...days,
    next: (t) => next(days, t),
    prev: (t) => prev(days, t),
    add: (t, workMs) => add(days, t, workMs),
    subtract: (t, workMs) => subtract(days, t, workMs),
    addDays: (date, n) => addDays(days, date, n),
    isWorkingDay: (date) => spansOf(date).length > 0,
    workingIntervals: (date) => spansOf(date).map(({ from, to }) => ({ from: instantOf(from), to: instantOf(to) })),
  };
}

function byPriority(name: string, exceptions: readonly CalendarException[]): readonly CalendarException[] {
  for (const { from, to, hours } of exceptions) {
    if (parseLocalDate(from) > parseLocalDate(to)) {
      throw new InvalidValue(
        'invalid-calendar',
        `The exception of calendar ${name} from ${from} ends before it begins, on ${to}`,
      );
    }
    checkHours(name, hours);
  }
  return exceptions.toReversed().sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
}

function checkHours(name: string, hours: readonly WorkingHours[]): void {
  for (const { from, to } of hours) {
    if (parseLocalTime(from) >= parseLocalTime(to)) {
      throw new InvalidValue(
        'invalid-calendar',
        `Working hours ${from} to ${to} of calendar ${name} end before they begin; write hours over midnight as two`,
      );
    }
  }
}

/** Sorted, with touching and overlapping spans joined. Hours that the clock skipped on this date are gone. */
function merged(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}
