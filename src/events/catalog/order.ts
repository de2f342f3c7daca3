import { type Static, Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import {
  Code,
  Currency,
  DeliveryPromise,
  Dimensions,
  Initiator,
  Instant,
  LineNo,
  LocalDate,
  Quantity,
  ScheduleId,
  ShipTo,
  Text,
  Tolerances,
  UnitPrice,
  Zone,
} from './terms.ts';

/** Stream family `order-{orderId}`: one order with its lines, from entry to close. */

const orderNo = Type.String({ description: 'Human order number with its check character', maxLength: 24 });
const many = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Array(item, { minItems: 1, maxItems: 1000 });
const nullableInstant = Type.Union([Instant, Type.Null()]);

export const OrderLine = closed({
  lineNo: LineNo,
  sku: Code,
  description: Type.Optional(Text),
  qty: Quantity,
  requestedDate: Type.Optional(LocalDate),
  unitPrice: Type.Optional(UnitPrice),
  quotedAt: Type.Optional(Instant),
  orderedAt: nullableInstant,
  dimensions: Type.Optional(Dimensions),
});
export type OrderLine = Static<typeof OrderLine>;

/** A part of a schedule line: which promise a quantity is counted against. */
export const SchedulePart = closed({ scheduleId: ScheduleId, qty: Quantity });

export const ScheduleLine = closed({ scheduleId: ScheduleId, qty: Quantity, promise: DeliveryPromise });

export const OrderStarted = defineEvent(
  'OrderStarted',
  1,
  'An order was opened for a customer; it has no lines yet.',
  closed({
    orderId: Type.String({ maxLength: 36 }),
    orderNo,
    customerId: Code,
    customerPo: Type.Optional(Code),
    currency: Currency,
    shipTo: ShipTo,
    channel: Type.Optional(Code),
    incoterm: Type.Optional(Code),
    paymentTerms: Type.Optional(Code),
    tolerances: Type.Optional(Tolerances),
    dimensions: Type.Optional(Dimensions),
  }),
);

export const OrderLinesAdded = defineEvent(
  'OrderLinesAdded',
  1,
  'Lines were added to the order. `orderedAt` is null when received history does not tell when the customer ordered.',
  closed({ orderNo, lines: Type.Array(OrderLine, { minItems: 1, maxItems: 200 }) }),
);

export const OrderSubmitted = defineEvent(
  'OrderSubmitted',
  1,
  'The customer gave the order; from here on it is changed only by agreed changes.',
  closed({ orderNo, lineCount: Type.Integer({ minimum: 1 }) }),
);

export const OrderAccepted = defineEvent('OrderAccepted', 1, 'We confirmed the order.', closed({ orderNo }));

export const OrderRejected = defineEvent('OrderRejected', 1, 'We declined the order.', closed({ orderNo }));

export const HoldType = Type.Union([
  Type.Literal('credit'),
  Type.Literal('validation'),
  Type.Literal('export'),
  Type.Literal('price'),
  Type.Literal('customer'),
  Type.Literal('engineering'),
  Type.Literal('quality'),
  Type.Literal('manual'),
]);

export const HoldPlaced = defineEvent(
  'HoldPlaced',
  1,
  'A hold was placed on the order or one of its lines; it blocks the commands of its type and changes nothing else.',
  closed({
    orderNo,
    holdId: Code,
    holdType: HoldType,
    lineNo: Type.Optional(LineNo),
    expiresAt: Type.Optional(Instant),
  }),
);

export const HoldReleased = defineEvent('HoldReleased', 1, 'A hold was released.', closed({ orderNo, holdId: Code }));

export const OrderLinesChanged = defineEvent(
  'OrderLinesChanged',
  1,
  'Ordered quantities were raised or requested dates moved. A lower quantity is recorded as QuantityCancelled.',
  closed({
    orderNo,
    initiator: Initiator,
    lines: many(
      closed({
        lineNo: LineNo,
        added: Type.Optional(Quantity),
        requestedDate: Type.Optional(LocalDate),
      }),
    ),
  }),
);

export const QuantityCancelled = defineEvent(
  'QuantityCancelled',
  1,
  'Open quantity was cancelled; `released` says which promises it was taken from.',
  closed({
    orderNo,
    lineNo: Type.Optional(LineNo),
    initiator: Initiator,
    lines: many(closed({ lineNo: LineNo, qty: Quantity, released: Type.Array(SchedulePart, { maxItems: 1000 }) })),
  }),
);

export const OrderCancelled = defineEvent(
  'OrderCancelled',
  1,
  'The whole order was cancelled before anything was shipped.',
  closed({ orderNo, initiator: Initiator }),
);

export const PromiseCommitted = defineEvent(
  'PromiseCommitted',
  1,
  'Dates were promised for quantities: new schedule lines, whose first promise stays for ever.',
  closed({ orderNo, lines: many(closed({ lineNo: LineNo, scheduleLines: many(ScheduleLine) })) }),
);

export const PromiseRevised = defineEvent(
  'PromiseRevised',
  1,
  'A promise was moved. It replaces the commit date only if the customer asked for it or agreed to it.',
  closed({
    orderNo,
    initiator: Initiator,
    customerAgreed: Type.Boolean(),
    causeEventId: Type.Optional(Type.String({ maxLength: 36 })),
    scheduleLines: many(closed({ lineNo: LineNo, scheduleId: ScheduleId, from: DeliveryPromise, to: DeliveryPromise })),
  }),
);

export const LinesShipped = defineEvent(
  'LinesShipped',
  1,
  'Goods left: quantities of lines in one shipment, counted against their promises; `unpromised` had none.',
  closed({
    orderNo,
    shipmentId: Code,
    carrier: Type.Optional(Code),
    tracking: Type.Optional(Code),
    mode: Type.Optional(Code),
    zone: Type.Optional(Zone),
    lines: many(
      closed({
        lineNo: LineNo,
        qty: Quantity,
        scheduleLines: Type.Array(SchedulePart, { maxItems: 1000 }),
        unpromised: Type.Optional(Quantity),
      }),
    ),
  }),
);

export const LinesDelivered = defineEvent(
  'LinesDelivered',
  1,
  'The customer received quantities of one shipment.',
  closed({
    orderNo,
    shipmentId: Code,
    lines: many(closed({ lineNo: LineNo, qty: Quantity, scheduleLines: Type.Array(SchedulePart, { maxItems: 1000 }) })),
  }),
);

export const DeliveryErrorRecorded = defineEvent(
  'DeliveryErrorRecorded',
  1,
  'A delivery was not as ordered: wrong item, damage, or wrong or missing documents.',
  closed({
    orderNo,
    errorId: Code,
    kind: Type.Union([Type.Literal('wrong-item'), Type.Literal('damage'), Type.Literal('documents')]),
    lineNo: Type.Optional(LineNo),
    shipmentId: Type.Optional(Code),
    qty: Type.Optional(Quantity),
    note: Type.Optional(Text),
  }),
);

export const OrderClosed = defineEvent(
  'OrderClosed',
  1,
  'Nothing is open any more; the order is done.',
  closed({ orderNo }),
);

export const OrderReopened = defineEvent('OrderReopened', 1, 'A closed order was opened again.', closed({ orderNo }));

export const orderEvents = [
  OrderStarted,
  OrderLinesAdded,
  OrderSubmitted,
  OrderAccepted,
  OrderRejected,
  HoldPlaced,
  HoldReleased,
  OrderLinesChanged,
  QuantityCancelled,
  OrderCancelled,
  PromiseCommitted,
  PromiseRevised,
  LinesShipped,
  LinesDelivered,
  DeliveryErrorRecorded,
  OrderClosed,
  OrderReopened,
] as const;

export type OrderFact = FactOf<(typeof orderEvents)[number]>;
