import { parseInstant } from '../values/dates.ts';
import { at, InvalidValue, shown } from '../values/refusal.ts';

/** A query string as the edge read it. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** The value of a parameter that stands once; undefined if it is empty or missing. */
export function one(query: Query, name: string): string | undefined {
  const values = all(query, name);
  if (values.length > 1) throw new InvalidValue('repeated-parameter', `${name} can be given once`, name);
  return values[0];
}

export const all = (query: Query, name: string): readonly string[] =>
  Object.hasOwn(query, name) ? [query[name] ?? []].flat().filter((value) => value !== '') : [];

/** Throws InvalidValue for a parameter that is none of these. */
export function refuseUnknown(query: Query, known: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidValue('unknown-parameter', `${shown(unknown)} is not known here; there are ${known.join(', ')}`);
}

const minuteForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

/** Date fields of a form have no zone: they are read as UTC. What is no date is a position. */
export function momentOf(text: string, place: string): { readonly instant: string } | { readonly position: string } {
  if (minuteForm.test(text)) return { instant: at(place, () => parseInstant(`${text.padEnd(19, ':00')}Z`)) };
  if (/^\d{4}-/.test(text)) return { instant: at(place, () => parseInstant(text)) };
  if (!/^\d{20}(?:[:/]\d{20})?$/.test(text))
    throw new InvalidValue('invalid-position', `${shown(text)} is neither an instant nor a position`, place);
  return { position: text };
}
