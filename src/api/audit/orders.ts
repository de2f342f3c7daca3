import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { relations } from '../../audit/history/gather.ts';
import { orderDocument } from '../../projections/orders/document.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nextAddress } from '../http/addresses.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { minPosition, readHeaders } from '../http/positions.ts';
import { etagOf } from '../http/preconditions.ts';
import { OrderSchema } from '../orders/document.ts';
import { OrderPath, orderIdOf } from '../orders/identity.ts';
import { auditFor } from './given.ts';
import { filterOf, filterParameters, momentOf, momentParameters, momentsParameters } from './moments.ts';

const Document = Type.Object({}, { additionalProperties: true });
const tags = ['audit'];
const config = { action: 'order.history' } as const;

const HistoryQuery = Type.Object(
  {
    ...filterParameters,
    ...momentParameters,
    related: Type.Optional(
      Type.Enum([...relations], { description: 'What of tied streams comes along; whole if left out' }),
    ),
    cursor: Type.Optional(
      Type.String({ description: 'From the Link of the page before', minLength: 1, maxLength: 64 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
  },
  { additionalProperties: false },
);

/** GET /v1/audit/orders/{id}/history: everything that happened to an order and to what is tied to it, in sentences. */
export function orderHistoryRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/orders/:id/history',
    {
      config,
      schema: {
        tags,
        summary: 'Everything that happened to an order and to what is tied to it',
        params: OrderPath,
        querystring: HistoryQuery,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request, reply) => {
      const orderId = await auditedOrder(deps, request);
      await minPosition(deps, request, 'ties');
      const { cursor, limit = 200, related, position, recorded, occurred, ...filter } = request.query;
      const { next, ...history } = await auditFor(deps, request, `order-${orderId}`).history(orderId, {
        ...filterOf(filter),
        ...(related !== undefined && { related }),
        moment: momentOf(given(position, recorded, occurred)),
        ...(cursor !== undefined && { after: cursor }),
        limit,
      });
      if (history.ownEvents === 0) throw notFound('order')();
      if (next === undefined) return history;
      reply.header('link', `<${nextAddress(request.url, 'cursor', next)}>; rel="next"`);
      return { ...history, next };
    },
  );
}

const MomentQuery = Type.Object(momentParameters, { additionalProperties: false });

/** GET /v1/audit/orders/{id}/as-of: the order at a moment in either time. */
export function orderAsOfRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/orders/:id/as-of',
    {
      config,
      schema: {
        tags,
        summary: 'An order as it was: as recorded, as it had happened, or both',
        params: OrderPath,
        querystring: MomentQuery,
        headers: readHeaders,
        response: answers(
          Type.Object({
            order: OrderSchema,
            position: Type.String({ description: 'Of the last event in it', maxLength: 64 }),
            presupposed: Type.Array(Type.String({ maxLength: 36 }), {
              description: 'Events that are dated later, but without which what had happened by then could not have',
              maxItems: 100_000,
            }),
          }),
        ),
      },
    },
    async (request, reply) => {
      const orderId = await auditedOrder(deps, request);
      const order = await auditFor(deps, request, `order-${orderId}`).orderAt(orderId, momentOf(request.query));
      if (!order) throw notFound('order')();
      const { state, revision, position, presupposed } = order;
      return reply
        .header('etag', etagOf(revision))
        .send({ order: orderDocument(state, revision), position, presupposed });
    },
  );
}

const MomentsQuery = Type.Object(momentsParameters, { additionalProperties: false });

/** GET /v1/audit/orders/{id}/difference: what is different between two moments, in business terms. */
export function orderDifferenceRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/orders/:id/difference',
    {
      config,
      schema: {
        tags,
        summary: 'What is different between two moments of an order, and by which events',
        params: OrderPath,
        querystring: MomentsQuery,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request) => {
      const orderId = await auditedOrder(deps, request);
      const { query } = request;
      const from = given(query.fromPosition, query.fromRecorded, query.fromOccurred);
      const to = given(query.toPosition, query.toRecorded, query.toOccurred);
      const difference = await auditFor(deps, request, `order-${orderId}`).difference(
        orderId,
        momentOf(from, 'from'),
        momentOf(to, 'to'),
      );
      if (!difference) throw notFound('order')();
      return difference;
    },
  );
}

const given = (position?: string, recorded?: string, occurred?: string) => ({
  ...(position !== undefined && { position }),
  ...(recorded !== undefined && { recorded }),
  ...(occurred !== undefined && { occurred }),
});

const ExplainQuery = Type.Object(
  {
    kpi: Type.Optional(
      Type.String({ description: 'Id in the catalogue of KPIs', pattern: '^[a-z][a-z0-9_.-]{0,59}$', maxLength: 60 }),
    ),
    grain: Type.Optional(Type.String({ pattern: '^[a-z-]{1,20}$', maxLength: 20 })),
    basis: Type.Optional(Type.String({ pattern: '^[a-z_]{1,20}$', maxLength: 20 })),
    population: Type.Optional(Type.String({ pattern: '^[a-z]{1,20}$', maxLength: 20 })),
    field: Type.Optional(
      Type.String({ description: 'Place in the order, e.g. status or lines/0/promise', minLength: 1, maxLength: 300 }),
    ),
    ...momentParameters,
  },
  { additionalProperties: false },
);

/** GET /v1/audit/orders/{id}/explain: which events made a field of the order, or what it adds to a KPI. */
export function orderExplainRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/orders/:id/explain',
    {
      config,
      schema: {
        tags,
        summary: 'Which events made a field of an order, or what it adds to a KPI',
        params: OrderPath,
        querystring: ExplainQuery,
        headers: readHeaders,
        response: answers(Document),
      },
    },
    async (request) => {
      const orderId = await auditedOrder(deps, request);
      const { kpi, field = 'status', position, recorded, occurred, ...question } = request.query;
      const moment = momentOf(given(position, recorded, occurred));
      if (kpi === undefined)
        return auditFor(deps, request, `order-${orderId}`).explainField(
          'order_status',
          orderId,
          `doc/${field}`,
          moment,
        );
      const explained = await auditFor(deps, request, `order-${orderId}`).explainKpi(
        orderId,
        { ...question, kpi },
        moment,
      );
      if (!explained) throw notFound('order')();
      return explained;
    },
  );
}

/** The order of the request. To a customer, an order that is not his does not exist. Throws order-unknown. */
async function auditedOrder(
  deps: ApiDependencies,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<string> {
  const orderId = await orderIdOf(deps, request, request.params.id);
  if (request.principal?.role !== 'customer') return orderId;
  const order = await deps.orders.statusJson(orderId);
  if (!order) throw notFound('order')();
  authorize(request, 'order.history', { kind: 'order', customerId: order.customerId });
  return orderId;
}
