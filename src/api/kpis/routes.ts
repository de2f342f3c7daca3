import { type Static, Type } from 'typebox';
import { LocalDate } from '../../events/catalog/terms.ts';
import { grains, populations } from '../../projections/kpi/catalogue.ts';
import { bases } from '../../projections/kpi/outcome.ts';
import type { KpiQuery } from '../../projections/kpi/query.ts';
import { parseLocalDate } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { Problem } from '../problems.ts';

const tags = ['kpis'];
const word = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', maxLength: 40 });
const pair = Type.String({
  description: 'dimension=value',
  pattern: '^[a-z][a-z0-9_]{0,39}=',
  minLength: 2,
  maxLength: 260,
});

const oneOf = <Word extends string>(words: readonly Word[]) => Type.Enum([...words]);

/** The same words as the options of `orderfold kpi`. */
const Query = Type.Object(
  {
    grain: Type.Optional(oneOf(grains)),
    basis: Type.Optional(oneOf(bases)),
    population: Type.Optional(oneOf(populations)),
    group: Type.Optional(
      Type.String({
        description: 'Dimensions with commas between, e.g. month,mode',
        pattern: '^[a-z0-9_,]+$',
        maxLength: 200,
      }),
    ),
    filter: Type.Optional(Type.Union([pair, Type.Array(pair, { maxItems: 20 })])),
    asOf: Type.Optional(LocalDate),
    from: Type.Optional(LocalDate),
    to: Type.Optional(LocalDate),
  },
  { additionalProperties: false },
);

const Document = Type.Object({}, { additionalProperties: true });

export function kpiRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/kpis',
    { config: { action: 'kpi.read' }, schema: { tags, summary: 'The catalogue of KPIs', response: answers(Document) } },
    async () => ({ kpis: deps.kpis.catalogue() }),
  );
  dailyRoute(app, deps);
  app.get(
    '/v1/kpis/:kpi',
    {
      config: { action: 'kpi.read' },
      schema: {
        tags,
        summary: 'One KPI with numerator, denominator and value',
        params: Type.Object({ kpi: word }),
        querystring: Query,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'kpi');
      tellPosition(deps, reply, 'kpi');
      return deps.kpis.query(kpiQueryOf(request.params.kpi, request.query, deps.clock().slice(0, 10)));
    },
  );
}

function kpiQueryOf(kpi: string, query: Static<typeof Query>, today: string): KpiQuery {
  const { grain = 'line', basis = 'commit', population = 'due', group, filter, asOf = today, from, to } = query;
  return {
    kpi,
    grain,
    basis,
    population,
    group: group === undefined ? [] : group.split(','),
    filter: filtersOf(filter === undefined ? [] : Array.isArray(filter) ? filter : [filter]),
    asOf,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** Several values of one dimension mean any of them. */
function filtersOf(pairs: readonly string[]): Record<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const text of pairs) {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    filters.set(name, [...(filters.get(name) ?? []), text.slice(at + 1)]);
  }
  return Object.fromEntries(filters);
}

const longestRangeDays = 3_660;

function dailyRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/kpis/daily',
    {
      config: { action: 'kpi.read' },
      schema: {
        tags,
        summary: 'Daily totals',
        querystring: Type.Object({ from: LocalDate, to: LocalDate }, { additionalProperties: false }),
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      const { from, to } = request.query;
      at('?/from', () => parseLocalDate(from));
      at('?/to', () => parseLocalDate(to));
      const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
      if (days < 0 || days > longestRangeDays) {
        const detail = `from is not after to, and at most ${longestRangeDays} days lie between.`;
        throw new Problem('invalid-request', { detail, errors: [{ pointer: '?/to', detail }] });
      }
      await minPosition(deps, request, 'kpi');
      tellPosition(deps, reply, 'kpi');
      return { days: await deps.kpis.daily({ from, to }) };
    },
  );
}
