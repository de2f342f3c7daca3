import { isCurrency } from '../values/currencies.ts';
import { epochOf, isLocalDate, parseInstant } from '../values/dates.ts';
import { InvalidValue, shown } from '../values/refusal.ts';
import { parseZone } from '../values/zones.ts';
import { clockTolerance, type Refused, refuse } from './decider.ts';

/** Checks that several aggregates share. Each answers with the refusal, or with what it checked in canonical form. */

export const isRefused = <T>(result: T | Refused): result is Refused =>
  typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;

export const zoneProblem = (zone: string, place: string): Refused | undefined => {
  try {
    parseZone(zone);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return refuse('zone-unknown', error.message, place);
  }
};

export const currencyProblem = (currency: string, place: string): Refused | undefined =>
  isCurrency(currency)
    ? undefined
    : refuse('currency-unknown', `${shown(currency)} is not a currency of ISO 4217; give e.g. EUR`, place);

export const dateProblem = (date: string, place: string): Refused | undefined =>
  isLocalDate(date)
    ? undefined
    : refuse('date-impossible', `${shown(date)} is not a day of the calendar; give an existing one`, place);

/** A real instant in canonical form, which sorts as text. */
export function instantOf(text: string, place: string): string | Refused {
  try {
    return parseInstant(text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return refuse('instant-impossible', error.message, place);
  }
}

/** From here on, no clock of the world shows a day before 0001-01-01, which no date could name. */
const earliest = '0001-01-02T00:00:00.000Z';

/** A real instant with a local date everywhere, not later than now, give or take the difference of two clocks. */
export function pastInstant(text: string, now: string, place: string): string | Refused {
  const instant = instantOf(text, place);
  if (isRefused(instant)) return instant;
  if (instant < earliest)
    return refuse('instant-impossible', `${instant} has no local date everywhere; give ${earliest} or later`, place);
  if (epochOf(instant) <= epochOf(now) + clockTolerance) return instant;
  return refuse('occurred-in-future', `${instant} is later than now (${now}); report only what has happened`, place);
}
