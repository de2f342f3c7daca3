import type { House } from '../main/compose.ts';
import { isUuid } from '../values/ids.ts';
import { UsageError } from './exit.ts';

/** The id of the order with this id or number. Throws UsageError. */
export async function orderNamed({ orders }: Pick<House, 'orders'>, name: string): Promise<string> {
  if (isUuid(name.toLowerCase())) return name.toLowerCase();
  const status = await orders.statusJson(name);
  if (status) return status.orderId;
  throw new UsageError(`There is no order ${name}.`);
}
