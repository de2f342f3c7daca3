import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { objectTypeNames } from '../../analytics/ocel/model.ts';
import { type OcelOptions, ocelJson } from '../../analytics/ocel/ocel.ts';
import { Instant } from '../../events/catalog/terms.ts';
import { parseInstant } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { etagIn } from '../http/encoding.ts';
import { readHeaders } from '../http/positions.ts';
import { etagOf, factsReach, hasAlready, tellMoment } from './moments.ts';
import { codingFor, sendStream } from './sending.ts';

const ObjectTypes = Type.String({
  description: `Of ${objectTypeNames.join(', ')}, with commas between; all if left out`,
  pattern: `^(?:${objectTypeNames.join('|')})(?:,(?:${objectTypeNames.join('|')}))*$`,
  maxLength: 200,
});

const Query = Type.Object(
  {
    from: Type.Optional({ ...Instant, description: 'Events that happened from this instant on' }),
    to: Type.Optional({ ...Instant, description: 'Events that happened before this instant' }),
    objectTypes: Type.Optional(ObjectTypes),
    values: Type.Optional(
      Type.Enum(['native', 'text'], {
        description:
          'Attribute values: native JSON values, or all as text, which is what the published JSON schema of OCEL 2.0 wants',
        default: 'native',
      }),
    ),
  },
  { additionalProperties: false },
);

/** GET /v1/analytics/ocel: what happened, as an Object-Centric Event Log 2.0 for process mining. */
export function ocelRoute(app: Api, deps: ApiDependencies): void {
  const { analytics, past } = deps;
  app.get(
    '/v1/analytics/ocel',
    {
      config: { action: 'export.read' },
      schema: {
        tags: ['analytics'],
        summary: 'An object-centric event log (OCEL 2.0 JSON) for process mining',
        querystring: Query,
        headers: readHeaders,
        response: answers(Type.Object({}, { additionalProperties: true })),
      },
    },
    async (request, reply) => {
      const { from, to, objectTypes, values } = request.query;
      const options: OcelOptions = {
        ...(from !== undefined && { from: at('?/from', () => parseInstant(from)) }),
        ...(to !== undefined && { to: at('?/to', () => parseInstant(to)) }),
        textValues: values === 'text',
        ...(objectTypes !== undefined && {
          objectTypes: objectTypeNames.filter((name) => objectTypes.split(',').includes(name)),
        }),
      };
      await factsReach(deps, request);
      const { position } = analytics;
      const asked = { question: ['ocel', request.query] };
      const coding = codingFor(request);
      const etag = etagIn(etagOf(analytics, position, asked), coding);
      tellMoment(reply, position, etag, asked);
      if (hasAlready(request, etag)) return reply.code(304).send();
      reply.header('content-type', 'application/json; charset=utf-8');
      reply.header('content-disposition', 'attachment; filename="orderfold.jsonocel"');
      const events = position === 'start' ? nothing() : past.read('start', position);
      const bytes = () => Readable.from(ocelJson(events, options), { objectMode: false, highWaterMark: 1 });
      return sendStream(request, reply, bytes, coding);
    },
  );
}

async function* nothing(): AsyncGenerator<never> {}
