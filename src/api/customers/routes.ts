import { Type } from 'typebox';
import { customerAggregate } from '../../commands/customer/aggregate.ts';
import { RegisterCustomer } from '../../commands/customer/commands.ts';
import { Code } from '../../events/catalog/terms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { doneOf, metaOf, splitEnvelope } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { idempotencyHeaders } from '../http/preconditions.ts';
import { envelopeProperties } from '../orders/bodies.ts';

const tags = ['customers'];
const CustomerDocument = Type.Object({ customerId: Code }, { $id: 'Customer', additionalProperties: true });

export function customerRoutes(app: Api, deps: ApiDependencies): void {
  registerRoute(app, deps);
  readRoute(app, deps);
  listRoute(app, deps);
}

function registerRoute(app: Api, deps: ApiDependencies): void {
  const body = Type.Object({ ...RegisterCustomer.properties, ...envelopeProperties }, { additionalProperties: false });
  app.post(
    '/v1/customers',
    {
      config: { action: 'customer.register' },
      schema: {
        tags,
        summary: 'Open a customer account',
        headers: idempotencyHeaders,
        body,
        response: answers(CustomerDocument, 201),
      },
    },
    async (request, reply) => {
      const principal = authorize(request, 'customer.register');
      const [envelope, customer] = splitEnvelope(request.body);
      const meta = metaOf(request, principal, envelope, '');
      const command = { kind: 'register', body: customer } as const;
      const outcome = await deps.handler.execute(customerAggregate, customer.customerId, command, meta);
      const done = doneOf(outcome, request, reply);
      const address = `/v1/customers/${encodeURIComponent(customer.customerId)}`;
      return reply.code(201).header('location', address).send(done.state);
    },
  );
}

function readRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/customers/:customerId',
    {
      config: { action: 'customer.read' },
      schema: {
        tags,
        summary: 'One customer',
        params: Type.Object({ customerId: Code }),
        headers: readHeaders,
        response: answers(CustomerDocument),
      },
    },
    async (request, reply) => {
      const { customerId } = request.params;
      authorize(request, 'customer.read', { kind: 'customer', customerId });
      await minPosition(deps, request, 'customers');
      tellPosition(deps, reply, 'customers');
      const customer = await deps.customers.customer(customerId);
      if (customer === undefined) throw notFound('customer')();
      return customer;
    },
  );
}

function listRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/customers',
    {
      config: { action: 'customer.read' },
      schema: {
        tags,
        summary: 'Customers, by id',
        querystring: Type.Object(
          {
            after: Type.Optional(Code),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          { additionalProperties: false },
        ),
        headers: readHeaders,
        response: answers(Type.Object({ customers: Type.Array(CustomerDocument, { maxItems: 200 }) })),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'customers');
      tellPosition(deps, reply, 'customers');
      const own = request.principal?.customerId;
      if (own !== undefined)
        return { customers: [await deps.customers.customer(own)].filter((one) => one !== undefined) };
      const { after, limit = 50 } = request.query;
      const found = await deps.customers.list({ ...(after !== undefined && { after }), limit: limit + 1 });
      const customers = found.slice(0, limit);
      const last = customers.at(-1);
      if (found.length > limit && last) {
        const query = new URLSearchParams({ after: last.customerId, limit: String(limit) });
        reply.header('link', `</v1/customers?${query}>; rel="next"`);
      }
      return { customers };
    },
  );
}
