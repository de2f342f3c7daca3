import { evolve } from '../../commands/order/evolve.ts';
import { noOrder, type OrderLineState, type OrderState } from '../../commands/order/state.ts';
import { lineStatus } from '../../commands/order/status.ts';
import type { OrderFact } from '../../events/catalog/index.ts';
import { orderEvents } from '../../events/catalog/order.ts';
import type { DomainEvent } from '../../events/decode.ts';
import type { Position, Revision } from '../../events/envelope.ts';
import { localDateOf } from '../../values/dates.ts';
import { defineProjection, type Handlers, type Row } from '../projection.ts';
import { type OrderDocument, orderDocument, restoreOrder } from './document.ts';
import { ordersPublished } from './published.ts';

/** The folded order, and the last event in it. */
interface FoldedOrder {
  readonly state: OrderState;
  readonly revision: Revision;
  readonly position: Position;
}

type OrderEvent = Extract<DomainEvent, { type: OrderFact['type'] }>;

const fold = (doc: FoldedOrder | undefined, event: DomainEvent): FoldedOrder => ({
  state: evolve(doc?.state ?? noOrder, event as OrderEvent, event.metadata),
  revision: event.revision,
  position: event.position,
});

/** The aggregate's own fold: the read model cannot interpret an event differently from the command side. */
const handles = Object.fromEntries(orderEvents.map(({ type }) => [type, fold])) as Handlers<FoldedOrder>;

/** Local day on which the order was given; before that, on which it was started. */
function orderedOn({ submittedAt, startedAt, shipTo }: OrderState): string | undefined {
  const at = submittedAt ?? startedAt;
  return at === undefined ? undefined : localDateOf(at, shipTo.zone);
}

const latest = (dates: readonly (string | undefined)[]): string | undefined =>
  dates.reduce((last, date) => (last === undefined || (date !== undefined && date > last) ? date : last), undefined);

const promisedOn = (line: OrderLineState): string | undefined =>
  latest(line.scheduleLines.filter(({ qty }) => qty !== '0').map(({ currentPromise }) => currentPromise.deliverOn));

function statusRow({ state, revision, position }: FoldedOrder): Row {
  const document = orderDocument(state, revision);
  return {
    order_id: state.orderId,
    order_no: state.orderNo,
    customer_id: state.customerId,
    customer_po: state.customerPo,
    status: document.status,
    ordered_on: orderedOn(state),
    promised_on: latest(state.lines.map(promisedOn)),
    revision,
    position,
    doc: JSON.stringify(document),
  };
}

const lineRow = (state: OrderState, line: OrderLineState): Row => ({
  order_id: state.orderId,
  line_no: line.lineNo,
  sku: line.sku,
  uom: line.uom,
  status: lineStatus(line, state.tolerances),
  requested_on: line.requestedDate,
  promised_on: promisedOn(line),
  ordered: line.ledger.ordered,
  cancelled: line.ledger.cancelled,
  promised: line.ledger.promised,
  allocated: line.ledger.allocated,
  released: line.ledger.released,
  picked: line.ledger.picked,
  packed: line.ledger.packed,
  shipped: line.ledger.shipped,
  delivered: line.ledger.delivered,
});

/** How far the quantity has come; the other buckets of the ledger are in the document of the order. */
const ledgerBuckets = {
  ordered: 'numeric',
  cancelled: 'numeric',
  promised: 'numeric',
  allocated: 'numeric',
  released: 'numeric',
  picked: 'numeric',
  packed: 'numeric',
  shipped: 'numeric',
  delivered: 'numeric',
} as const;

/** Everything a status lookup or a search needs: one row per order, one per line with its quantity ledger. */
export const ordersProjection = defineProjection<FoldedOrder>({
  name: 'orders',
  version: 1,
  published: ordersPublished,
  handles,
  opens: ['OrderStarted'],
  keyOf: ({ stream }) => stream.slice('order-'.length),
  streamOf: ({ order_id }) => `order-${order_id}`,
  kept: {
    table: 'order_status',
    key: 'order_id',
    size: 'doc',
    columns: ['doc', 'revision', 'position'],
    restore: ({ doc, revision, position }) => ({
      state: restoreOrder(JSON.parse(String(doc)) as OrderDocument),
      revision: Number(revision),
      position: String(position),
    }),
  },
  tables: [
    {
      name: 'order_status',
      columns: {
        order_id: 'text',
        order_no: 'text',
        customer_id: 'text',
        customer_po: 'text',
        status: 'text',
        ordered_on: 'date',
        promised_on: 'date',
        revision: 'integer',
        position: 'text',
        doc: 'document',
      },
      key: ['order_id'],
      undigested: ['position'],
      indexes: [
        'order_no',
        'position',
        'customer_po',
        'ordered_on, order_id',
        'customer_id, ordered_on, order_id',
        'status, ordered_on, order_id',
      ],
      rows: (after, before) => (after === before ? [] : [statusRow(after)]),
    },
    {
      name: 'order_lines',
      columns: {
        order_id: 'text',
        line_no: 'integer',
        sku: 'text',
        uom: 'text',
        status: 'text',
        requested_on: 'date',
        promised_on: 'date',
        ...ledgerBuckets,
      },
      key: ['order_id', 'line_no'],
      indexes: ['sku, order_id'],
      rows: ({ state }, before) =>
        state.lines.filter((line, at) => line !== before?.state.lines[at]).map((line) => lineRow(state, line)),
    },
  ],
});
