import type { OrderFact } from '../../../events/catalog/index.ts';
import {
  codeText,
  dateText,
  instantText,
  linesText,
  listText,
  priceText,
  promiseText,
  quantityText,
} from '../../words.ts';
import type { DataOf, Phrases } from './phrase.ts';

const order = ({ orderNo }: { readonly orderNo: string }): string => `order ${orderNo}`;

const addedLine = ({
  lineNo,
  sku,
  qty,
  requestedDate,
  unitPrice,
}: DataOf<'OrderLinesAdded'>['lines'][number]): string =>
  [
    `line ${lineNo} (${quantityText(qty)} of ${sku}`,
    unitPrice && ` at ${priceText(unitPrice)} each`,
    requestedDate && `, wanted on ${dateText(requestedDate)}`,
    ')',
  ]
    .filter(Boolean)
    .join('');

const changedLine = ({ lineNo, added, requestedDate }: DataOf<'OrderLinesChanged'>['lines'][number]): string => {
  const changes = [
    ...(added ? [`${quantityText(added)} more`] : []),
    ...(requestedDate ? [`wanted on ${dateText(requestedDate)}`] : []),
  ];
  return `line ${lineNo} (${changes.length > 0 ? changes.join(', ') : 'nothing'})`;
};

const promisedLine = ({ lineNo, scheduleLines }: DataOf<'PromiseCommitted'>['lines'][number]): string =>
  `${listText(scheduleLines.map(({ qty, promise }) => `${quantityText(qty)} for ${promiseText(promise)}`))} on line ${lineNo}`;

const movedPromise = ({ lineNo, scheduleId, from, to }: DataOf<'PromiseRevised'>['scheduleLines'][number]): string =>
  `of line ${lineNo} (schedule line ${scheduleId}) from ${promiseText(from)} to ${promiseText(to)}`;

const quantityOfLine = ({
  lineNo,
  qty,
}: {
  readonly lineNo: number;
  readonly qty: Parameters<typeof quantityText>[0];
}): string => `${quantityText(qty)} of line ${lineNo}`;

const errors = {
  'wrong-item': 'a wrong item',
  damage: 'damaged goods',
  documents: 'wrong or missing documents',
} as const;

export const orderPhrases: Phrases<OrderFact> = {
  OrderStarted: (data) => {
    const po = data.customerPo === undefined ? '' : ` (their order ${data.customerPo})`;
    return `opened ${order(data)} for customer ${data.customerId}${po}`;
  },
  OrderLinesAdded: (data) => `added ${listText(data.lines.map(addedLine))} to ${order(data)}`,
  OrderSubmitted: (data) => `gave ${order(data)} with ${data.lineCount} ${data.lineCount === 1 ? 'line' : 'lines'}`,
  OrderAccepted: (data) => `accepted ${order(data)}`,
  OrderRejected: (data) => `declined ${order(data)}`,
  HoldPlaced: (data) => {
    const what = data.lineNo === undefined ? order(data) : `line ${data.lineNo} of ${order(data)}`;
    const until = data.expiresAt === undefined ? '' : ` until ${instantText(data.expiresAt)}`;
    return `put ${what} on ${codeText(data.holdType)} hold ${data.holdId}${until}`;
  },
  HoldReleased: (data) => `released hold ${data.holdId} of ${order(data)}`,
  OrderLinesChanged: (data) => `changed ${listText(data.lines.map(changedLine))} of ${order(data)}`,
  QuantityCancelled: (data) => `cancelled ${listText(data.lines.map(quantityOfLine))} of ${order(data)}`,
  OrderCancelled: (data) => `cancelled ${order(data)} as a whole`,
  PromiseCommitted: (data) => `promised ${listText(data.lines.map(promisedLine))} of ${order(data)}`,
  PromiseRevised: (data) => {
    const agreed = data.customerAgreed && data.initiator === 'supplier' ? ', as the customer agreed' : '';
    return `moved the promise ${listText(data.scheduleLines.map(movedPromise))}${agreed}`;
  },
  LinesShipped: (data) => {
    const by = data.carrier === undefined ? '' : ` by ${data.carrier}`;
    const tracking = data.tracking === undefined ? '' : `, tracking number ${data.tracking}`;
    return `shipped ${listText(data.lines.map(quantityOfLine))} of ${order(data)} in shipment ${data.shipmentId}${by}${tracking}`;
  },
  LinesDelivered: (data) =>
    `reported that ${listText(data.lines.map(quantityOfLine))} of ${order(data)} arrived with shipment ${data.shipmentId}`,
  DeliveryErrorRecorded: (data) => {
    const qty = data.qty === undefined ? '' : `, ${quantityText(data.qty)}`;
    const place = data.lineNo === undefined ? order(data) : `${linesText([data.lineNo])} of ${order(data)}`;
    const shipment = data.shipmentId === undefined ? '' : ` in shipment ${data.shipmentId}`;
    const note = data.note === undefined ? '' : ` ("${data.note}")`;
    return `recorded a delivery error, ${errors[data.kind]}${qty}, on ${place}${shipment}${note}`;
  },
  OrderClosed: (data) => `closed ${order(data)}`,
  OrderReopened: (data) => `opened ${order(data)} again`,
};
