import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { orderAggregate } from '../../commands/order/aggregate.ts';
import { Instant } from '../../events/catalog/terms.ts';
import { orderDocument } from '../../projections/orders/document.ts';
import type { OrderStatus } from '../../projections/orders/reader.ts';
import { epochOf, parseInstant } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { minPosition, positionHeader, readHeaders } from '../http/positions.ts';
import { etagOf, unchanged } from '../http/preconditions.ts';
import { Problem } from '../problems.ts';
import { OrderSchema } from './document.ts';
import { OrderPath, orderIdOf } from './identity.ts';

const Query = Type.Object(
  {
    version: Type.Optional(
      Type.Integer({ description: 'As it was at this version', minimum: 0, maximum: 1_000_000_000 }),
    ),
    asOf: Type.Optional(
      Type.Unsafe<string>({ ...Instant, description: 'As it was recorded up to this instant (RFC 3339, UTC)' }),
    ),
  },
  { additionalProperties: false },
);

/** GET /v1/orders/{id}: the read model's JSON text as it is, or a state folded again from the events. */
export function orderReadRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/orders/:id',
    {
      config: { action: 'order.read' },
      schema: {
        tags: ['orders'],
        summary: 'One order, now or as it was',
        params: OrderPath,
        querystring: Query,
        headers: readHeaders,
        response: answers(OrderSchema),
      },
    },
    (request, reply) => {
      const { version, asOf } = request.query;
      if (version !== undefined || asOf !== undefined) {
        return readEarlier(deps, request.params.id, { version, asOf }, request, reply);
      }
      // Returns nothing: a returned reply is awaited through listeners on the response, which costs more than the read.
      readCurrent(deps, request.params.id, request, reply);
    },
  );
}

/** The hot path: no await, no parsing, no serialising. */
function readCurrent(deps: ApiDependencies, id: string, request: FastifyRequest, reply: FastifyReply): void {
  const wait = minPosition(deps, request, 'orders');
  const status = wait ? wait.then(() => deps.orders.statusJson(id)) : deps.orders.statusJson(id);
  status.then((found) => sendStatus(found, request, reply)).catch((error: unknown) => reply.send(error));
}

function sendStatus(status: OrderStatus | undefined, request: FastifyRequest, reply: FastifyReply): void {
  if (!status) throw notFound('order')();
  if (request.principal?.role === 'customer') {
    authorize(request, 'order.read', { kind: 'order', customerId: status.customerId });
  }
  if (status.position !== '') reply.header(positionHeader, status.position);
  if (unchanged(request, reply, status.revision)) reply.code(304).send();
  else reply.header('content-type', 'application/json; charset=utf-8').send(status.json);
}

interface Moment {
  readonly version: number | undefined;
  readonly asOf: string | undefined;
}

async function readEarlier(
  deps: ApiDependencies,
  id: string,
  moment: Moment,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const orderId = await orderIdOf(deps, request, id);
  const upTo = await revisionAt(deps, orderId, moment);
  const { state, revision } = await deps.handler.load(orderAggregate, orderId, { upTo });
  if (revision === 'no-stream') throw notFound('order')();
  authorize(request, 'order.read', { kind: 'order', customerId: state.customerId });
  if (moment.version !== undefined && moment.version > revision) {
    throw new Problem('invalid-request', {
      detail: `The order has no version ${moment.version} yet; the last one is ${revision}.`,
      errors: [{ pointer: '?/version', detail: `must be <= ${revision}` }],
    });
  }
  return reply.header('etag', etagOf(revision)).send(orderDocument(state, revision));
}

/** Last revision recorded at the instant, and not after the version. Throws order-not-found when it was not there yet. */
async function revisionAt(deps: ApiDependencies, orderId: string, { version, asOf }: Moment): Promise<number> {
  if (asOf === undefined) return version ?? 0;
  const instant = epochOf(at('?/asOf', () => parseInstant(asOf)));
  let last: number | undefined;
  for await (const event of deps.log.readStream(`order-${orderId}`, version === undefined ? {} : { upTo: version })) {
    if (Date.parse(event.metadata.recordedAt) > instant) break;
    last = event.revision;
  }
  if (last === undefined) throw notFound('order')();
  return last;
}
