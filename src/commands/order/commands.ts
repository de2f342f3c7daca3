import { type Static, Type } from 'typebox';
import { closed } from '../../events/catalog/definition.ts';
import { HoldType, OrderLine } from '../../events/catalog/order.ts';
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
  Zone,
} from '../../events/catalog/terms.ts';

/** What may be asked of an order. Each schema is the HTTP body of its command as well. */

const many = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Array(item, { minItems: 1, maxItems: 1000 });
const initiator = Type.Optional(Initiator);

const RequestedLine = closed({
  ...OrderLine.properties,
  lineNo: Type.Optional(LineNo),
  /** When the customer ordered this line; the command's own time if left out, null if not known (received history). */
  orderedAt: Type.Optional(Type.Union([Instant, Type.Null()])),
});

export const PlaceOrder = closed({
  customerId: Code,
  customerPo: Type.Optional(Code),
  currency: Currency,
  shipTo: Type.Optional(ShipTo),
  channel: Type.Optional(Code),
  incoterm: Type.Optional(Code),
  paymentTerms: Type.Optional(Code),
  tolerances: Type.Optional(Tolerances),
  dimensions: Type.Optional(Dimensions),
  lines: many(RequestedLine),
});

export const AcceptOrder = closed({});
export const RejectOrder = closed({});

export const PlaceHold = closed({
  holdType: HoldType,
  holdId: Type.Optional(Code),
  lineNo: Type.Optional(LineNo),
  expiresAt: Type.Optional(Instant),
});

export const ReleaseHold = closed({ holdId: Code });

export const ChangeLines = closed({
  initiator,
  add: Type.Optional(Type.Array(RequestedLine, { maxItems: 1000 })),
  change: Type.Optional(
    Type.Array(
      closed({
        lineNo: LineNo,
        /** The new ordered quantity of the line, net of what was cancelled before. */
        qty: Type.Optional(Quantity),
        requestedDate: Type.Optional(LocalDate),
      }),
      { maxItems: 1000 },
    ),
  ),
});

export const CancelLine = closed({ lineNo: LineNo, qty: Type.Optional(Quantity), initiator });
export const CancelOrder = closed({ initiator });

/** New schedule lines for quantities without a promise, or another date for existing schedule lines. */
export const PromiseDates = closed({
  initiator,
  customerAgreed: Type.Optional(Type.Boolean()),
  commit: Type.Optional(
    Type.Array(closed({ lineNo: LineNo, qty: Type.Optional(Quantity), promise: DeliveryPromise }), { maxItems: 1000 }),
  ),
  revise: Type.Optional(
    Type.Array(closed({ lineNo: LineNo, scheduleId: Type.Optional(ScheduleId), promise: DeliveryPromise }), {
      maxItems: 1000,
    }),
  ),
});

export const ShipLines = closed({
  shipmentId: Type.Optional(Code),
  carrier: Type.Optional(Code),
  tracking: Type.Optional(Code),
  mode: Type.Optional(Code),
  zone: Type.Optional(Zone),
  lines: many(closed({ lineNo: LineNo, qty: Type.Optional(Quantity), scheduleId: Type.Optional(ScheduleId) })),
});

export const DeliverLines = closed({
  shipmentId: Code,
  /** Everything of the shipment that is still under way, if left out. */
  lines: Type.Optional(many(closed({ lineNo: LineNo, qty: Type.Optional(Quantity) }))),
});

export const RecordDeliveryError = closed({
  kind: Type.Union([Type.Literal('wrong-item'), Type.Literal('damage'), Type.Literal('documents')]),
  errorId: Type.Optional(Code),
  lineNo: Type.Optional(LineNo),
  shipmentId: Type.Optional(Code),
  qty: Type.Optional(Quantity),
  note: Type.Optional(Text),
});

export const CloseOrder = closed({});
export const ReopenOrder = closed({});

/** Command name -> schema of its body. The name is the `kind` of the command and the word of `allowedCommands`. */
export const orderCommands = {
  place: PlaceOrder,
  accept: AcceptOrder,
  reject: RejectOrder,
  hold: PlaceHold,
  'release-hold': ReleaseHold,
  'change-lines': ChangeLines,
  'cancel-line': CancelLine,
  cancel: CancelOrder,
  promise: PromiseDates,
  ship: ShipLines,
  deliver: DeliverLines,
  'record-delivery-error': RecordDeliveryError,
  close: CloseOrder,
  reopen: ReopenOrder,
} as const;

export type OrderCommandName = keyof typeof orderCommands;

/** The customer as registered; its zone, country and tolerances hold unless the order says otherwise. */
export interface RegisteredCustomer {
  readonly customerId: string;
  readonly zone: string;
  readonly country?: string;
  readonly tolerances?: Static<typeof Tolerances>;
}

/** What the handler adds to a `place` command: ids drawn before the decision, and customer and contact as they are known. */
export interface PlacementContext {
  readonly orderId: string;
  readonly orderNo: string;
  readonly customer: RegisteredCustomer | undefined;
  /** The contact at the ship-to, if the order names one that exists. */
  readonly contact?: { readonly customerId: string; readonly removed: boolean } | undefined;
}

export type OrderCommand = {
  [Name in OrderCommandName]: {
    readonly kind: Name;
    readonly body: Static<(typeof orderCommands)[Name]>;
  } & (Name extends 'place' ? { readonly placement: PlacementContext } : unknown);
}[OrderCommandName];
