import { dateOf } from '../facts/days.ts';

export const periods = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Period = (typeof periods)[number];

export const isPeriod = (name: string): name is Period => (periods as readonly string[]).includes(name);

/** The period of a day, in words that sort: 2026-03-01, 2026-W09 (ISO 8601), 2026-03, 2026-Q1, 2026. */
export function periodOf(period: Period, day: number): string {
  const date = dateOf(day);
  switch (period) {
    case 'day':
      return date;
    case 'week':
      return isoWeek(day);
    case 'month':
      return date.slice(0, 7);
    case 'quarter':
      return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
    default:
      return date.slice(0, 4);
  }
}

/** The week belongs to the year of its Thursday. */
function isoWeek(day: number): string {
  const thursday = day - ((((day + 3) % 7) + 7) % 7) + 3;
  const year = dateOf(thursday).slice(0, 4);
  const newYear = Date.UTC(Number(year), 0, 1) / 86_400_000;
  return `${year}-W${String(Math.floor((thursday - newYear) / 7) + 1).padStart(2, '0')}`;
}

/** Codes of periods, given out as days come. Codes are looked up in a table over the days seen so far. */
export class PeriodCodes {
  readonly #period: Period;
  readonly labels: string[] = [];
  readonly #codes = new Map<string, number>();
  #firstDay = 0;
  #table = new Int32Array(0);

  constructor(period: Period) {
    this.#period = period;
  }

  /** Codes of days; `absent` for NaN. */
  write(days: Float64Array, rows: number, absent: number, out: Int32Array): void {
    let [table, first] = [this.#table, this.#firstDay];
    for (let i = 0; i < rows; i += 1) {
      const day = days[i] as number;
      const at = day - first;
      let code = at >= 0 && at < table.length ? (table[at] as number) : -1;
      if (code < 0) {
        code = Number.isNaN(day) ? absent : this.#learn(day);
        [table, first] = [this.#table, this.#firstDay];
      }
      out[i] = code;
    }
  }

  #learn(day: number): number {
    const label = periodOf(this.#period, day);
    let code = this.#codes.get(label);
    if (code === undefined) {
      code = this.labels.push(label) - 1;
      this.#codes.set(label, code);
    }
    this.#remember(day, code);
    return code;
  }

  /** Days far from the others are worked out each time: a table over ten thousand years would help nobody. */
  #remember(day: number, code: number): void {
    const margin = 366;
    const longest = 40_000;
    if (this.#table.length === 0) this.#firstDay = day - margin;
    const first = Math.min(this.#firstDay, day - margin);
    const end = Math.max(this.#firstDay + this.#table.length, day + margin);
    const inside = day >= this.#firstDay && day < this.#firstDay + this.#table.length;
    if (!inside) {
      if (end - first > longest) return;
      const table = new Int32Array(end - first).fill(-1);
      table.set(this.#table, this.#firstDay - first);
      this.#table = table;
      this.#firstDay = first;
    }
    this.#table[day - this.#firstDay] = code;
  }
}
