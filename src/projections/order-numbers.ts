import type { Queryable } from '../database/database.ts';

/** The numbers by which people know orders, as far as the read model has them. Id -> number. */
export async function orderNumbersOf(
  database: Queryable,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (orderIds.length === 0) return new Map();
  const [there] = await database.query<{ known: boolean }>({
    text: `select to_regclass('order_status') is not null as known`,
  });
  if (!there?.known) return new Map();
  const rows = await database.query<{ order_id: string; order_no: string }>({
    text: 'select order_id, order_no from order_status where order_id = any($1::text[])',
    values: [[...new Set(orderIds)]],
  });
  return new Map(rows.map(({ order_id, order_no }) => [order_id, order_no]));
}
