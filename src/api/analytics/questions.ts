import { type Static, type TSchema, Type } from 'typebox';
import { attributions, bases, grains, type Kpi, populations } from '../../analytics/kpis/kpi.ts';
import type { AsOf, KpiRequest } from '../../analytics/query/answer.ts';
import { LocalDate, Zone } from '../../events/catalog/terms.ts';
import { parseInstant } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import { positionOf } from '../http/positions.ts';

/** Questions about KPIs, as query parameters and as JSON, with the same names. */

const dimension = '[a-z][a-z0-9_]{0,39}';
const Dimension = Type.String({ pattern: `^${dimension}$`, maxLength: 40 });
const DimensionValue = Type.String({ maxLength: 200 });
const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Enum([...words], { description });

/** A moment of knowledge: an instant, or a position that the service gave. */
export const Moment = Type.String({
  description: 'What was known: a log position, or an instant of recording (RFC 3339 in UTC)',
  minLength: 1,
  maxLength: 64,
});

const conventions = {
  grain: Type.Optional(oneOf(grains, 'What is counted; the usual one of the KPI if left out')),
  basis: Type.Optional(oneOf(bases, 'Which date is the target; commit if left out')),
  population: Type.Optional(oneOf(populations, 'due: open and overdue units fail; delivered: only what arrived')),
  by: Type.Optional(oneOf(attributions, 'The date that decides the period; the usual one of the KPI if left out')),
  zone: Type.Optional({ ...Zone, description: 'IANA zone of periods and days; the ship-to of each order if left out' }),
  from: Type.Optional(LocalDate),
  to: Type.Optional(LocalDate),
  method: Type.Optional(oneOf(['linear', 'nearest'], 'How percentiles are read')),
  asOf: Type.Optional(Moment),
  on: Type.Optional({ ...LocalDate, description: 'Day on which is judged what is overdue' }),
  compare: Type.Optional({ ...Moment, description: 'Answer also what was known then, and the difference' }),
};

const list = (item: string, description: string, maxLength: number) =>
  Type.String({ description, pattern: `^${item}(?:,${item})*$`, maxLength });
const pair = Type.String({
  description: 'dimension=value; nothing after the = means units without a value',
  pattern: `^${dimension}=`,
  minLength: 2,
  maxLength: 260,
});

const kpiId = '[a-z][a-z0-9_.]{0,59}';

export const questionParameters = {
  kpis: list(kpiId, 'Ids of the catalogue with commas between, e.g. on_time_rate,cycle_time', 1000),
  ...conventions,
  group: Type.Optional(list(dimension, 'Periods and dimensions with commas between, e.g. month,country', 300)),
  filter: Type.Optional(Type.Union([pair, Type.Array(pair, { maxItems: 50 })])),
  percentiles: Type.Optional(
    list('\\d{1,2}(?:\\.\\d{1,4})?|100', 'Percents with commas between, e.g. 50,90,99.5', 100),
  ),
};

const QuestionQuery = Type.Object(questionParameters);
export type QuestionQuery = Static<typeof QuestionQuery>;

const Hours = Type.Array(
  Type.Object(
    {
      from: Type.String({ pattern: '^\\d{2}:\\d{2}$', maxLength: 5 }),
      to: Type.String({ pattern: '^\\d{2}:\\d{2}$', maxLength: 5 }),
    },
    { additionalProperties: false },
  ),
  { maxItems: 20 },
);
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const WorkingCalendar = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    zone: Zone,
    week: Type.Object(
      Object.fromEntries(weekdays.map((day) => [day, Type.Optional(Hours)])) as Record<
        (typeof weekdays)[number],
        ReturnType<typeof Type.Optional<typeof Hours>>
      >,
      {
        additionalProperties: false,
      },
    ),
    exceptions: Type.Optional(
      Type.Array(
        Type.Object(
          {
            from: LocalDate,
            to: LocalDate,
            hours: Hours,
            priority: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000 })),
          },
          { additionalProperties: false },
        ),
        { maxItems: 1000 },
      ),
    ),
  },
  { additionalProperties: false, description: 'Durations in working time of this calendar' },
);

/** The same as JSON, with a calendar. The ids are listed, so that /openapi.json says what can be asked. */
export function questionBody(kpis: readonly Kpi[]) {
  const ids = kpis.map(({ id }) => id);
  const Id: TSchema = ids.length === 0 ? Type.String({ maxLength: 60 }) : Type.Enum([...ids]);
  return Type.Object(
    {
      kpis: Type.Array(Type.Unsafe<string>(Id), { minItems: 1, maxItems: 50 }),
      ...conventions,
      group: Type.Optional(Type.Array(Dimension, { maxItems: 8 })),
      filter: Type.Optional(
        Type.Record(
          Type.String({ pattern: `^${dimension}$` }),
          Type.Array(DimensionValue, { minItems: 1, maxItems: 200 }),
          {
            maxProperties: 20,
            additionalProperties: false,
          },
        ),
      ),
      percentiles: Type.Optional(Type.Array(Type.Number({ minimum: 0, maximum: 100 }), { minItems: 1, maxItems: 20 })),
      calendar: Type.Optional(WorkingCalendar),
    },
    { additionalProperties: false },
  );
}
export type QuestionBody = Static<ReturnType<typeof questionBody>>;

/** Throws malformed-position, and InvalidValue for a date that does not exist. */
export function momentOf(text: string, place: string): AsOf {
  if (/^\d{4}-/.test(text)) return { instant: at(place, () => parseInstant(text)) };
  return { position: positionOf(text) };
}

export function questionOfQuery(query: QuestionQuery): KpiRequest {
  const { kpis, group, filter, percentiles, asOf, compare, ...rest } = query;
  return {
    ...rest,
    kpis: kpis.split(','),
    ...(group !== undefined && { group: group.split(',') }),
    ...(filter !== undefined && { filter: filtersOf([filter].flat()) }),
    ...(percentiles !== undefined && { percentiles: percentiles.split(',').map(Number) }),
    ...(asOf !== undefined && { asOf: momentOf(asOf, '?/asOf') }),
    ...(compare !== undefined && { compare: momentOf(compare, '?/compare') }),
  };
}

export function questionOfBody({ asOf, compare, calendar, ...rest }: QuestionBody): KpiRequest {
  return {
    ...rest,
    ...(asOf !== undefined && { asOf: momentOf(asOf, '/asOf') }),
    ...(compare !== undefined && { compare: momentOf(compare, '/compare') }),
    ...(calendar && { calendar: calendar as NonNullable<KpiRequest['calendar']> }),
  };
}

/** Several values of one dimension mean any of them. */
export function filtersOf(pairs: readonly string[]): Record<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const text of pairs) {
    const equals = text.indexOf('=');
    const name = text.slice(0, equals);
    filters.set(name, [...(filters.get(name) ?? []), text.slice(equals + 1)]);
  }
  return Object.fromEntries(filters);
}

/** The question as the parameters that ask it again. A calendar has no parameters and is left out. */
export function parametersOf(question: KpiRequest): URLSearchParams {
  const parameters = new URLSearchParams();
  const { kpis, group, filter = {}, percentiles, asOf, compare } = question;
  parameters.set('kpis', kpis.join(','));
  for (const name of ['grain', 'basis', 'population', 'by', 'zone', 'from', 'to', 'method', 'on'] as const) {
    const value = question[name];
    if (value !== undefined) parameters.set(name, value);
  }
  if (group && group.length > 0) parameters.set('group', group.join(','));
  for (const [name, values] of Object.entries(filter)) {
    for (const value of values) parameters.append('filter', `${name}=${value}`);
  }
  if (percentiles) parameters.set('percentiles', percentiles.join(','));
  if (asOf) parameters.set('asOf', momentText(asOf));
  if (compare) parameters.set('compare', momentText(compare));
  return parameters;
}

export const momentText = (moment: AsOf): string => ('position' in moment ? moment.position : moment.instant);
