import { Type } from 'typebox';
import type { Recorded } from '../../events/envelope.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { notFound } from '../http/gate.ts';
import { positionHeader } from '../http/positions.ts';
import { OrderPath, orderIdOf } from './identity.ts';

const Query = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({ description: 'Only events after this version', minimum: 0, maximum: 1_000_000_000 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  events: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 1000 }),
});

/** GET /v1/orders/{id}/events: what happened, from the log itself, in order of version. */
export function orderEventsRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/orders/:id/events',
    {
      config: { action: 'order.events' },
      schema: {
        tags: ['orders'],
        summary: 'The events of an order',
        params: OrderPath,
        querystring: Query,
        response: answers(Answer),
      },
    },
    async (request, reply) => {
      const orderId = await orderIdOf(deps, request, request.params.id);
      const { after, limit = 200 } = request.query;
      const events = await firstEvents(deps, `order-${orderId}`, after, limit + 1);
      if (events.length === 0 && after === undefined) throw notFound('order')();
      const page = events.slice(0, limit);
      const last = page.at(-1);
      if (last) reply.header(positionHeader, last.position);
      if (last && events.length > limit) {
        reply.header('link', `</v1/orders/${orderId}/events?after=${last.revision}&limit=${limit}>; rel="next"`);
      }
      return { events: page };
    },
  );
}

async function firstEvents(
  deps: ApiDependencies,
  stream: string,
  after: number | undefined,
  limit: number,
): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of deps.log.readStream(stream, after === undefined ? {} : { after })) {
    events.push(event);
    if (events.length === limit) break;
  }
  return events;
}
