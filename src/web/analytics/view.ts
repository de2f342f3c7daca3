import { type Basis, bases } from '../../analytics/kpis/kpi.ts';
import type { AsOf, KpiRequest } from '../../analytics/query/answer.ts';
import { parseInstant, parseLocalDate, parseZone } from '../../values/dates.ts';
import { at, InvalidValue, shown } from '../../values/refusal.ts';

/** A query string as the edge read it. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

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
    ...(asOf !== undefined && { asOf: momentOf(asOf) }),
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

/** The value of a parameter that stands once; undefined if it is empty or missing. */
export function one(query: Query, name: string): string | undefined {
  const values = all(query, name);
  if (values.length > 1) throw new InvalidValue('repeated-parameter', `${name} can be given once`, name);
  return values[0];
}

export const all = (query: Query, name: string): readonly string[] =>
  Object.hasOwn(query, name) ? [query[name] ?? []].flat().filter((value) => value !== '') : [];

function refuseUnknown(query: Query, known: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidValue('unknown-parameter', `${shown(unknown)} is not known here; there are ${known.join(', ')}`);
}

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

const minuteForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

/** Date fields of a form have no zone: they are read as UTC. What is no date is a position. */
function momentOf(text: string): AsOf {
  if (minuteForm.test(text)) return { instant: at('asOf', () => parseInstant(`${text.padEnd(19, ':00')}Z`)) };
  if (/^\d{4}-/.test(text)) return { instant: at('asOf', () => parseInstant(text)) };
  if (!/^\d{20}(?:[:/]\d{20})?$/.test(text))
    throw new InvalidValue('invalid-position', `${shown(text)} is neither an instant nor a position`, 'asOf');
  return { position: text };
}
