import type { Queryable } from '../../database/database.ts';
import { readCursor, writeCursor } from './cursor.ts';

export interface OrderFilters {
  readonly orderNo?: string;
  readonly customerId?: string;
  readonly customerPo?: string;
  /** Item on at least one line. */
  readonly sku?: string;
  readonly status?: string;
  /** Local dates of the order, both inclusive. */
  readonly orderedFrom?: string;
  readonly orderedTo?: string;
}

export interface OrderQuery extends OrderFilters {
  /** Opaque, from the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface OrderSummary {
  readonly orderId: string;
  readonly orderNo: string;
  readonly customerId: string;
  readonly customerPo: string | null;
  readonly status: string;
  readonly orderedOn: string;
  /** Last current promise of all lines. */
  readonly promisedOn: string | null;
  readonly version: number;
}

export interface OrderPage {
  readonly items: readonly OrderSummary[];
  readonly next?: string;
}

const conditions: Readonly<Record<keyof OrderFilters, (parameter: string) => string>> = {
  orderNo: (p) => `s.order_no = ${p}`,
  customerId: (p) => `s.customer_id = ${p}`,
  customerPo: (p) => `s.customer_po = ${p}`,
  sku: (p) => `exists (select from order_lines l where l.order_id = s.order_id and l.sku = ${p})`,
  status: (p) => `s.status = ${p}`,
  orderedFrom: (p) => `s.ordered_on >= ${p}::date`,
  orderedTo: (p) => `s.ordered_on <= ${p}::date`,
};

/** Orders that fit all filters, newest first. Throws InvalidValue `malformed-cursor`. */
export async function searchOrders(database: Queryable, { cursor, limit, ...given }: OrderQuery): Promise<OrderPage> {
  const names = (Object.keys(conditions) as (keyof OrderFilters)[]).filter((name) => given[name] !== undefined);
  const filters = Object.fromEntries(names.map((name) => [name, given[name]]));
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const wanted = names.map((name) => conditions[name](parameter(given[name])));
  if (cursor !== undefined) {
    const place = readCursor(cursor, filters);
    wanted.push(`(s.ordered_on, s.order_id) < (${parameter(place.orderedOn)}::date, ${parameter(place.orderId)})`);
  }
  const rows = await database.query<OrderSummary>({
    text: `select s.order_id as "orderId", s.order_no as "orderNo", s.customer_id as "customerId",
                  s.customer_po as "customerPo", s.status, s.ordered_on::text as "orderedOn",
                  s.promised_on::text as "promisedOn", s.revision as version
           from order_status s ${wanted.length > 0 ? `where ${wanted.join(' and ')}` : ''}
           order by s.ordered_on desc, s.order_id desc limit ${parameter(limit + 1)}`,
    values,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: writeCursor(last, filters) } : { items };
}
