import { open } from '../../commands/order/ledger.ts';
import type { OrderLineState, OrderState, ScheduleLineState, Shipment } from '../../commands/order/state.ts';
import { displayStatus, lineStatus } from '../../commands/order/status.ts';
import { codeText, dateText, instantText, listText, priceText, promiseText, quantityText } from '../words.ts';

/** What an order consists of, thing by thing, in the words of the business. */

export type SubjectKind = 'order' | 'line' | 'hold' | 'shipment' | 'delivery-error';

export interface Facet {
  readonly subject: SubjectKind;
  /** Line number, id of the hold, of the shipment or of the error; empty for the order. */
  readonly id: string;
  /** How the thing is called, e.g. line 20. */
  readonly name: string;
  /** What is said when it is there for the first time, and when it is there no more. */
  readonly appears: string;
  readonly disappears: string;
  /** Field -> value in words. */
  readonly fields: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, string | undefined>>;

const defined = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

export function facetsOf(order: OrderState): readonly Facet[] {
  return [
    orderFacet(order),
    ...order.lines.map((line) => lineFacet(line, order.tolerances)),
    ...order.holds.map(holdFacet),
    ...order.shipments.map((shipment) => shipmentFacet(shipment, order)),
    ...order.deliveryErrors.map(errorFacet),
  ];
}

function orderFacet(order: OrderState): Facet {
  const name = `order ${order.orderNo}`;
  const { zone, country, site } = order.shipTo;
  return {
    ...{ subject: 'order', id: '', name, appears: `${name} opened`, disappears: `${name} not there yet` },
    fields: defined({
      status: codeText(displayStatus(order)),
      customer: order.customerId,
      "customer's order number": order.customerPo,
      'ship-to': [site, country, zone].filter(Boolean).join(', '),
      channel: order.channel,
      incoterm: order.incoterm,
      'payment terms': order.paymentTerms,
      given: order.submittedAt && instantText(order.submittedAt),
      accepted: order.acceptedAt && instantText(order.acceptedAt),
      ended: order.endedAt && instantText(order.endedAt),
    }),
  };
}

function lineFacet(line: OrderLineState, tolerances: OrderState['tolerances']): Facet {
  const { lineNo, uom, sku, ledger, requestedDate, unitPrice, scheduleLines } = line;
  const name = `line ${lineNo}`;
  const quantity = (value: string): string => quantityText({ value, uom });
  const some = (value: string): string | undefined => (value === '0' ? undefined : quantity(value));
  return {
    ...{ subject: 'line', id: String(lineNo), name },
    appears: `${name} added: ${quantity(open(ledger))} of ${sku}`,
    disappears: `${name} not there yet`,
    fields: defined({
      status: codeText(lineStatus(line, tolerances)),
      quantity: quantity(open(ledger)),
      'requested date': requestedDate && dateText(requestedDate),
      price: unitPrice && priceText(unitPrice),
      ...promises(scheduleLines, quantity),
      cancelled: some(ledger.cancelled),
      shipped: some(ledger.shipped),
      delivered: some(ledger.delivered),
    }),
  };
}

/** One promise is the promise of the line; several are told by their schedule lines. */
function promises(all: readonly ScheduleLineState[], quantity: (value: string) => string): Fields {
  const [only] = all;
  if (only && all.length === 1) {
    return {
      promise: only.qty === '0' ? undefined : promiseText(only.currentPromise),
      ...commitDate('commit date', only),
    };
  }
  return Object.assign(
    {},
    ...all.map((schedule) => ({
      [`promise ${schedule.scheduleId}`]:
        schedule.qty === '0' ? undefined : `${quantity(schedule.qty)} for ${promiseText(schedule.currentPromise)}`,
      ...commitDate(`commit date ${schedule.scheduleId}`, schedule),
    })),
  ) as Fields;
}

const commitDate = (field: string, { qty, commitPromise }: ScheduleLineState): Fields => ({
  [field]: qty === '0' ? undefined : dateText(commitPromise.deliverOn),
});

function holdFacet({ holdId, holdType, lineNo, expiresAt }: OrderState['holds'][number]): Facet {
  const name = `${codeText(holdType)} hold ${holdId}${lineNo === undefined ? '' : ` of line ${lineNo}`}`;
  return {
    ...{ subject: 'hold', id: holdId, name, appears: `${name} placed`, disappears: `${name} released` },
    fields: defined({ expires: expiresAt && instantText(expiresAt) }),
  };
}

function shipmentFacet({ shipmentId, carrier, tracking, lines }: Shipment, order: OrderState): Facet {
  const name = `shipment ${shipmentId}`;
  const uomOf = (lineNo: number): string => order.lines.find((line) => line.lineNo === lineNo)?.uom ?? '';
  const parts = (pick: 'qty' | 'delivered'): string =>
    listText(
      lines
        .filter((line) => line[pick] !== '0')
        .map((line) => `${quantityText({ value: line[pick], uom: uomOf(line.lineNo) })} of line ${line.lineNo}`),
    );
  return {
    ...{ subject: 'shipment', id: shipmentId, name },
    appears: `${name} left with ${parts('qty')}`,
    disappears: `${name} had not left yet`,
    fields: defined({ carrier, tracking, delivered: parts('delivered') || undefined }),
  };
}

function errorFacet({ errorId, kind, lineNo, shipmentId }: OrderState['deliveryErrors'][number]): Facet {
  const place = [
    lineNo === undefined ? '' : ` on line ${lineNo}`,
    shipmentId === undefined ? '' : ` in shipment ${shipmentId}`,
  ];
  const name = `delivery error ${errorId} (${codeText(kind)}${place.join('')})`;
  return {
    ...{
      subject: 'delivery-error',
      id: errorId,
      name,
      appears: `${name} recorded`,
      disappears: `${name} not recorded yet`,
    },
    fields: {},
  };
}
