import { LRUCache } from 'lru-cache';
import { addCalendarDays, epochAt, localDateAt, type Zone } from '../../values/dates.ts';
import { dayMs, dayOf, localDay } from '../facts/days.ts';
import type { Vector } from './vectors.ts';

/** Tables are remembered for stretches that grow by so much, so that new events seldom ask for another one. */
const stretch = 64 * dayMs;
const remembered = new LRUCache<string, ZoneDays>({ max: 16 });

/** For the instants between the two, in epoch milliseconds. */
export function zoneDays(zone: Zone, from: number, to: number): ZoneDays {
  const [first, last] = [Math.floor(from / stretch) * stretch, Math.ceil(to / stretch) * stretch];
  const key = `${zone} ${first} ${last}`;
  const known = remembered.get(key) ?? new ZoneDays(zone, first, last);
  remembered.set(key, known);
  return known;
}

const quarterHour = 900_000;
const longestDays = 30_000;

/**
 * Turns instants into local days of a zone by a table with an entry for every quarter of an hour: days begin on one in every
 * zone of our time. Where a day begins elsewhere (local mean time long ago), or far from all others, it is worked out singly.
 */
export class ZoneDays {
  readonly #zone: Zone;
  #firstQuarter = 0;
  #table = new Int32Array(0);

  /** `from` and `to`: the least and the greatest instant that will be asked about, in epoch milliseconds. */
  constructor(zone: Zone, from: number, to: number) {
    this.#zone = zone;
    if (from <= to && to - from < longestDays * dayMs) this.#build(from, to);
  }

  #build(from: number, to: number): void {
    const first = localDateAt(from, this.#zone);
    const start = epochAt(first, '00:00', this.#zone);
    const last = dayOf(localDateAt(to, this.#zone));
    this.#firstQuarter = Math.floor(start / quarterHour);
    const table = new Int32Array((last - dayOf(first) + 2) * 100);
    let [date, quarter] = [first, 0];
    for (let day = dayOf(first); day <= last; day += 1) {
      date = addCalendarDays(date, 1);
      const end = epochAt(date, '00:00', this.#zone);
      if (end % quarterHour !== 0 || start % quarterHour !== 0) return;
      const until = end / quarterHour - this.#firstQuarter;
      table.fill(day, quarter, until);
      quarter = until;
    }
    this.#table = table.slice(0, quarter);
  }

  /** In place: instants become days; NaN stays. */
  convert(instants: Vector, rows: number): void {
    const table = this.#table;
    for (let i = 0; i < rows; i += 1) {
      const epoch = instants[i] as number;
      if (Number.isNaN(epoch)) continue;
      const at = Math.floor(epoch / quarterHour) - this.#firstQuarter;
      instants[i] = at >= 0 && at < table.length ? (table[at] as number) : localDay(epoch, this.#zone);
    }
  }
}
