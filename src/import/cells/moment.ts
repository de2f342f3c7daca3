import { type Instant, instantAt, type LocalDate, localDateOf, parseZone, startOfDay } from '../../values/dates.ts';
import { InvalidValue } from '../../values/refusal.ts';
import type { WrittenDate } from './date-format.ts';

/** When something happened: the instant, and the local date in the zone that it was read for. */
export interface Moment {
  readonly at: Instant;
  readonly date: LocalDate;
}

/** A date without a time is the start of that local day in the zone; a local time is taken in the zone. */
export function momentOf({ date, time, instant }: WrittenDate, zone: string): Moment {
  if (instant !== undefined) return { at: instant, date: localDateOf(instant, zone) };
  return { at: time === undefined ? startOfDay(date, zone) : instantAt(date, time, zone), date };
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
