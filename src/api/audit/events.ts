import { Type } from 'typebox';
import { Code } from '../../events/catalog/terms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nextAddress } from '../http/addresses.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { positionOf } from '../http/positions.ts';
import { filterOf, filterParameters } from './moments.ts';

const Query = Type.Object(
  {
    ...filterParameters,
    stream: Type.Optional(Type.String({ ...Code, description: 'Only this stream', maxLength: 200 })),
    id: Type.Optional(
      Type.String({ ...Code, description: 'Of an event, its command, its correlation or its cause', maxLength: 64 }),
    ),
    after: Type.Optional(
      Type.String({ description: 'Position; from the Link of the page before', minLength: 1, maxLength: 64 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  { additionalProperties: false },
);

/** GET /v1/audit/events: the whole log in its order, page by page. A page of a rare search may have few events and still go on. */
export function auditEventsRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/events',
    {
      config: { action: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Events of the whole log, in its order',
        querystring: Query,
        response: answers(Type.Object({}, { additionalProperties: true })),
      },
    },
    async (request, reply) => {
      const { stream, id, after, limit = 100, ...filter } = request.query;
      const page = await deps.audit.explore({
        ...filterOf(filter),
        ...(stream !== undefined && { stream }),
        ...(id !== undefined && { id }),
        ...(after !== undefined && { after: positionOf(after) }),
        limit,
      });
      if (page.next !== undefined)
        reply.header('link', `<${nextAddress(request.url, 'after', page.next)}>; rel="next"`);
      return page;
    },
  );
}
