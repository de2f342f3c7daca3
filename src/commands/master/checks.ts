import type { MasterKind, Specification } from '../../events/catalog/master/index.ts';
import { workingCalendar } from '../../values/calendars.ts';
import { compare, sum } from '../../values/decimal.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { currencyProblem, dateProblem, zoneProblem } from '../checks.ts';
import { modelProblem } from '../configuration/model-problem.ts';
import { type Refused, refuse } from '../decider.ts';

/** What a schema cannot say of a specification. Each answers with the first thing that is wrong. */
type Checks = { readonly [Kind in MasterKind]?: (specification: Specification<Kind>) => Refused | undefined };

const checks: Checks = {
  item: ({ uom, conversions = [] }) =>
    twice(
      conversions.map((one) => one.uom),
      'conversions',
    ) ??
    (conversions.some((one) => one.uom === uom)
      ? refuse('master-contradictory', `${uom} is the stock unit itself; it needs no conversion`, '/conversions')
      : undefined),
  bom: ({ sku, components }) =>
    twice(
      components.map((one) => one.sku),
      'components',
    ) ??
    (components.some((one) => one.sku === sku || one.alternates?.includes(sku))
      ? refuse('master-contradictory', `${sku} cannot be a component of itself`, '/components')
      : undefined),
  routing: ({ operations }) =>
    twice(
      operations.map(({ operation }) => String(operation)),
      'operations',
    ),
  model: modelProblem,
  calendar: (calendar) =>
    zoneProblem(calendar.zone, '/zone') ??
    twice(
      calendar.week.map(({ day }) => String(day)),
      'week',
    ) ??
    (calendar.exceptions ?? []).reduce<Refused | undefined>(
      (problem, { from, to }, i) =>
        problem ?? dateProblem(from, `/exceptions/${i}/from`) ?? dateProblem(to, `/exceptions/${i}/to`),
      undefined,
    ) ??
    whole(calendar),
  site: ({ zone, bins = [] }) =>
    zoneProblem(zone, '/zone') ??
    twice(
      bins.map(({ bin }) => bin),
      'bins',
    ),
  supplier: ({ zone, currency, supplies = [] }) =>
    zoneProblem(zone, '/zone') ??
    (currency === undefined ? undefined : currencyProblem(currency, '/currency')) ??
    twice(
      supplies.map(({ sku }) => sku),
      'supplies',
    ),
  carrier: ({ zone, services }) =>
    zoneProblem(zone, '/zone') ??
    twice(
      services.map(({ service }) => service),
      'services',
    ),
  account: ({ currency, minimumOrder }) =>
    (currency === undefined ? undefined : currencyProblem(currency, '/currency')) ??
    (minimumOrder && currencyProblem(minimumOrder.currency, '/minimumOrder/currency')),
  terms: ({ instalments }) =>
    compare(sum(instalments.map(({ fraction }) => fraction)), '1') === 0
      ? undefined
      : refuse('master-contradictory', 'The fractions of the instalments do not add up to 1', '/instalments'),
  pricelist: ({ currency, prices }) =>
    currencyProblem(currency, '/currency') ??
    twice(
      prices.map(({ sku, uom = '', fromQuantity = '0' }) => JSON.stringify([sku, uom, fromQuantity])),
      'prices',
    ) ??
    negative(prices.map(({ amount }) => amount)),
  promotion: ({ until }) => (until === undefined ? undefined : dateProblem(until, '/until')),
  surcharge: ({ amount, fraction, perKilogram }) =>
    [amount, fraction, perKilogram].filter((one) => one !== undefined).length === 1
      ? undefined
      : refuse('master-contradictory', 'Give exactly one of amount, fraction and perKilogram', '/amount'),
  exchangerate: ({ from, to }) =>
    currencyProblem(from, '/from') ??
    currencyProblem(to, '/to') ??
    (from === to ? refuse('master-contradictory', 'A currency needs no rate to itself', '/to') : undefined),
};

export function specificationProblem<Kind extends MasterKind>(
  kind: Kind,
  specification: Specification<Kind>,
): Refused | undefined {
  const check = checks[kind] as ((specification: Specification<Kind>) => Refused | undefined) | undefined;
  return check?.(specification);
}

function twice(keys: readonly string[], place: string): Refused | undefined {
  const seen = new Set<string>();
  for (const [index, key] of keys.entries()) {
    if (seen.has(key)) return refuse('master-named-twice', `${key} is named twice in ${place}`, `/${place}/${index}`);
    seen.add(key);
  }
  return undefined;
}

function negative(amounts: readonly string[]): Refused | undefined {
  const index = amounts.findIndex((amount) => compare(amount, '0') < 0);
  return index < 0 ? undefined : refuse('price-negative', 'A price is zero or more', `/prices/${index}/amount`);
}

/** Hours and exceptions that make a calendar. */
function whole({ zone, week, exceptions = [] }: Specification<'calendar'>): Refused | undefined {
  try {
    workingCalendar({
      name: 'calendar',
      zone,
      week: Object.fromEntries(week.map(({ day, hours }) => [day, hours])),
      exceptions,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return refuse('master-contradictory', error.message, '/week');
  }
}
