import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { orderAggregate } from '../../commands/order/aggregate.ts';
import { type OrderCommand, orderCommands, PlaceOrder } from '../../commands/order/commands.ts';
import { orderDocument } from '../../projections/orders/document.ts';
import type { Principal } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { doneOf, initiatorFor, metaOf, splitEnvelope } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { commandHeaders, idempotencyHeaders, ifMatchOf } from '../http/preconditions.ts';
import { Problem } from '../problems.ts';
import { bodySchemaOf, type CommandRoute, commandRoutes, envelopeProperties } from './bodies.ts';
import { OrderSchema } from './document.ts';
import { OrderPath, orderIdOf } from './identity.ts';

const tags = ['orders'];

/** POST /v1/orders and the commands of an order as its sub-resources. */
export function orderCommandRoutes(app: Api, deps: ApiDependencies): void {
  placeRoute(app, deps);
  for (const route of commandRoutes) commandRoute(app, deps, route);
}

function placeRoute(app: Api, deps: ApiDependencies): void {
  const body = Type.Object({ ...PlaceOrder.properties, ...envelopeProperties }, { additionalProperties: false });
  app.post(
    '/v1/orders',
    {
      config: { action: 'order.place' },
      bodyLimit: deps.settings.largeBodyLimit,
      schema: {
        tags,
        summary: 'Place an order',
        headers: idempotencyHeaders,
        body,
        response: answers(OrderSchema, 201),
      },
    },
    async (request, reply) => {
      const [envelope, order] = splitEnvelope(request.body);
      const principal = authorize(
        request,
        'order.place',
        { kind: 'customer', customerId: order.customerId },
        customerUnknown,
      );
      const outcome = await deps.placeOrder(order, metaOf(request, principal, envelope, ''));
      const done = doneOf(outcome, request, reply);
      return reply
        .code(201)
        .header('location', `/v1/orders/${done.state.orderId}`)
        .send(orderDocument(done.state, done.revision));
    },
  );
}

/** The customer of somebody else is answered like one that does not exist. */
const customerUnknown = () => new Problem({ refusal: 'customer-unknown' }, { detail: 'There is no such customer.' });

function commandRoute(app: Api, deps: ApiDependencies, route: CommandRoute): void {
  const params = Type.Object({ ...OrderPath.properties, ...route.params });
  const body = bodySchemaOf(route);
  app.post<{ Params: { id: string }; Body: Record<string, unknown> }>(
    `/v1/orders/:id/${route.path}`,
    {
      config: { action: actionOf(route) },
      ...(route.large && { bodyLimit: deps.settings.largeBodyLimit }),
      schema: { tags, summary: route.summary, headers: commandHeaders, params, body, response: answers(OrderSchema) },
      // A command that says everything by its address may come without a body.
      preValidation: (request, _reply, done) => {
        if (request.body === undefined) request.body = {};
        done();
      },
    },
    (request, reply) => perform(deps, route, request, reply),
  );
}

type CommandRequest = FastifyRequest<{ Params: { id: string }; Body: Record<string, unknown> }>;

async function perform(
  deps: ApiDependencies,
  route: CommandRoute,
  request: CommandRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const principal = authorize(request, actionOf(route));
  const expectedRevision = ifMatchOf(request);
  const [envelope, body] = splitEnvelope(request.body);
  const meta = metaOf(request, principal, envelope, request.url);
  const orderId = await orderIdOf(deps, request, request.params.id);
  if (principal.role === 'customer') await assertOwn(deps, route, request, orderId);
  const outcome = await deps.handler.execute(
    orderAggregate,
    orderId,
    commandOf(route, principal, request.params, body),
    {
      ...meta,
      ...(expectedRevision !== undefined && { expectedRevision }),
    },
  );
  const done = doneOf(outcome, request, reply);
  return reply.send(orderDocument(done.state, done.revision));
}

const actionOf = (route: CommandRoute) => `order.${route.command}` as const;

/** The order of somebody else is answered like one that does not exist. */
async function assertOwn(deps: ApiDependencies, route: CommandRoute, request: CommandRequest, orderId: string) {
  const { state, revision } = await deps.handler.load(orderAggregate, orderId, { cached: true });
  if (revision === 'no-stream') throw notFound('order')();
  authorize(request, actionOf(route), { kind: 'order', customerId: state.customerId });
}

function commandOf(
  route: CommandRoute,
  principal: Principal,
  { id: _id, ...inPath }: CommandRequest['params'],
  body: Record<string, unknown>,
): OrderCommand {
  const asked = body.initiator as 'customer' | 'supplier' | undefined;
  const initiator = takesInitiator(route) ? initiatorFor(principal, asked) : undefined;
  // The schemas of body and path together are the schema of the command.
  return {
    kind: route.command,
    body: { ...body, ...inPath, ...(initiator && { initiator }) },
  } as unknown as OrderCommand;
}

const takesInitiator = ({ command }: CommandRoute): boolean => 'initiator' in orderCommands[command].properties;
