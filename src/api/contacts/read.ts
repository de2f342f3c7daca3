import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PersonId } from '../../events/catalog/sealed.ts';
import { Code } from '../../events/catalog/terms.ts';
import type { ContactDoc } from '../../projections/contacts.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { viewerOf } from '../http/viewers.ts';
import { OrderPath } from '../orders/identity.ts';

const tags = ['customers'];
const ContactDocument = Type.Object(
  {
    contactId: PersonId,
    customerId: Code,
    name: Type.Unknown({ description: 'A name; `[sealed]` for who may not see it, `[erased]` once it is gone' }),
  },
  { additionalProperties: true },
);

/** Contacts as the reader may see them. Who sees them in plain is in the access log. */
export function contactReadRoutes(app: Api, deps: ApiDependencies): void {
  readRoute(app, deps);
  listRoute(app, deps);
  orderContactRoute(app, deps);
}

function readRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/contacts/:contactId',
    {
      config: { action: 'contact.read' },
      schema: {
        tags,
        summary: 'One contact',
        params: Type.Object({ contactId: PersonId }),
        headers: readHeaders,
        response: answers(ContactDocument),
      },
    },
    async (request) => {
      const { contactId } = request.params;
      await minPosition(deps, request, 'contacts');
      return contactOf(deps, request, contactId, `contact-${contactId}`);
    },
  );
}

async function contactOf(
  deps: ApiDependencies,
  request: FastifyRequest,
  contactId: string,
  subject: string,
): Promise<ContactDoc> {
  const contact = await deps.contacts.contact(contactId);
  if (!contact) throw notFound('contact')();
  const whose = { kind: 'contact', customerId: contact.customerId } as const;
  authorize(request, 'contact.read', whose);
  return deps.viewing.show(contact, viewerOf(request, whose), subject);
}

function listRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/customers/:customerId/contacts',
    {
      config: { action: 'contact.read' },
      schema: {
        tags,
        summary: 'Contacts of a customer, by id',
        params: Type.Object({ customerId: Code }),
        querystring: Type.Object(
          {
            after: Type.Optional(PersonId),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          { additionalProperties: false },
        ),
        headers: readHeaders,
        response: answers(Type.Object({ contacts: Type.Array(ContactDocument, { maxItems: 200 }) })),
      },
    },
    async (request, reply) => {
      const { customerId } = request.params;
      const whose = { kind: 'customer', customerId } as const;
      authorize(request, 'contact.read', whose);
      await minPosition(deps, request, 'contacts');
      tellPosition(deps, reply, 'contacts');
      const { after, limit = 50 } = request.query;
      const page = { ...(after !== undefined && { after }), limit: limit + 1 };
      const found = await deps.contacts.ofCustomer(customerId, page);
      const contacts = found.slice(0, limit);
      const last = contacts.at(-1);
      if (found.length > limit && last) {
        const next = `/v1/customers/${encodeURIComponent(customerId)}/contacts?after=${last.contactId}&limit=${limit}`;
        reply.header('link', `<${next}>; rel="next"`);
      }
      return { contacts: await deps.viewing.show(contacts, viewerOf(request, whose), `customer-${customerId}`) };
    },
  );
}

function orderContactRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/orders/:id/contact',
    {
      config: { action: 'contact.read' },
      schema: {
        tags: ['orders'],
        summary: 'Whom to ask where the goods of the order go',
        params: OrderPath,
        headers: readHeaders,
        response: answers(ContactDocument),
      },
    },
    async (request) => {
      await minPosition(deps, request, 'orders');
      const status = await deps.orders.statusJson(request.params.id);
      if (!status) throw notFound('order')();
      authorize(request, 'contact.read', { kind: 'order', customerId: status.customerId });
      const { shipTo } = JSON.parse(status.json) as { readonly shipTo?: { readonly contactId?: string } };
      if (shipTo?.contactId === undefined) throw notFound('contact')();
      await minPosition(deps, request, 'contacts');
      return contactOf(deps, request, shipTo.contactId, `order-${status.orderId}`);
    },
  );
}
