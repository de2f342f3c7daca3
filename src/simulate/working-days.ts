import {
  addCalendarDays,
  epochOf,
  type Instant,
  instantAt,
  instantOf,
  type LocalDate,
  weekday,
} from '../values/dates.ts';
import type { Random } from './random.ts';

const isWorkday = (date: LocalDate): boolean => weekday(date) <= 5;

/** The date so many working days (Monday to Friday) later, or earlier if negative; 0 gives the date or the workday before it. */
export function workday(date: LocalDate, days: number): LocalDate {
  let day = date;
  while (!isWorkday(day)) day = addCalendarDays(day, -1);
  for (let left = Math.abs(days); left > 0; ) {
    day = addCalendarDays(day, Math.sign(days));
    if (isWorkday(day)) left -= 1;
  }
  return day;
}

/** Some time between 8:00 and 16:59 of that day in the zone. */
export function duringTheDay(date: LocalDate, zone: string, random: Random): Instant {
  const [hour, minute] = [random.between(8, 16), random.between(0, 59)];
  return instantAt(date, `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`, zone);
}

export const minutesAfter = (instant: Instant, minutes: number): Instant =>
  instantOf(epochOf(instant) + Math.round(minutes) * 60_000);

/** The planned time, unless it must wait for something else: then a quarter of an hour after that. */
export const notBefore = (planned: Instant, earlier: Instant): Instant =>
  planned > earlier ? planned : minutesAfter(earlier, 15);
