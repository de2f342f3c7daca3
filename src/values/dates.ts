import { InvalidValue, shown } from './refusal.ts';
import { epochOfLocal, offsetAt, type Zone } from './zones.ts';

export { parseZone, type Zone } from './zones.ts';

/** A calendar date without a zone, YYYY-MM-DD. Dates of this form compare as strings. */
export type LocalDate = string;

/** An instant, RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z. Instants of this form compare as strings. */
export type Instant = string;

/** A time of the day on the wall clock, HH:MM or HH:MM:SS; 24:00 is the end of the day. */
export type LocalTime = string;

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A date is a whole number of these from 1970-01-01 in calendar arithmetic. It says nothing of how long a day lasts in a zone. */
const dayMs = 86_400_000;
/** The years 0001 to 9999. */
const firstEpoch = -62_135_596_800_000;
const lastEpoch = 253_402_300_799_999;

const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const instantForm = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
const timeForm = /^(\d{2}):(\d{2})(?::(\d{2}))?$/;

const rememberedDates = 50_000;
const writtenDates = new Map<number, LocalDate>();

/** Throws InvalidValue for text of another form and for days that do not exist (2026-02-30). Years 0001 to 9999. */
export function parseLocalDate(text: string): LocalDate {
  if (!isLocalDate(text)) throw invalidDate(text);
  return text;
}

export function isLocalDate(text: string): boolean {
  const epoch = epochOfMidnight(text);
  return dateForm.test(text) && epoch >= firstEpoch && new Date(epoch).toISOString().startsWith(text);
}

/** Takes RFC 3339 with any offset, gives UTC with milliseconds (finer digits are cut). Throws InvalidValue; leap seconds are refused. */
export function parseInstant(text: string): Instant {
  if (isCanonicalInstant(text)) return text;
  const match = instantForm.exec(text);
  if (!match) throw invalidInstant(text);
  const [, date = '', hour, minute, second, fraction = '', offset = ''] = match;
  if (!isLocalDate(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw invalidInstant(text);
  if (Number(offset.slice(1, 3)) > 23 || Number(offset.slice(4, 6)) > 59) throw invalidInstant(text);
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const epoch = Date.parse(`${date}T${hour}:${minute}:${second}.${millis}${offset.toUpperCase()}`);
  return instantOf(epoch);
}

function isCanonicalInstant(text: string): boolean {
  if (text.length !== 24) return false;
  const epoch = Date.parse(text);
  return epoch >= firstEpoch && new Date(epoch).toISOString() === text;
}

/** Throws InvalidValue. `24:00` is allowed, as the end of a day. */
export function parseLocalTime(text: string): LocalTime {
  millisOfTime(text);
  return text;
}

/** Epoch milliseconds of a valid instant. */
export function epochOf(instant: Instant): number {
  const epoch = Date.parse(instant);
  if (Number.isNaN(epoch)) throw invalidInstant(instant);
  return epoch;
}

/** The instant of epoch milliseconds. */
export function instantOf(epoch: number): Instant {
  if (!(epoch >= firstEpoch && epoch <= lastEpoch)) {
    throw new InvalidValue('instant-out-of-bounds', `${epoch} ms is outside the years 0001 to 9999`);
  }
  return new Date(epoch).toISOString();
}

/** The date that a calendar on the wall in this zone shows at the instant. */
export function localDateOf(instant: Instant, zone: Zone): LocalDate {
  if (zone === 'UTC' && instant.length === 24) return instant.slice(0, 10);
  return localDateAt(epochOf(instant), zone);
}

/** Like localDateOf, from epoch milliseconds. */
export function localDateAt(epoch: number, zone: Zone): LocalDate {
  return dateOfDay(Math.floor((epoch + offsetAt(epoch, zone)) / dayMs));
}

/** The first instant of the date in the zone: midnight, or the jump where the clock skips midnight. */
export const startOfDay = (date: LocalDate, zone: Zone): Instant => instantAt(date, '00:00', zone);

/** The first instant after the date: the start of the next day. The day may have lasted 23, 24, 25 hours or otherwise. */
export const endOfDay = (date: LocalDate, zone: Zone): Instant => instantAt(date, '24:00', zone);

/**
 * The first instant at which the clock of the zone shows this time of this date or later: the earlier of two when clocks go
 * back, the moment of the jump when clocks go forward over it.
 */
export const instantAt = (date: LocalDate, time: LocalTime, zone: Zone): Instant =>
  instantOf(epochAt(date, time, zone));

/** Like instantAt, in epoch milliseconds. */
export function epochAt(date: LocalDate, time: LocalTime, zone: Zone): number {
  return epochOfLocal(dayOfDate(date) * dayMs + millisOfTime(time), zone);
}

/** The date so many calendar days later (earlier if negative). */
export const addCalendarDays = (date: LocalDate, days: number): LocalDate => dateOfDay(dayOfDate(date) + days);

/** Calendar days from the first date to the second; negative if the second is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => dayOfDate(to) - dayOfDate(from);

/** Compares two dates, or two instants of the canonical form. */
export const compare = (a: string, b: string): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0);

export const weekday = (date: LocalDate): Weekday => (((((dayOfDate(date) + 3) % 7) + 7) % 7) + 1) as Weekday;

function dayOfDate(date: LocalDate): number {
  const epoch = epochOfMidnight(date);
  if (Number.isNaN(epoch)) throw invalidDate(date);
  return epoch / dayMs;
}

const epochOfMidnight = (date: string): number => Date.parse(`${date}T00:00:00.000Z`);

function dateOfDay(day: number): LocalDate {
  let written = writtenDates.get(day);
  if (written === undefined) {
    written = instantOf(day * dayMs).slice(0, 10);
    if (writtenDates.size >= rememberedDates) writtenDates.clear();
    writtenDates.set(day, written);
  }
  return written;
}

function millisOfTime(time: LocalTime): number {
  const match = timeForm.exec(time);
  const [hour, minute, second] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  const seconds = hour * 3600 + minute * 60 + second;
  if (!match || minute > 59 || second > 59 || seconds > 86_400) {
    throw new InvalidValue(
      'invalid-time',
      `${shown(time)} is not a time of the day; give HH:MM between 00:00 and 24:00`,
    );
  }
  return seconds * 1000;
}

const invalidInstant = (text: string): InvalidValue =>
  new InvalidValue(
    'invalid-instant',
    `${shown(text)} is not an instant; give an existing date and time with zone, e.g. 2026-03-01T08:30:00.000Z`,
  );

const invalidDate = (text: string): InvalidValue =>
  new InvalidValue('invalid-date', `${shown(text)} is not a calendar date; give an existing day as YYYY-MM-DD`);
