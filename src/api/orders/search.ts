import { Type } from 'typebox';
import { Code, LocalDate } from '../../events/catalog/terms.ts';
import type { OrderQuery } from '../../projections/orders/search.ts';
import { parseLocalDate } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nextAddress } from '../http/addresses.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';

const Query = Type.Object(
  {
    orderNo: Type.Optional(Code),
    customerId: Type.Optional(Code),
    customerPo: Type.Optional(Code),
    sku: Type.Optional(Code),
    status: Type.Optional(
      Type.String({ description: 'Display status, e.g. partly-shipped', pattern: '^[a-z-]+$', maxLength: 40 }),
    ),
    orderedFrom: Type.Optional(LocalDate),
    orderedTo: Type.Optional(LocalDate),
    cursor: Type.Optional(
      Type.String({ description: 'From the Link of the page before', minLength: 1, maxLength: 1000 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

const Page = Type.Object({
  orders: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 200 }),
  next: Type.Optional(Type.String({ description: 'Cursor of the next page', maxLength: 1000 })),
});

/** GET /v1/orders: search with a keyset cursor, newest first. */
export function orderSearchRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/orders',
    {
      config: { action: 'order.read' },
      schema: {
        tags: ['orders'],
        summary: 'Find orders',
        querystring: Query,
        headers: readHeaders,
        response: answers(Page),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'orders');
      const { limit = 50, ...filters } = request.query;
      for (const name of ['orderedFrom', 'orderedTo'] as const) {
        const date = filters[name];
        if (date !== undefined) at(`?/${name}`, () => parseLocalDate(date));
      }
      const own = request.principal?.customerId;
      tellPosition(deps, reply, 'orders');
      if (own !== undefined && filters.customerId !== undefined && filters.customerId !== own) return { orders: [] };
      const query: OrderQuery = { ...filters, ...(own !== undefined && { customerId: own }), limit };
      const page = await deps.orders.search(query);
      if (page.next === undefined) return { orders: page.items };
      reply.header('link', `<${nextAddress(request.url, 'cursor', page.next)}>; rel="next"`);
      return { orders: page.items, next: page.next };
    },
  );
}
