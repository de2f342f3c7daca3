import type { Static } from 'typebox';
import type { OrderFact, OrderLine } from '../../events/catalog/index.ts';
import type { HoldType, ScheduleLine } from '../../events/catalog/order.ts';
import type { LineLedger } from './ledger.ts';

type Data<Name extends OrderFact['type']> = Extract<OrderFact, { type: Name }>['data'];
export type Promised = Static<typeof ScheduleLine>['promise'];

/** The commercial facet. `new` is an order that does not exist yet; rejected and cancelled are final. */
export type Commercial = 'new' | 'draft' | 'submitted' | 'accepted' | 'closed' | 'rejected' | 'cancelled';

export interface ScheduleLineState {
  readonly scheduleId: string;
  /** Promised quantity, less what was cancelled; shipped quantity stays in it. */
  readonly qty: string;
  readonly shipped: string;
  readonly delivered: string;
  /** Never changes. */
  readonly firstPromise: Promised;
  readonly currentPromise: Promised;
  /** The first promise, replaced only by revisions that the customer asked for or agreed to. */
  readonly commitPromise: Promised;
}

export interface OrderLineState {
  readonly lineNo: number;
  readonly sku: string;
  readonly description?: string;
  readonly uom: string;
  readonly ledger: LineLedger;
  readonly requestedDate?: string;
  readonly unitPrice?: OrderLine['unitPrice'];
  readonly quotedAt?: string;
  readonly orderedAt: string | null;
  readonly dimensions?: OrderLine['dimensions'];
  /** In order of their running number; one that was cancelled stays with quantity 0. */
  readonly scheduleLines: readonly ScheduleLineState[];
}

export interface Hold {
  readonly holdId: string;
  readonly holdType: Static<typeof HoldType>;
  /** The whole order, if left out. */
  readonly lineNo?: number;
  readonly expiresAt?: string;
  readonly placedAt: string;
}

export interface ShipmentLine {
  readonly lineNo: number;
  readonly qty: string;
  readonly delivered: string;
  /** What is counted against promises, with the delivered part of it. */
  readonly scheduleLines: readonly { readonly scheduleId: string; readonly qty: string; readonly delivered: string }[];
}

export interface Shipment {
  readonly shipmentId: string;
  readonly shippedAt: string;
  readonly carrier?: string;
  readonly tracking?: string;
  readonly mode?: string;
  readonly zone?: string;
  readonly lines: readonly ShipmentLine[];
}

export type DeliveryError = Omit<Data<'DeliveryErrorRecorded'>, 'orderNo'> & { readonly occurredAt: string };

/** An order: independent facets (commercial, holds, quantities of its lines); the display status derives from them. */
export interface OrderState {
  readonly orderId: string;
  readonly orderNo: string;
  readonly customerId: string;
  readonly customerPo?: string;
  readonly currency: string;
  readonly shipTo: Data<'OrderStarted'>['shipTo'];
  readonly channel?: string;
  readonly incoterm?: string;
  readonly paymentTerms?: string;
  /** Fractions of the ordered quantity. */
  readonly tolerances: { readonly under: string; readonly over: string };
  readonly dimensions?: Data<'OrderStarted'>['dimensions'];
  readonly commercial: Commercial;
  readonly startedAt?: string;
  readonly submittedAt?: string;
  readonly acceptedAt?: string;
  /** When it was closed, rejected or cancelled; absent again after a reopening. */
  readonly endedAt?: string;
  /** In order of line number. */
  readonly lines: readonly OrderLineState[];
  readonly holds: readonly Hold[];
  readonly shipments: readonly Shipment[];
  readonly deliveryErrors: readonly DeliveryError[];
}

export const noOrder: OrderState = {
  orderId: '',
  orderNo: '',
  customerId: '',
  currency: '',
  shipTo: { zone: 'UTC' },
  tolerances: { under: '0', over: '0' },
  commercial: 'new',
  lines: [],
  holds: [],
  shipments: [],
  deliveryErrors: [],
};

/** Place of a line number in the ordered lines, or -1. */
export function lineIndex(lines: readonly { readonly lineNo: number }[], lineNo: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = lines[middle]?.lineNo ?? 0;
    if (found === lineNo) return middle;
    if (found < lineNo) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export const lineOf = (state: OrderState, lineNo: number): OrderLineState | undefined =>
  state.lines[lineIndex(state.lines, lineNo)];
