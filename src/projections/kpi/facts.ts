import type { Static } from 'typebox';
import type { DeliveryPromise } from '../../events/catalog/terms.ts';
import type { Instant, LocalDate } from '../../values/dates.ts';
import type { Decimal } from '../../values/decimal.ts';

/** What KPIs need to know of an order, and nothing else. Quantities are decimals in the unit of the line. */

export type Promised = Static<typeof DeliveryPromise>;
type Dimensions = Readonly<Record<string, string>>;

/** A promised quantity, and what became of it. */
export interface ScheduleFacts {
  readonly scheduleId: string;
  /** Less what was cancelled. */
  readonly qty: Decimal;
  /** We took a part of it away ourselves: it cannot be in full any more. */
  readonly short?: true;
  readonly shipped: Decimal;
  readonly delivered: Decimal;
  readonly firstPromise: Promised;
  /** The latest revision that the customer asked for or agreed to; the commit date is the first promise if there is none. */
  readonly agreedPromise?: Promised;
  /** The latest revision, whoever made it. */
  readonly revisedPromise?: Promised;
  /** Of the last part that was needed to complete it. */
  readonly shippedAt?: Instant;
  readonly deliveredAt?: Instant;
  readonly shipmentId?: string;
  readonly mode?: string;
}

export interface LineFacts {
  readonly lineNo: number;
  readonly sku: string;
  readonly ordered: Decimal;
  readonly cancelledByCustomer?: Decimal;
  readonly cancelledBySupplier?: Decimal;
  readonly shipped: Decimal;
  readonly delivered: Decimal;
  readonly requestedOn?: LocalDate;
  readonly quotedAt?: Instant;
  readonly orderedAt?: Instant;
  readonly dimensions?: Dimensions;
  readonly firstShippedAt?: Instant;
  readonly shippedAt?: Instant;
  readonly deliveredAt?: Instant;
  /** Nobody wrote down when a part of it arrived: `deliveredAt` stands in for that. */
  readonly untimed?: true;
  readonly shipmentId?: string;
  readonly mode?: string;
  readonly deliveryErrors?: number;
  /** Every shipment that carried any of it: an error may name the shipment only. */
  readonly leftWith?: readonly string[];
  readonly schedule: readonly ScheduleFacts[];
}

export interface OrderFacts {
  readonly orderId: string;
  readonly orderNo: string;
  readonly customerId: string;
  readonly country?: string;
  readonly channel?: string;
  readonly currency: string;
  readonly incoterm?: string;
  /** Of the ship-to. */
  readonly zone: string;
  /** Fraction of the ordered quantity by which a delivery may be short and still be in full. */
  readonly under: Decimal;
  readonly dimensions?: Dimensions;
  readonly submittedAt?: Instant;
  readonly acceptedAt?: Instant;
  readonly endedAt?: Instant;
  readonly ending?: 'closed' | 'rejected' | 'cancelled-by-customer' | 'cancelled-by-supplier';
  readonly lines: readonly LineFacts[];
  readonly modes: Readonly<Record<string, string>>;
  /** Errors that name neither a line nor a shipment count against every line. */
  readonly deliveryErrors: number;
}

export const commitPromise = (s: ScheduleFacts): Promised => s.agreedPromise ?? s.firstPromise;
export const lastPromise = (s: ScheduleFacts): Promised => s.revisedPromise ?? s.firstPromise;

/** Orders of a customer who cancelled, and orders that we never took, are in no population. */
export const isCounted = (order: OrderFacts): boolean =>
  order.ending !== 'rejected' && order.ending !== 'cancelled-by-customer';
