import { workingCalendar } from '../../values/calendars.ts';
import { parseLocalDate, parseZone } from '../../values/dates.ts';
import { at, InvalidValue, shown } from '../../values/refusal.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import { isPeriod } from '../kernel/periods.ts';
import { kpiById, kpiCatalogue } from '../kpis/catalogue.ts';
import { attributions, bases, grains, type Kpi, populations } from '../kpis/kpi.ts';
import type { KpiRequest } from './answer.ts';
import { checkDimension } from './dimensions.ts';
import type { Asked, Question } from './question.ts';

const usualPercentiles = [50, 90, 95];
const methods = ['linear', 'nearest'] as const;

/** Throws InvalidValue with a stable code and the names that there are. */
export function checkQuestion(facts: FoldedFacts, request: KpiRequest): Question {
  const { group = [], filter = {}, zone, from, to, calendar, percentiles = usualPercentiles } = request;
  for (const name of group) checkDimension(facts, name);
  for (const name of Object.keys(filter)) {
    if (isPeriod(name))
      throw new InvalidValue('unknown-dimension', `Periods are not filtered by ${name}; give from and to`, name);
    checkDimension(facts, name);
  }
  if (request.kpis.length === 0) throw new InvalidValue('unknown-kpi', 'Ask for at least one KPI', 'kpis');
  return {
    asked: request.kpis.map((id) => askedOf(id, request)),
    group,
    filter,
    zone: zone === undefined ? null : at('zone', () => parseZone(zone)),
    from: from === undefined ? null : at('from', () => parseLocalDate(from)),
    to: to === undefined ? null : at('to', () => parseLocalDate(to)),
    calendar: calendar === undefined ? null : at('calendar', () => workingCalendar(calendar)),
    percentiles: percentiles.map(checkPercentile),
    method: oneOf('method', request.method ?? 'linear', methods),
  };
}

function askedOf(id: string, request: KpiRequest): Asked {
  const kpi = oneKpi(id);
  if (kpi.awaits)
    throw new InvalidValue(
      'kpi-awaits-events',
      `The KPI ${id} cannot be computed yet: nothing records ${kpi.awaits.join(', ')}`,
      'kpis',
    );
  const { grain, by, basis, population } = request;
  if (basis !== undefined) oneOf('basis', basis, bases);
  return {
    kpi,
    grain: grain === undefined ? first(kpi.grains) : allowed('grain', kpi, oneOf('grain', grain, grains), kpi.grains),
    by:
      by === undefined ? usualBy(kpi, population) : allowed('by', kpi, oneOf('attribution', by, attributions), kpi.by),
    basis: kpi.basis ? oneOf('basis', basis ?? 'commit', bases) : 'commit',
    population: oneOf('population', population ?? 'due', populations),
  };
}

/** Who asks for what was delivered looks at the date of delivery. */
const usualBy = (kpi: Kpi, population: string | undefined): Asked['by'] =>
  kpi.population && population === 'delivered' && kpi.by.includes('delivered') ? 'delivered' : first(kpi.by);

function oneKpi(id: string): Kpi {
  const kpi = kpiById.get(id);
  if (!kpi)
    throw new InvalidValue(
      'unknown-kpi',
      `There is no KPI ${shown(id)}; there are ${kpiCatalogue.map((one) => one.id).join(', ')}`,
      'kpis',
    );
  return kpi;
}

function oneOf<T extends string>(what: string, value: string, valid: readonly T[]): T {
  const found = valid.find((one) => one === value);
  if (found === undefined)
    throw new InvalidValue(
      `unknown-${what}`,
      `There is no ${what} ${shown(value)}; there are ${valid.join(', ')}`,
      what,
    );
  return found;
}

function allowed<T extends string>(what: 'grain' | 'by', kpi: Kpi, value: T, valid: readonly T[]): T {
  if (!valid.includes(value))
    throw new InvalidValue(
      what === 'grain' ? 'unknown-grain' : 'unknown-attribution',
      `The KPI ${kpi.id} has no ${what} ${value}; it has ${valid.join(', ')}`,
      what,
    );
  return value;
}

const first = <T>(list: readonly T[]): T => list[0] as T;

function checkPercentile(percent: number): number {
  if (!(percent >= 0 && percent <= 100))
    throw new InvalidValue('invalid-percentile', `${percent} is no percentile; give 0 to 100`, 'percentiles');
  return percent;
}
