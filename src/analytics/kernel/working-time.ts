import type { Calendar } from '../../values/calendars.ts';
import { addCalendarDays, localDateAt } from '../../values/dates.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { dayMs, dayOf } from '../facts/days.ts';

const longestDays = 40_000;

/** Working time of a calendar as a running total: the time between two instants is the difference of two look-ups. */
export class WorkingTime {
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Work done before each span. */
  readonly #before: number[] = [];
  /** Index of the first span that ends after the start of each UTC day. */
  readonly #ofDay: Int32Array;
  readonly #firstDay: number;

  /** `from` and `to`: the least and the greatest instant that will be asked about. Throws InvalidValue `calendar-too-long`. */
  constructor(calendar: Calendar, from: number, to: number) {
    const first = Math.floor(from / dayMs) - 1;
    const last = Math.floor(to / dayMs) + 1;
    if (!(last - first <= longestDays))
      throw new InvalidValue(
        'calendar-too-long',
        'The facts span more than a hundred years; ask for calendar time, or for a shorter period',
        'calendar',
      );
    this.#firstDay = first;
    let work = 0;
    let date = addCalendarDays(localDateAt(first * dayMs, calendar.zone), -1);
    for (let day = dayOf(date); day <= last + 1; day += 1) {
      for (const span of calendar.spansOf(date)) {
        this.#from.push(span.from);
        this.#to.push(span.to);
        this.#before.push(work);
        work += span.to - span.from;
      }
      date = addCalendarDays(date, 1);
    }
    this.#before.push(work);
    this.#ofDay = new Int32Array(last - first + 1);
    let index = 0;
    for (let day = first; day <= last; day += 1) {
      while (index < this.#to.length && (this.#to[index] as number) <= day * dayMs) index += 1;
      this.#ofDay[day - first] = index;
    }
  }

  /** Working milliseconds between two instants; negative if the second is earlier; NaN if one is not known. */
  between(from: number, to: number): number {
    return this.#until(to) - this.#until(from);
  }

  /** The same for vectors: working time from `begin` to `end`. */
  subtract(end: Float64Array, begin: Float64Array, out: Float64Array, rows: number): void {
    for (let i = 0; i < rows; i += 1) out[i] = this.between(begin[i] as number, end[i] as number);
  }

  #until(epoch: number): number {
    if (Number.isNaN(epoch)) return Number.NaN;
    let index = this.#ofDay[Math.floor(epoch / dayMs) - this.#firstDay] as number;
    while (index < this.#to.length && (this.#to[index] as number) <= epoch) index += 1;
    const before = this.#before[index] as number;
    const begun = index < this.#from.length ? epoch - (this.#from[index] as number) : 0;
    return begun > 0 ? before + begun : before;
  }
}
