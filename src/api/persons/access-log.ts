import { Type } from 'typebox';
import { PersonId } from '../../events/catalog/sealed.ts';
import { Code, Instant } from '../../events/catalog/terms.ts';
import { parseInstant } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { minPosition, positionOf, readHeaders, tellPosition } from '../http/positions.ts';

const optional = Type.Optional;
const Query = Type.Object(
  {
    subject: optional(
      Type.String({ ...Code, maxLength: 200, description: 'What was asked for: a stream, e.g. order-<id>' }),
    ),
    reader: optional(Type.String({ ...Code, description: 'Id of who read it' })),
    person: optional(PersonId),
    from: optional(Instant),
    to: optional(Instant),
    before: optional(
      Type.String({ description: 'Only reads before this position: follow `Link`', minLength: 1, maxLength: 64 }),
    ),
    limit: optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  { additionalProperties: false },
);
const Reads = Type.Object({
  reads: Type.Array(Type.Object({ subject: Type.String(), readAt: Instant }, { additionalProperties: true }), {
    maxItems: 500,
  }),
});

/** GET /v1/access-log: who read personal data or evidence, newest first. */
export function accessLogRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/access-log',
    {
      config: { action: 'access.read' },
      schema: {
        tags: ['persons'],
        summary: 'Who read personal data or evidence, newest first',
        querystring: Query,
        headers: readHeaders,
        response: answers(Reads),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'access');
      tellPosition(deps, reply, 'access');
      const { limit = 100, before, from, to, ...wanted } = request.query;
      const found = await deps.accesses.reads({
        ...wanted,
        ...(from !== undefined && { from: at('?/from', () => parseInstant(from)) }),
        ...(to !== undefined && { to: at('?/to', () => parseInstant(to)) }),
        ...(before !== undefined && { before: positionOf(before) }),
        limit: limit + 1,
      });
      const reads = found.slice(0, limit);
      const last = reads.at(-1);
      if (found.length > limit && last) {
        const query = new URLSearchParams({ ...request.query, limit: String(limit), before: last.position });
        reply.header('link', `</v1/access-log?${query}>; rel="next"`);
      }
      return { reads };
    },
  );
}
