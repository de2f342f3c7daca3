import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Code } from '../../events/catalog/terms.ts';
import { isUuid } from '../../values/ids.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../http/gate.ts';
import { minPosition } from '../http/positions.ts';

export const OrderPath = Type.Object({
  id: Type.String({ ...Code, description: 'Order id (UUID) or order number', maxLength: 64 }),
});

/**
 * The order id behind an id or an order number. Numbers are found in the read model, as far as `Orderfold-Min-Position`
 * wants it. Throws order-unknown, projection-lagging.
 */
export async function orderIdOf(deps: ApiDependencies, request: FastifyRequest, idOrNumber: string): Promise<string> {
  const id = idOrNumber.toLowerCase();
  if (isUuid(id)) return id;
  await minPosition(deps, request, 'orders');
  const status = await deps.orders.statusJson(idOrNumber);
  if (!status) throw notFound('order')();
  return status.orderId;
}
