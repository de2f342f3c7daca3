import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { contactAggregate } from '../../commands/contact/aggregate.ts';
import {
  AddContact,
  ChangeContact,
  type ContactCommand,
  contactIdOf,
  hidden,
} from '../../commands/contact/commands.ts';
import { customerAggregate } from '../../commands/customer/aggregate.ts';
import type { CommandMeta } from '../../commands/handle.ts';
import { commandIdOf } from '../../commands/receipts.ts';
import { PersonId } from '../../events/catalog/sealed.ts';
import { Code } from '../../events/catalog/terms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { doneOf, metaOf, splitEnvelope } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { idempotencyHeaders } from '../http/preconditions.ts';
import { blindMeta } from '../http/viewers.ts';
import { envelopeProperties } from '../orders/bodies.ts';
import { Problem } from '../problems.ts';

const tags = ['customers'];
const address = '/v1/contacts/:contactId';
const params = Type.Object({ contactId: PersonId });
/** Which contact was written. What is known of the person is read, not answered. */
const Written = Type.Object({ contactId: PersonId, customerId: Code, version: Type.Integer({ minimum: 0 }) });

export function contactCommandRoutes(app: Api, deps: ApiDependencies): void {
  addRoute(app, deps);
  changeRoute(app, deps);
  removeRoute(app, deps);
}

function addRoute(app: Api, deps: ApiDependencies): void {
  app.post(
    '/v1/customers/:customerId/contacts',
    {
      config: { action: 'contact.add' },
      schema: {
        tags,
        summary: 'Name a person whom we deal with at the customer',
        params: Type.Object({ customerId: Code }),
        headers: idempotencyHeaders,
        body: Type.Object({ ...AddContact.properties, ...envelopeProperties }, { additionalProperties: false }),
        response: answers(Written, 201),
      },
    },
    async (request, reply) => {
      const { customerId } = request.params;
      const principal = authorize(request, 'contact.add', { kind: 'customer', customerId });
      const [envelope, body] = splitEnvelope(request.body);
      const meta = await blindMeta(deps, metaOf(request, principal, envelope, request.url));
      const contactId = contactIdOf(commandIdOf(meta));
      const { state: customer } = await deps.handler.load(customerAggregate, customerId, { cached: true });
      const command = {
        kind: 'add',
        ...{ contactId, customerId, customerKnown: customer !== null },
        body: hidden(contactId, body),
      } as const;
      await carryOut(deps, request, reply.code(201).header('location', `/v1/contacts/${contactId}`), {
        contactId,
        command,
        meta,
      });
      return reply;
    },
  );
}

function changeRoute(app: Api, deps: ApiDependencies): void {
  app.post(
    `${address}/changes`,
    {
      config: { action: 'contact.change' },
      schema: {
        tags,
        summary: 'Change what is known of a contact; null is not kept any more',
        params,
        headers: idempotencyHeaders,
        body: Type.Object({ ...ChangeContact.properties, ...envelopeProperties }, { additionalProperties: false }),
        response: answers(Written),
      },
    },
    async (request, reply) => {
      const { contactId } = request.params;
      const principal = authorize(request, 'contact.change');
      await assertOwn(deps, request, 'contact.change', contactId);
      const [envelope, body] = splitEnvelope(request.body);
      const meta = await blindMeta(deps, metaOf(request, principal, envelope, request.url));
      const command = { kind: 'change', body: hidden(contactId, body) } as const;
      return carryOut(deps, request, reply, { contactId, command, meta });
    },
  );
}

function removeRoute(app: Api, deps: ApiDependencies): void {
  app.delete(
    address,
    {
      config: { action: 'contact.remove' },
      schema: {
        tags,
        summary: 'We do not deal with the person any more; what is known stays until it is erased',
        params,
        headers: idempotencyHeaders,
        response: answers(Written),
      },
    },
    async (request, reply) => {
      const { contactId } = request.params;
      const principal = authorize(request, 'contact.remove');
      await assertOwn(deps, request, 'contact.remove', contactId);
      const meta = metaOf(request, principal, {}, request.url);
      return carryOut(deps, request, reply, { contactId, command: { kind: 'remove' }, meta });
    },
  );
}

/** A contact of somebody else is answered like one that does not exist. */
async function assertOwn(
  deps: ApiDependencies,
  request: FastifyRequest,
  action: 'contact.change' | 'contact.remove',
  contactId: string,
): Promise<void> {
  if (request.principal?.role !== 'customer') return;
  const { state } = await deps.handler.load(contactAggregate, contactId, { cached: true });
  if (state === null) throw notFound('contact')();
  authorize(request, action, { kind: 'contact', customerId: state.customerId });
}

interface Asked {
  readonly contactId: string;
  readonly command: ContactCommand;
  readonly meta: CommandMeta;
}

async function carryOut(
  deps: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { contactId, command, meta }: Asked,
): Promise<FastifyReply> {
  const done = doneOf(await deps.handler.execute(contactAggregate, contactId, command, meta), request, reply);
  if (done.state === null) throw new Problem('internal-error');
  return reply.send({ contactId, customerId: done.state.customerId, version: done.revision });
}
