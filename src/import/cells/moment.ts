import { type Instant, instantAt, type LocalDate, localDateOf, parseZone, startOfDay } from '../../values/dates.ts';
import { InvalidValue } from '../../values/refusal.ts';
import type { WrittenDate } from './date-format.ts';

/** When something happened: the instant, and the local date in the zone that it was read for. */
export interface Moment {
  readonly at: Instant;
  readonly date: LocalDate;
}

/** Where a cell is read: the zone whose calendar dates belong to, and the zone whose clock local times belong to. */
export interface ReadingZones {
  readonly calendar: string;
  readonly clock: string;
}

/** A date without a time is the start of that local day; an instant falls on the date of the calendar's zone. */
export function momentOf({ date, time, instant }: WrittenDate, { calendar, clock }: ReadingZones): Moment {
  if (instant !== undefined) return { at: instant, date: localDateOf(instant, calendar) };
  return { at: time === undefined ? startOfDay(date, calendar) : instantAt(date, time, clock), date };
}

export function isZone(zone: string): boolean {
  try {
    parseZone(zone);
    return true;
  } catch (error) {
    if (error instanceof InvalidValue) return false;
    throw error;
  }
}
