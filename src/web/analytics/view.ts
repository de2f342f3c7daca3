import { type Basis, bases } from '../../analytics/kpis/kpi.ts';
import type { AsOf, KpiRequest } from '../../analytics/query/answer.ts';
import { parseLocalDate, parseZone } from '../../values/dates.ts';
import { at, InvalidValue, shown } from '../../values/refusal.ts';
import { all, momentOf, one, type Query, refuseUnknown } from '../query.ts';

/** What a visitor wants to see. The query string is the whole of it, so that a view can be sent to a colleague. */
export interface View {
  readonly basis: Basis;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly asOf?: AsOf;
  /** Day on which is judged what is overdue. */
  readonly on?: string;
}

const names = ['basis', 'from', 'to', 'zone', 'filter', 'asOf', 'on'] as const;

/** Empty fields of a form count as left out. Throws InvalidValue, for parameters that are not known here too. */
export function viewOf(query: Query, more: readonly string[] = []): View {
  refuseUnknown(query, [...names, ...more]);
  const [from, to, zone, asOf, on] = (['from', 'to', 'zone', 'asOf', 'on'] as const).map((name) => one(query, name));
  return {
    basis: basisOf(one(query, 'basis') ?? 'commit'),
    filter: filterOf(all(query, 'filter')),
    ...(from !== undefined && { from: at('from', () => parseLocalDate(from)) }),
    ...(to !== undefined && { to: at('to', () => parseLocalDate(to)) }),
    ...(zone !== undefined && { zone: at('zone', () => parseZone(zone)) }),
    ...(asOf !== undefined && { asOf: momentOf(asOf, 'asOf') }),
    ...(on !== undefined && { on: at('on', () => parseLocalDate(on)) }),
  };
}

/** The view as the parameters that show it again. */
export function parametersOf(view: View): URLSearchParams {
  const parameters = new URLSearchParams();
  parameters.set('basis', view.basis);
  for (const name of ['from', 'to', 'zone', 'on'] as const) {
    const value = view[name];
    if (value !== undefined) parameters.set(name, value);
  }
  for (const [name, values] of Object.entries(view.filter))
    for (const value of values) parameters.append('filter', `${name}=${value}`);
  if (view.asOf) parameters.set('asOf', momentText(view.asOf));
  return parameters;
}

/** The part of every question that the view decides. */
export function questionOf(view: View): Omit<KpiRequest, 'kpis'> {
  const { basis: _basis, ...rest } = view;
  return rest;
}

export const momentText = (moment: AsOf): string => ('position' in moment ? moment.position : moment.instant);

function basisOf(text: string): Basis {
  const basis = bases.find((name) => name === text);
  if (basis === undefined)
    throw new InvalidValue('unknown-basis', `There is no basis ${shown(text)}; there are ${bases.join(', ')}`, 'basis');
  return basis;
}

/** Several values of one dimension mean any of them. */
function filterOf(pairs: readonly string[]): Record<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new InvalidValue('invalid-filter', `${shown(pair)} is not dimension=value`, 'filter');
    const name = pair.slice(0, equals);
    found.set(name, [...(found.get(name) ?? []), pair.slice(equals + 1)]);
  }
  return Object.fromEntries(found);
}
