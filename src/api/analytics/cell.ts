import { type Static, Type } from 'typebox';
import type { CellRequest } from '../../analytics/query/answer.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { positionOf, readHeaders } from '../http/positions.ts';
import { unitWithLinks } from './links.ts';
import { etagOf, factsReach, hasAlready, tellMoment } from './moments.ts';
import { questionOfQuery, questionParameters } from './questions.ts';

const { kpis: _kpis, compare: _compare, ...ofOne } = questionParameters;
const place = Type.String({
  description: 'dimension=value of the row, dimension alone where it has none; one for each of group',
  pattern: '^[a-z][a-z0-9_]{0,39}(?:=|$)',
  maxLength: 260,
});

const cellParameters = {
  kpi: Type.String({ pattern: '^[a-z][a-z0-9_.]{0,59}$', maxLength: 60 }),
  ...ofOne,
  cell: Type.Optional(Type.Union([place, Type.Array(place, { maxItems: 8 })])),
};
const CellQuery = Type.Object(
  { ...cellParameters, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1_000 })) },
  { additionalProperties: false },
);
const ChangesQuery = Type.Object(
  {
    ...cellParameters,
    since: Type.String({ description: 'Position, or start', minLength: 1, maxLength: 64 }),
    until: Type.Optional(Type.String({ description: 'Position; now if left out', minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);

const Document = Type.Object({}, { additionalProperties: true });
const tags = ['analytics'];

/** From a number to what it is made of, and to what changed it. */
export function cellRoutes(app: Api, deps: ApiDependencies): void {
  const { analytics } = deps;
  app.get(
    '/v1/analytics/cell',
    {
      config: { action: 'analytics.read' },
      schema: {
        tags,
        summary: 'The units behind one number',
        querystring: CellQuery,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      const { limit = 1_000, ...query } = request.query;
      await factsReach(deps, request);
      const question = cellOf(query);
      const { units, position } = await analytics.cell(question);
      const asked = { question: [question, limit, deps.clock().slice(0, 10)], asOf: question.asOf };
      const etag = etagOf(analytics, position, asked);
      tellMoment(reply, position, etag, asked);
      if (hasAlready(request, etag)) return reply.code(304).send();
      return reply.send({ units: units.slice(0, limit).map(unitWithLinks), total: units.length, position });
    },
  );
  app.get(
    '/v1/analytics/changes',
    {
      config: { action: 'analytics.read' },
      schema: {
        tags,
        summary: 'Which orders, by which events, changed a number between two moments',
        querystring: ChangesQuery,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request) => {
      const { since, until, ...query } = request.query;
      await factsReach(deps, request);
      return analytics.whatChanged({
        ...cellOf(query),
        since: since === 'start' ? since : positionOf(since),
        ...(until !== undefined && { until: positionOf(until) }),
      });
    },
  );
}

const CellOnly = Type.Object(cellParameters);

function cellOf({ kpi, cell, ...question }: Static<typeof CellOnly>): CellRequest {
  const places = cell === undefined ? [] : [cell].flat();
  const group = places.map((text): [string, string | null] => {
    const equals = text.indexOf('=');
    return equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
  });
  return { ...questionOfQuery({ ...question, kpis: kpi }), kpi, cell: Object.fromEntries(group) };
}
