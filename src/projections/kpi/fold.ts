import type { EventOf } from '../../events/decode.ts';
import { add, compare, multiply, subtract } from '../../values/decimal.ts';
import type { Handlers } from '../projection.ts';
import type { LineFacts, OrderFacts, ScheduleFacts } from './facts.ts';

/** The stream tells of an order, line or schedule line that was never opened. */
export class InconsistentFacts extends Error {
  override readonly name = 'InconsistentFacts';
  readonly code = 'inconsistent-stream';
}

type Part = { readonly scheduleId: string; readonly qty: { readonly value: string } };

const later = (a: string | undefined, b: string): string => (a === undefined || b > a ? b : a);
const earlier = (a: string | undefined, b: string): string => (a === undefined || b < a ? b : a);

function known(order: OrderFacts | undefined, event: { readonly stream: string; readonly type: string }): OrderFacts {
  if (!order) throw new InconsistentFacts(`${event.type} in ${event.stream} comes before the order was started`);
  return order;
}

/** Changes the named lines; the others keep their identity. */
function eachLine<Entry extends { readonly lineNo: number }>(
  order: OrderFacts,
  entries: readonly Entry[],
  change: (line: LineFacts, entry: Entry) => LineFacts,
): readonly LineFacts[] {
  const lines = [...order.lines];
  for (const entry of entries) {
    const at =
      lines[entry.lineNo - 1]?.lineNo === entry.lineNo
        ? entry.lineNo - 1
        : lines.findIndex((l) => l.lineNo === entry.lineNo);
    const line = lines[at];
    if (!line) throw new InconsistentFacts(`Order ${order.orderNo} has no line ${entry.lineNo}`);
    lines[at] = change(line, entry);
  }
  return lines;
}

function eachPart(line: LineFacts, parts: readonly Part[], change: (s: ScheduleFacts, part: Part) => ScheduleFacts) {
  if (parts.length === 0) return line.schedule;
  const byId = new Map(parts.map((part) => [part.scheduleId, part]));
  return line.schedule.map((s) => {
    const part = byId.get(s.scheduleId);
    return part ? change(s, part) : s;
  });
}

/** What has arrived (or left) makes up the quantity, within the tolerance for short deliveries. */
export const makesUp = (done: string, qty: string, under: string): boolean =>
  compare(done, '0') > 0 &&
  (compare(done, qty) >= 0 || (under !== '0' && compare(subtract(qty, done), multiply(under, qty)) <= 0));

/** Quantity of the line that is still wanted. */
export const wanted = (line: LineFacts): string =>
  line.cancelledByCustomer === undefined && line.cancelledBySupplier === undefined
    ? line.ordered
    : subtract(subtract(line.ordered, line.cancelledByCustomer ?? '0'), line.cancelledBySupplier ?? '0');

function started({ data }: EventOf<'OrderStarted'>): OrderFacts {
  const { orderId, orderNo, customerId, currency, shipTo, channel, incoterm, tolerances, dimensions } = data;
  return {
    orderId,
    orderNo,
    customerId,
    currency,
    zone: shipTo.zone,
    under: tolerances?.under ?? '0',
    lines: [],
    modes: {},
    deliveryErrors: 0,
    ...(shipTo.country !== undefined && { country: shipTo.country }),
    ...(channel !== undefined && { channel }),
    ...(incoterm !== undefined && { incoterm }),
    ...(dimensions !== undefined && { dimensions }),
  };
}

const addedLine = (line: EventOf<'OrderLinesAdded'>['data']['lines'][number]): LineFacts => ({
  lineNo: line.lineNo,
  sku: line.sku,
  ordered: line.qty.value,
  shipped: '0',
  delivered: '0',
  schedule: [],
  ...(line.requestedDate !== undefined && { requestedOn: line.requestedDate }),
  ...(line.quotedAt !== undefined && { quotedAt: line.quotedAt }),
  ...(line.orderedAt !== null && { orderedAt: line.orderedAt }),
  ...(line.dimensions !== undefined && { dimensions: line.dimensions }),
});

function cancelled(order: OrderFacts, { data }: EventOf<'QuantityCancelled'>): OrderFacts {
  const supplier = data.initiator === 'supplier';
  return {
    ...order,
    lines: eachLine(order, data.lines, (line, entry) => ({
      ...line,
      ...(supplier
        ? { cancelledBySupplier: add(line.cancelledBySupplier ?? '0', entry.qty.value) }
        : { cancelledByCustomer: add(line.cancelledByCustomer ?? '0', entry.qty.value) }),
      schedule: eachPart(line, entry.released, (s, part) => ({
        ...s,
        qty: subtract(s.qty, part.qty.value),
        ...(supplier && { short: true as const }),
      })),
    })),
  };
}

function promised(order: OrderFacts, { data }: EventOf<'PromiseCommitted'>): OrderFacts {
  return {
    ...order,
    lines: eachLine(order, data.lines, (line, { scheduleLines }) => ({
      ...line,
      schedule: [
        ...line.schedule,
        ...scheduleLines.map(({ scheduleId, qty, promise }) => ({
          scheduleId,
          qty: qty.value,
          shipped: '0',
          delivered: '0',
          firstPromise: promise,
        })),
      ],
    })),
  };
}

function revised(order: OrderFacts, { data }: EventOf<'PromiseRevised'>): OrderFacts {
  const agreed = data.customerAgreed || data.initiator === 'customer';
  return {
    ...order,
    lines: eachLine(order, data.scheduleLines, (line, { scheduleId, to }) => ({
      ...line,
      schedule: line.schedule.map((s) =>
        s.scheduleId === scheduleId ? { ...s, revisedPromise: to, ...(agreed && { agreedPromise: to }) } : s,
      ),
    })),
  };
}

const withShipment = ({ leftWith = [] }: LineFacts, shipmentId: string): readonly string[] =>
  leftWith.includes(shipmentId) ? leftWith : [...leftWith, shipmentId];

function shipped(order: OrderFacts, { data, metadata }: EventOf<'LinesShipped'>): OrderFacts {
  const at = metadata.occurredAt;
  return {
    ...order,
    modes: data.mode === undefined ? order.modes : { ...order.modes, [data.shipmentId]: data.mode },
    lines: eachLine(order, data.lines, (line, { qty, scheduleLines }) => ({
      ...line,
      shipped: add(line.shipped, qty.value),
      leftWith: withShipment(line, data.shipmentId),
      firstShippedAt: earlier(line.firstShippedAt, at),
      shippedAt: makesUp(line.shipped, wanted(line), order.under) ? (line.shippedAt ?? at) : later(line.shippedAt, at),
      schedule: eachPart(line, scheduleLines, (s, part) => ({
        ...s,
        shipped: add(s.shipped, part.qty.value),
        shippedAt: makesUp(s.shipped, s.qty, order.under) ? (s.shippedAt ?? at) : later(s.shippedAt, at),
      })),
    })),
  };
}

function delivered(order: OrderFacts, { data, metadata }: EventOf<'LinesDelivered'>): OrderFacts {
  const at = metadata.occurredAt;
  const { shipmentId } = data;
  // A shipment may have any name, `constructor` too.
  const mode = Object.hasOwn(order.modes, shipmentId) ? order.modes[shipmentId] : undefined;
  const by = { shipmentId, ...(mode !== undefined && { mode }) };
  const untimed = metadata.reason?.code === 'time-not-known' && { untimed: true as const };
  return {
    ...order,
    lines: eachLine(order, data.lines, (line, { qty, scheduleLines }) => ({
      ...line,
      delivered: add(line.delivered, qty.value),
      leftWith: withShipment(line, shipmentId),
      ...(makesUp(line.delivered, wanted(line), order.under)
        ? {}
        : { ...by, ...untimed, deliveredAt: later(line.deliveredAt, at) }),
      schedule: eachPart(line, scheduleLines, (s, part) => ({
        ...s,
        delivered: add(s.delivered, part.qty.value),
        ...(makesUp(s.delivered, s.qty, order.under) ? {} : { ...by, deliveredAt: later(s.deliveredAt, at) }),
      })),
    })),
  };
}

/** An error counts against the line it names, else against every line that the shipment it names carried any of, else against the order. */
function erroneous(order: OrderFacts, { data }: EventOf<'DeliveryErrorRecorded'>): OrderFacts {
  const { lineNo, shipmentId } = data;
  if (lineNo === undefined && shipmentId === undefined) return { ...order, deliveryErrors: order.deliveryErrors + 1 };
  const concerned = (line: LineFacts): boolean =>
    lineNo === undefined
      ? shipmentId !== undefined && line.leftWith?.includes(shipmentId) === true
      : line.lineNo === lineNo;
  return {
    ...order,
    lines: order.lines.map((line) =>
      concerned(line) ? { ...line, deliveryErrors: (line.deliveryErrors ?? 0) + 1 } : line,
    ),
  };
}

const ended = (order: OrderFacts, at: string, ending: NonNullable<OrderFacts['ending']>): OrderFacts => ({
  ...order,
  endedAt: at,
  ending,
});

export const kpiHandlers: Handlers<OrderFacts> = {
  OrderStarted: (_, event) => started(event),
  OrderLinesAdded: (doc, event) => {
    const order = known(doc, event);
    const lines = [...order.lines, ...event.data.lines.map(addedLine)].sort((a, b) => a.lineNo - b.lineNo);
    return { ...order, lines };
  },
  OrderSubmitted: (doc, event) => ({ ...known(doc, event), submittedAt: event.metadata.occurredAt }),
  OrderAccepted: (doc, event) => ({ ...known(doc, event), acceptedAt: event.metadata.occurredAt }),
  OrderRejected: (doc, event) => ended(known(doc, event), event.metadata.occurredAt, 'rejected'),
  OrderLinesChanged: (doc, event) => {
    const order = known(doc, event);
    const lines = eachLine(order, event.data.lines, (line, { added, requestedDate }) => ({
      ...line,
      ...(added !== undefined && { ordered: add(line.ordered, added.value) }),
      ...(requestedDate !== undefined && { requestedOn: requestedDate }),
    }));
    return { ...order, lines };
  },
  QuantityCancelled: (doc, event) => cancelled(known(doc, event), event),
  OrderCancelled: (doc, event) =>
    ended(known(doc, event), event.metadata.occurredAt, `cancelled-by-${event.data.initiator}`),
  PromiseCommitted: (doc, event) => promised(known(doc, event), event),
  PromiseRevised: (doc, event) => revised(known(doc, event), event),
  LinesShipped: (doc, event) => shipped(known(doc, event), event),
  LinesDelivered: (doc, event) => delivered(known(doc, event), event),
  DeliveryErrorRecorded: (doc, event) => erroneous(known(doc, event), event),
  OrderClosed: (doc, event) => ended(known(doc, event), event.metadata.occurredAt, 'closed'),
  OrderReopened: (doc, event) => {
    const { endedAt: _at, ending: _ending, ...order } = known(doc, event);
    return order;
  },
};
