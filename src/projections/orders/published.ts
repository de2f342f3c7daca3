import type { PublishedView } from '../projection.ts';

const quantity = (about: string) => ({ about: `Quantity ${about}, in the unit of the line` });

/** Where orders and lines stand now, for tools that speak SQL. */
export const ordersPublished: readonly PublishedView[] = [
  {
    name: 'order_status',
    about: 'One row per order: where it stands now',
    from: 'order_status',
    columns: {
      order_id: { about: 'Order id; joins the views' },
      order_no: { about: 'Human order number' },
      customer_id: { about: 'Customer account' },
      status: { about: 'Display status, e.g. partly-shipped' },
      ordered_on: { about: 'Local date of the order, at the place of delivery' },
      promised_on: { about: 'Latest promised date of its lines' },
      revision: { about: 'Number of its last event' },
    },
  },
  {
    name: 'line_status',
    about: 'One row per order line: how far its quantity has come',
    from: 'order_lines',
    columns: {
      order_id: { about: 'Order id; joins the views' },
      line_no: { about: 'Number of the order line' },
      sku: { about: 'Item' },
      uom: { about: 'UN/ECE unit code' },
      status: { about: 'Status of the line' },
      requested_on: { about: 'Date the customer asked for' },
      promised_on: { about: 'Latest promised date' },
      ordered: quantity('ordered'),
      cancelled: quantity('cancelled'),
      promised: quantity('promised and still open'),
      allocated: quantity('allocated'),
      released: quantity('released'),
      picked: quantity('picked'),
      packed: quantity('packed'),
      shipped: quantity('shipped'),
      delivered: quantity('delivered'),
    },
  },
];
