import type { Queryable } from '../database/database.ts';
import { defineProjection } from './projection.ts';

interface CustomerDoc {
  readonly customerId: string;
  readonly name: string;
  readonly zone: string;
  readonly country?: string;
  readonly group?: string;
  readonly tolerances?: { readonly under: string; readonly over: string };
  readonly registeredAt: string;
}

/** Customer accounts, one row each. */
export const customersProjection = defineProjection<CustomerDoc>({
  name: 'customers',
  version: 1,
  opens: ['CustomerRegistered'],
  kept: {
    table: 'customers',
    key: 'customer_id',
    size: 'doc',
    columns: ['doc'],
    restore: ({ doc }) => JSON.parse(String(doc)) as CustomerDoc,
  },
  keyOf: ({ stream }) => stream.slice('customer-'.length),
  streamOf: ({ customer_id }) => `customer-${customer_id}`,
  handles: {
    CustomerRegistered: (_, { data, metadata }) => ({ ...data, registeredAt: metadata.occurredAt }),
  },
  tables: [
    {
      name: 'customers',
      columns: { customer_id: 'text', name: 'text', country: 'text', doc: 'document' },
      key: ['customer_id'],
      rows: (after) => [
        { customer_id: after.customerId, name: after.name, country: after.country, doc: JSON.stringify(after) },
      ],
    },
  ],
});

export interface CustomerReader {
  customer(customerId: string): Promise<CustomerDoc | undefined>;
  /** In order of customer id, after `after`. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly CustomerDoc[]>;
}

export function createCustomerReader(database: Queryable): CustomerReader {
  const read = async (name: string, text: string, values: readonly unknown[]): Promise<CustomerDoc[]> => {
    const rows = await database.query<{ doc: string }>({ name, text, values });
    return rows.map((row) => JSON.parse(row.doc) as CustomerDoc);
  };
  return {
    customer: async (customerId) => {
      const [found] = await read('customer-by-id', 'select doc from customers where customer_id = $1', [customerId]);
      return found;
    },
    list: ({ after = '', limit }) =>
      read('customer-list', 'select doc from customers where customer_id > $1 order by customer_id limit $2', [
        after,
        limit,
      ]),
  };
}
