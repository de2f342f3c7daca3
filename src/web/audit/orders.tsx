/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import type { OrderSummary } from '../../projections/orders/search.ts';
import { Field } from '../analytics/field.tsx';
import type { Assets } from '../analytics/page.tsx';
import { nothing } from '../analytics/words.ts';
import { AuditPage } from './layout.tsx';
import { orderHistoryPath } from './links.ts';

/** An order as the list shows it. */
export type FoundOrder = Omit<OrderSummary, 'version'>;

export interface OrderSearch {
  readonly orderNo?: string;
  readonly customerId?: string;
  readonly customerPo?: string;
}

export interface OrderSearchProps {
  readonly search: OrderSearch;
  readonly orders: readonly FoundOrder[];
  /** The address of the next page. */
  readonly next?: string;
  readonly assets: Assets;
}

const fields = [
  { name: 'orderNo', label: 'Order number' },
  { name: 'customerId', label: 'Customer' },
  { name: 'customerPo', label: "Customer's order number" },
] as const;

/** Finds the order whose history is to be seen. */
export const OrderSearchPage = ({ search, orders, next, assets }: OrderSearchProps): VNode => (
  <AuditPage
    title="Orders"
    about="Open an order to see everything that happened to it, and how it stood at any moment."
    section="/audit"
    assets={assets}
  >
    <form class="filters panel" method="get" action="/audit" aria-label="Find an order">
      {fields.map(({ name, label }) => (
        <Field key={name} id={name} label={label}>
          <input id={name} name={name} value={search[name] ?? ''} maxlength={120} />
        </Field>
      ))}
      <div class="actions">
        <button type="submit">Find</button>
        <a href="/audit">Reset</a>
      </div>
    </form>
    {orders.length === 0 ? <p class="empty">No order is like that.</p> : <OrderTable orders={orders} />}
    {next !== undefined && (
      <p>
        <a href={next}>More orders</a>
      </p>
    )}
  </AuditPage>
);

const OrderTable = ({ orders }: { readonly orders: readonly FoundOrder[] }): VNode => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Customer</th>
          <th scope="col">Customer's number</th>
          <th scope="col">Status</th>
          <th scope="col">Ordered</th>
          <th scope="col">Promised</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.orderId}>
            <th scope="row">
              <a href={orderHistoryPath(order.orderId)}>{order.orderNo}</a>
            </th>
            <td>{order.customerId}</td>
            <td>{order.customerPo ?? nothing}</td>
            <td>{order.status.replaceAll('-', ' ')}</td>
            <td>{order.orderedOn}</td>
            <td>{order.promisedOn ?? nothing}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
