import { orderAggregate } from '../../src/commands/order/aggregate.ts';
import type { OrderCommand, RegisteredCustomer } from '../../src/commands/order/commands.ts';
import type { OrderFact, OrderLine } from '../../src/events/catalog/index.ts';
import { earlier, specificationOf } from './spec.ts';

/** Facts and commands of one sample order, SO-1, for specifications. */

export const { given, stateOf } = specificationOf(orderAggregate);

type Data<Name extends OrderFact['type']> = Omit<Extract<OrderFact, { type: Name }>['data'], 'orderNo'>;
export type Body<Kind extends OrderCommand['kind']> = Extract<OrderCommand, { kind: Kind }>['body'];

export const orderNo = 'SO-1';
export const orderId = '11111111-1111-4111-8111-111111111111';
export const customer = { customerId: 'ACME', zone: 'Europe/Berlin', country: 'DE' };

export const pieces = (value: string | number) => ({ value: String(value), uom: 'C62' });

export const line = (lineNo: number, qty: string | number, more: Partial<OrderLine> = {}): OrderLine => ({
  lineNo,
  sku: `ITEM-${lineNo}`,
  qty: pieces(qty),
  orderedAt: earlier,
  ...more,
});

export const fact = <Name extends OrderFact['type']>(type: Name, data: Data<Name>): OrderFact =>
  ({ type, data: { orderNo, ...data } }) as OrderFact;

export const started = (more: Partial<Data<'OrderStarted'>> = {}): OrderFact =>
  fact('OrderStarted', {
    orderId,
    customerId: customer.customerId,
    currency: 'EUR',
    shipTo: { zone: 'Europe/Berlin', country: 'DE' },
    ...more,
  });

export const submitted = (lines: readonly OrderLine[], more: Partial<Data<'OrderStarted'>> = {}): OrderFact[] => [
  started(more),
  fact('OrderLinesAdded', { lines: [...lines] }),
  fact('OrderSubmitted', { lineCount: lines.length }),
];

export const accepted = (lines: readonly OrderLine[], more: Partial<Data<'OrderStarted'>> = {}): OrderFact[] => [
  ...submitted(lines, more),
  fact('OrderAccepted', {}),
];

export const until = (deliverOn: string, shipOn?: string) => ({
  deliverOn,
  zone: 'Europe/Berlin',
  ...(shipOn !== undefined && { shipOn }),
});

export const scheduled = (scheduleId: string, qty: string | number, deliverOn: string) => ({
  scheduleId,
  qty: pieces(qty),
  promise: until(deliverOn),
});

/** Schedule lines of one order line. */
export const promised = (lineNo: number, ...scheduleLines: ReturnType<typeof scheduled>[]): OrderFact =>
  fact('PromiseCommitted', { lines: [{ lineNo, scheduleLines }] });

export const part = (scheduleId: string, qty: string | number) => ({ scheduleId, qty: pieces(qty) });

export const shipped = (
  shipmentId: string,
  lineNo: number,
  qty: string | number,
  scheduleLines: ReturnType<typeof part>[] = [],
): OrderFact => fact('LinesShipped', { shipmentId, lines: [{ lineNo, qty: pieces(qty), scheduleLines }] });

export const delivered = (
  shipmentId: string,
  lineNo: number,
  qty: string | number,
  scheduleLines: ReturnType<typeof part>[] = [],
): OrderFact => fact('LinesDelivered', { shipmentId, lines: [{ lineNo, qty: pieces(qty), scheduleLines }] });

export const command = <Kind extends Exclude<OrderCommand['kind'], 'place'>>(
  kind: Kind,
  body: Body<Kind>,
): OrderCommand => ({ kind, body }) as OrderCommand;

export const place = (
  body: Partial<Body<'place'>> = {},
  registered: RegisteredCustomer | null = customer,
): OrderCommand => ({
  kind: 'place',
  body: { customerId: 'ACME', currency: 'EUR', lines: [{ sku: 'A', qty: pieces(5) }], ...body },
  placement: { orderId, orderNo, customer: registered ?? undefined },
});
