import type { PublishedView } from '../projection.ts';
import { type Basis, bases } from './outcome.ts';

/** The facts of orders, lines and schedule lines for tools that speak SQL. */

type Columns = PublishedView['columns'];

const targets: Readonly<Record<Basis, string>> = {
  request: 'the customer asked for',
  first_promise: 'was promised first',
  commit: 'is committed (first promise, replaced only with the consent of the customer)',
  last_promise: 'was promised last',
  ship: 'was planned for the departure',
};

/** On time, late, or not known yet; what is open and overdue is late. */
const onTime = (basis: Basis): string => {
  const done = basis === 'ship' ? 'shipped_on' : 'completed_on';
  return `case when u.${basis}_on is null or not u.counted then null
               when u.${done} is not null then u.${basis}_missed is null
               when u.${basis}_missed < current_date then false end`;
};

const outcomes: Columns = Object.fromEntries([
  ...bases.map((basis) => [
    `${basis}_on`,
    { sql: `u.${basis}_on`, about: `Local date that ${targets[basis]}; of the latest part` },
  ]),
  ...bases.map((basis) => [
    `on_time_${basis}`,
    {
      sql: onTime(basis),
      about: `Whether everything came by the date that ${targets[basis]}; null while it is not due`,
    },
  ]),
  ['completed_at', { sql: 'u.completed_at', about: 'Instant of the delivery that made it complete' }],
  ['completed_on', { sql: 'u.completed_on', about: 'Local date of that delivery, at the place of delivery' }],
  ['shipped_on', { sql: 'u.shipped_on', about: 'Local date on which the last part left' }],
  [
    'in_full',
    {
      sql: 'u.in_full',
      about: 'Whether the delivered quantity is the ordered one, within tolerance; null while incomplete',
    },
  ],
]);

const counted = { sql: 'u.counted', about: 'False for what no KPI counts: rejected, or cancelled by the customer' };
const errors = { sql: 'u.delivery_errors', about: 'Recorded delivery errors: wrong item, damage, documents' };
const orderId = { sql: 'u.order_id', about: 'Order id; joins the views' };
const lineNo = { sql: 'u.line_no', about: 'Number of the order line' };
const mode = { sql: 'u.mode', about: 'Transport mode' };
const shipment = { sql: 'u.shipment_id', about: 'Shipment that completed it' };
const days = (from: string): string => `(extract(epoch from (u.completed_at - u.${from})) / 86400)::double precision`;

const ofOrder: Columns = {
  order_no: { sql: 'o.order_no', about: 'Human order number' },
  customer_id: { sql: 'o.customer_id', about: 'Customer account' },
  country: { sql: 'o.country', about: 'Country of the place of delivery' },
  channel: { sql: 'o.channel', about: 'Channel by which the order came' },
  currency: { sql: 'o.currency', about: 'ISO 4217 currency of the order' },
  incoterm: { sql: 'o.incoterm', about: 'Incoterm' },
};

const orders: PublishedView = {
  name: 'orders',
  about: 'One row per order: milestones, targets by five bases, and how it came out',
  from: 'kpi_orders u join kpi_orders o using (order_id)',
  columns: {
    order_id: { ...orderId, sql: 'order_id' },
    ...ofOrder,
    line_count: { sql: 'u.lines', about: 'Number of order lines' },
    counted,
    ending: {
      sql: 'u.ending',
      about: 'closed, rejected, cancelled-by-customer or cancelled-by-supplier; null while open',
    },
    quoted_at: { sql: 'u.quoted_at', about: 'First quote' },
    ordered_at: { sql: 'u.ordered_at', about: 'When the customer ordered' },
    submitted_at: { sql: 'u.submitted_at', about: 'When the order was submitted' },
    accepted_at: { sql: 'u.accepted_at', about: 'When we confirmed it' },
    first_shipped_at: { sql: 'u.first_shipped_at', about: 'When the first part left' },
    ended_at: { sql: 'u.ended_at', about: 'When it was closed, cancelled or rejected' },
    delivery_errors: errors,
    ...outcomes,
    cycle_days: { sql: days('ordered_at'), about: 'Last delivery less order, in days; null while incomplete' },
    quote_to_delivery_days: { sql: days('quoted_at'), about: 'Last delivery less quote, in days' },
  },
};

const lines: PublishedView = {
  name: 'order_lines',
  about: 'One row per order line: quantities, targets, and how it came out',
  from: 'kpi_lines u join kpi_orders o using (order_id)',
  columns: {
    order_id: { ...orderId, sql: 'order_id' },
    line_no: lineNo,
    ...ofOrder,
    sku: { sql: 'u.sku', about: 'Item' },
    mode,
    shipment_id: shipment,
    counted,
    ordered: { sql: 'u.ordered', about: 'Quantity after changes by the customer, in the unit of the line' },
    cancelled_by_customer: { sql: 'u.cancelled_by_customer', about: 'Quantity' },
    cancelled_by_supplier: { sql: 'u.cancelled_by_supplier', about: 'Quantity' },
    shipped: { sql: 'u.shipped', about: 'Quantity' },
    delivered: { sql: 'u.delivered', about: 'Quantity' },
    quoted_at: { sql: 'u.quoted_at', about: 'Quote of the line' },
    ordered_at: { sql: 'u.ordered_at', about: 'When the customer ordered the line' },
    first_shipped_at: { sql: 'u.first_shipped_at', about: 'When the first part left' },
    delivery_errors: errors,
    ...outcomes,
    cycle_days: { sql: days('ordered_at'), about: 'Last delivery less order, in days; null while incomplete' },
    quote_to_delivery_days: { sql: days('quoted_at'), about: 'Last delivery less quote, in days' },
  },
};

const scheduleLines: PublishedView = {
  name: 'schedule_lines',
  about: 'One row per schedule line, the quantity that was promised for a date: the unit of on-time KPIs',
  from: 'kpi_schedule_lines u join kpi_orders o using (order_id)',
  columns: {
    order_id: { ...orderId, sql: 'order_id' },
    line_no: lineNo,
    schedule_id: { sql: 'u.schedule_id', about: 'Schedule line: line number, dot, running number' },
    ...ofOrder,
    mode,
    shipment_id: shipment,
    counted,
    qty: { sql: 'u.qty', about: 'Promised quantity' },
    shipped: { sql: 'u.shipped', about: 'Quantity' },
    delivered: { sql: 'u.delivered', about: 'Quantity' },
    delivery_errors: errors,
    ...outcomes,
  },
};

const dimensions = (name: string, table: string, of: string, key: Columns): PublishedView => ({
  name,
  about: `Free dimensions of ${of}, a row for each`,
  from: `${table} u, lateral jsonb_each_text(u.dimensions) d`,
  columns: {
    ...key,
    dimension: { sql: 'd.key', about: 'Name' },
    value: { sql: 'd.value', about: 'Value' },
  },
});

export const kpiPublished: readonly PublishedView[] = [
  orders,
  lines,
  scheduleLines,
  dimensions('order_dimensions', 'kpi_orders', 'orders', { order_id: orderId }),
  dimensions('line_dimensions', 'kpi_lines', 'order lines', { order_id: orderId, line_no: lineNo }),
];
