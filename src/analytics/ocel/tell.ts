import type { DomainEvent, EventOf } from '../../events/decode.ts';
import type { Told } from './model.ts';
import { Telling } from './telling.ts';

/** What each kind of event says about objects, beyond that it belongs to its order. */
type Sayings = { readonly [Name in DomainEvent['type']]?: (told: Telling, data: EventOf<Name>['data']) => void };

const status =
  (word: string) =>
  (told: Telling): void =>
    told.change(told.order, 'status', word);

const sayings: Sayings = {
  OrderStarted: (told, { customerId, orderNo, shipTo, channel, currency, incoterm }) => {
    status('started')(told);
    told.link(told.order, told.customer(customerId), 'ordered by');
    for (const [name, value] of Object.entries({
      order_no: orderNo,
      country: shipTo.country,
      channel,
      currency,
      incoterm,
    }))
      told.change(told.order, name, value);
  },
  OrderSubmitted: status('submitted'),
  OrderAccepted: status('accepted'),
  OrderRejected: status('rejected'),
  OrderClosed: status('closed'),
  OrderReopened: status('reopened'),
  OrderCancelled: (told, { initiator }) => {
    status('cancelled')(told);
    told.attributes.initiator = initiator;
  },
  OrderLinesAdded: (told, { lines }) => {
    for (const { lineNo, sku, qty, requestedDate } of lines) {
      const line = told.line(lineNo);
      told.link(told.order, line, 'has line');
      told.link(line, told.item(sku), 'of item');
      told.move(line, Number(qty.value));
      told.change(line, 'uom', qty.uom);
      told.change(line, 'requested_on', requestedDate);
    }
  },
  OrderLinesChanged: (told, { initiator, lines }) => {
    told.attributes.initiator = initiator;
    for (const { lineNo, added, requestedDate } of lines) {
      if (added) told.move(told.line(lineNo), Number(added.value));
      told.change(told.line(lineNo), 'requested_on', requestedDate);
    }
  },
  QuantityCancelled: (told, { initiator, lines }) => {
    told.attributes.initiator = initiator;
    for (const { lineNo, qty, released } of lines) {
      told.move(told.line(lineNo), -Number(qty.value));
      for (const part of released) told.move(told.scheduleLine(part.scheduleId), -Number(part.qty.value));
    }
  },
  PromiseCommitted: (told, { lines }) => {
    for (const { lineNo, scheduleLines } of lines) {
      for (const { scheduleId, qty, promise } of scheduleLines) {
        const promised = told.scheduleLine(scheduleId);
        told.link(told.line(lineNo), promised, 'promised as');
        told.move(promised, Number(qty.value));
        told.change(promised, 'promised_on', promise.deliverOn);
        told.change(promised, 'ship_on', promise.shipOn);
      }
    }
  },
  PromiseRevised: (told, { initiator, customerAgreed, scheduleLines }) => {
    Object.assign(told.attributes, { initiator, customer_agreed: customerAgreed });
    for (const { lineNo, scheduleId, to } of scheduleLines) {
      told.line(lineNo);
      told.change(told.scheduleLine(scheduleId), 'promised_on', to.deliverOn);
      told.change(told.scheduleLine(scheduleId), 'ship_on', to.shipOn);
    }
  },
  LinesShipped: (told, { shipmentId, carrier, mode, lines }) => {
    const shipment = told.shipment(shipmentId);
    told.change(shipment, 'carrier', carrier);
    told.change(shipment, 'mode', mode);
    for (const { lineNo, scheduleLines } of lines) {
      told.link(shipment, told.line(lineNo), 'carries');
      for (const { scheduleId } of scheduleLines) told.scheduleLine(scheduleId);
    }
  },
  LinesDelivered: (told, { shipmentId, lines }) => {
    told.change(told.shipment(shipmentId), 'delivered', true);
    for (const { lineNo, scheduleLines } of lines) {
      told.line(lineNo);
      for (const { scheduleId } of scheduleLines) told.scheduleLine(scheduleId);
    }
  },
  HoldPlaced: (told, { holdType, lineNo }) => {
    told.attributes.hold_type = holdType;
    if (lineNo !== undefined) told.line(lineNo);
  },
  DeliveryErrorRecorded: (told, { kind, lineNo, shipmentId }) => {
    told.attributes.error_kind = kind;
    if (lineNo !== undefined) told.line(lineNo);
    if (shipmentId !== undefined) told.shipment(shipmentId);
  },
};

/** Events that tell of orders, and of customers, one after the other: quantities are those after all that were told before. */
export function teller(): (event: DomainEvent) => Told {
  const quantities = new Map<string, number>();
  return (event) => {
    const told = new Telling(event, quantities);
    if (event.type === 'CustomerRegistered') {
      told.change(told.customer(event.data.customerId), 'country', event.data.country);
      return told;
    }
    told.part(told.order, 'order');
    const say = sayings[event.type] as ((told: Telling, data: unknown) => void) | undefined;
    say?.(told, event.data);
    return told;
  };
}
