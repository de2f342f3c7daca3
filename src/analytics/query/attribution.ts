import { dayOf } from '../facts/days.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import type { Keys } from '../kernel/groups.ts';
import { type Period, PeriodCodes } from '../kernel/periods.ts';
import { type Numeric, type Reach, read, type Vector, vector } from '../kernel/vectors.ts';
import { zoneDays } from '../kernel/zone-days.ts';
import type { Kpi } from '../kpis/kpi.ts';
import type { Asked, Judgement, Question } from './question.ts';
import { byBasis, reach, type Units } from './units.ts';

/** The day to which each unit belongs, null as NaN. */
export interface Attributed {
  days(from: number, to: number): Vector;
}

const milestones = { delivered: 'completed', ordered: 'ordered', shipped: 'shipped' } as const;

/** What has begun to leave belongs to the day of the first departure, what was due by departure was done when it left. */
function milestoneOf({ by, basis, kpi }: Asked & { readonly by: keyof typeof milestones }): string {
  if (by === 'delivered' && kpi.basis && basis === 'ship') return milestones.shipped;
  return by === 'shipped' && isBegun(kpi) ? 'firstShipped' : milestones[by];
}

/** Whether its units count from their first departure on. */
export const isBegun = ({ measure }: Kpi): boolean =>
  measure !== undefined && 'members' in measure && measure.members === 'begun';

/**
 * Targets are local dates already. Moments fall on the local date of the place of delivery, or of the zone that the question
 * names. A stock belongs to the day of judgement.
 */
export function attributionOf(
  { span }: FoldedFacts,
  units: Units,
  asked: Asked,
  { question, judgement }: { readonly question: Question; readonly judgement: Judgement },
): Attributed {
  const out = vector();
  const { by, basis } = asked;
  if (by === 'snapshot') {
    out.fill(judgement.day);
    return { days: () => out };
  }
  if (by === 'due') return reading({ column: byBasis(units.outcome.target, basis), via: null }, out);
  const milestone = milestoneOf({ ...asked, by });
  if (question.zone === null) return reading(reach(units, `${milestone}On`), out);
  const moment = reach(units, `${milestone}At`);
  const zone = zoneDays(question.zone, span.from, span.to);
  return {
    days(begin, end) {
      read(moment, begin, end, out);
      zone.convert(out, end - begin);
      return out;
    },
  };
}

const reading = (column: Reach<Numeric>, out: Vector): Attributed => ({
  days(from, to) {
    read(column, from, to, out);
    return out;
  },
});

/** Groups by period; units without a day are in none. */
export class PeriodKeys implements Keys {
  readonly size = periodsAtMost;
  readonly #codes: PeriodCodes;
  readonly #attributed: Attributed;

  constructor(period: Period, attributed: Attributed) {
    this.#codes = new PeriodCodes(period);
    this.#attributed = attributed;
  }

  get labels(): readonly string[] {
    return this.#codes.labels;
  }

  codes(from: number, to: number, out: Int32Array): void {
    this.#codes.write(this.#attributed.days(from, to), to - from, noPeriod, out);
  }
}

/** Days of 90 years; the last code is null. */
const periodsAtMost = 32_768;
export const noPeriod = periodsAtMost - 1;

/** Leaves out the rows whose day is not within the bounds. */
export function dayFilter(question: Question): ((day: number) => boolean) | null {
  const from = question.from === null ? Number.NEGATIVE_INFINITY : dayOf(question.from);
  const to = question.to === null ? Number.POSITIVE_INFINITY : dayOf(question.to);
  return question.from === null && question.to === null ? null : (day) => day >= from && day <= to;
}
