import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { answerTable } from '../../analytics/export/answer-table.ts';
import type { Format } from '../../analytics/export/formats.ts';
import type { KpiAnswer, KpiRequest } from '../../analytics/query/answer.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { readHeaders } from '../http/positions.ts';
import type { RecentAnswers } from './answers.ts';
import { withLinks } from './links.ts';
import { etagOf, factsReach, hasAlready, tellMoment } from './moments.ts';
import { momentText, questionBody, questionOfBody, questionOfQuery, questionParameters } from './questions.ts';
import { FormatName, formatFor, sendTable } from './sending.ts';

const Document = Type.Object({}, { additionalProperties: true });
const Query = Type.Object(
  { ...questionParameters, format: Type.Optional(FormatName) },
  { additionalProperties: false },
);
const FormatOnly = Type.Object({ format: Type.Optional(FormatName) }, { additionalProperties: false });
const tags = ['analytics'];

/** GET and POST /v1/analytics/query: KPIs by any groups, as JSON with links to what is behind each number, or as a table. */
export function kpiQueryRoutes(app: Api, deps: ApiDependencies, recent: RecentAnswers): void {
  app.get(
    '/v1/analytics/query',
    {
      config: { action: 'analytics.read' },
      schema: {
        tags,
        summary: 'KPIs, now or as known then',
        querystring: Query,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      const { format, ...question } = request.query;
      return answerQuestion(deps, recent, request, reply, questionOfQuery(question), await formatFor(request, format));
    },
  );
  app.post(
    '/v1/analytics/query',
    {
      config: { action: 'analytics.read' },
      schema: {
        tags,
        summary: 'KPIs, with a working calendar if wanted',
        querystring: FormatOnly,
        body: questionBody(deps.analytics.kpis),
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      const format = await formatFor(request, request.query.format);
      return answerQuestion(deps, recent, request, reply, questionOfBody(request.body), format);
    },
  );
}

async function answerQuestion(
  deps: ApiDependencies,
  recent: RecentAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
  question: KpiRequest,
  format: Format,
): Promise<FastifyReply> {
  const { analytics } = deps;
  await factsReach(deps, request);
  // What is overdue is judged on a day, which ends without any event.
  const asked = { question: [question, format.name, question.on ?? deps.clock().slice(0, 10)], asOf: question.asOf };
  const etagNow = etagOf(analytics, analytics.position, asked);
  if (!question.asOf && hasAlready(request, etagNow)) {
    tellMoment(reply, analytics.position, etagNow, asked);
    return reply.code(304).send();
  }
  const answer = await recent.answer(question);
  const etag = etagOf(analytics, answer.position, asked);
  tellMoment(reply, answer.position, etag, asked);
  if (hasAlready(request, etag)) return reply.code(304).send();
  if (format.name === 'json') return reply.send(withLinks(question, answer));
  const table = answerTable(answer);
  return sendTable(request, reply, { table, metadata: metadataOf(answer) }, format);
}

function metadataOf({ position, asOf, zone, on, conventions, method, parkedStreams }: KpiAnswer): Map<string, string> {
  return new Map([
    ['position', position],
    ...(asOf ? [['as_of', momentText(asOf)] as const] : []),
    ['time_zone', zone],
    ['judged_on', on],
    ['percentile_method', method],
    ['parked_streams', String(parkedStreams)],
    ['kpi_versions', conventions.map(({ kpi, version }) => `${kpi}@${version}`).join(' ')],
    ['conventions', JSON.stringify(conventions)],
  ]);
}
