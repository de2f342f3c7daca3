import { Type } from 'typebox';
import { Code } from '../../events/catalog/terms.ts';
import { isUuid } from '../../values/ids.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../http/gate.ts';

export const OrderPath = Type.Object({
  id: Type.String({ ...Code, description: 'Order id (UUID) or order number', maxLength: 64 }),
});

/** The order id behind an id or an order number; numbers are found in the read model. Throws order-not-found. */
export async function orderIdOf(deps: ApiDependencies, idOrNumber: string): Promise<string> {
  if (isUuid(idOrNumber)) return idOrNumber;
  const status = await deps.orders.statusJson(idOrNumber);
  if (!status) throw notFound('order')();
  return status.orderId;
}
