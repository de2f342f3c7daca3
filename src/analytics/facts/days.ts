import type { LocalDate, Zone } from '../../values/dates.ts';
import { offsetAt } from '../../values/zones.ts';
import { nullDay } from '../table.ts';

export const dayMs = 86_400_000;
const rememberedDates = 50_000;
const days = new Map<LocalDate, number>();

/** Days from 1970-01-01 to a calendar date. Throws for a date that does not exist. */
export function dayOf(date: LocalDate): number {
  let day = days.get(date);
  if (day === undefined) {
    const epoch = Date.parse(`${date}T00:00:00.000Z`);
    if (Number.isNaN(epoch) || new Date(epoch).toISOString().slice(0, 10) !== date)
      throw new RangeError(`${date} is not a calendar date`);
    day = epoch / dayMs;
    if (days.size >= rememberedDates) days.clear();
    days.set(date, day);
  }
  return day;
}

export const dateOf = (day: number): LocalDate => new Date(day * dayMs).toISOString().slice(0, 10);

/** The local day of an instant; null for none. */
export const localDay = (epoch: number, zone: Zone): number =>
  Number.isNaN(epoch) ? nullDay : Math.floor((epoch + offsetAt(epoch, zone)) / dayMs);

/** Later of two days, earlier of two days: null loses against any date. */
export const laterDay = (a: number, b: number): number => (a > b ? a : b);
export const earlierDay = (a: number, b: number): number => (a === nullDay || (b !== nullDay && b < a) ? b : a);

/** The same for instants, where NaN is null. */
export const later = (a: number, b: number): number => (b > a || Number.isNaN(a) ? b : a);
export const earlier = (a: number, b: number): number => (b < a || Number.isNaN(a) ? b : a);
