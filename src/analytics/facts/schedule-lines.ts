import { Amounts, Counts, Days, Flags, Instants, Numbers, Words } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { outcomeColumns } from './outcome-columns.ts';
import { Rows } from './rows.ts';

const none = -1;

/** One row per schedule line: a quantity and its promise. */
export const scheduleRows = (shipments: Dictionary, modes: Dictionary) =>
  new Rows({
    order: new Counts('Row of the order', none),
    line: new Counts('Row of the order line', none),
    scheduleId: new Words('Id of the schedule line'),
    qty: new Amounts('Quantity promised, less what was cancelled'),
    takenAway: new Amounts('Quantity that we took away ourselves'),
    short: new Flags('We took a part of it away ourselves', 0),
    shipped: new Amounts('Quantity shipped'),
    delivered: new Amounts('Quantity delivered'),
    promisedAt: new Instants('When the first promise was made'),
    firstDeliverOn: new Days('First date promised'),
    firstShipOn: new Days('Departure planned with it'),
    commitDeliverOn: new Days('Commit date: the first promise, replaced only with the consent of the customer'),
    commitShipOn: new Days('Departure planned with it'),
    lastDeliverOn: new Days('Last date promised, whoever moved it'),
    lastShipOn: new Days('Departure planned with it'),
    zone: new Words('Time zone of the last promise'),
    lastShippedAt: new Instants('Departure of the last part that was needed'),
    lastDeliveredAt: new Instants('Delivery of the last part that was needed'),
    shipment: new Words('Shipment that brought it', shipments),
    mode: new Words('Mode of transport of that shipment', modes),
    changesByCustomer: new Counts('Times the customer moved the promise'),
    changesBySupplier: new Counts('Times we moved the promise'),
    slipByCustomer: new Numbers('Days by which the customer moved it', 0),
    slipBySupplier: new Numbers('Days by which we moved it', 0),
    onTimeQty: new Numbers('Quantity delivered by the commit date, at most what was promised', 0),
    wantedQty: new Numbers('Quantity that counts: what the customer did not cancel', 0),
    next: new Counts('Row of the next schedule line of the line', none),
    ...outcomeColumns(),
  });

/** One row per order and shipment. */
export const shipmentRows = (shipments: Dictionary, modes: Dictionary) =>
  new Rows({
    order: new Counts('Row of the order', none),
    shipment: new Words('Id of the shipment', shipments),
    mode: new Words('Mode of transport', modes),
    carrier: new Words('Carrier'),
    shippedAt: new Instants('Departure'),
    deliveredAt: new Instants('Latest delivery'),
    next: new Counts('Row of the shipment of this order before it', none),
  });

/** One row per hold. */
export const holdRows = () =>
  new Rows({
    hold: new Words('Id of the hold'),
    holdType: new Words('What it holds the order for'),
    from: new Instants('When it was placed'),
    expiresAt: new Instants('When it ends by itself'),
    to: new Instants('When it was released; null while it is in force'),
    next: new Counts('Row of the hold of this order before it', none),
  });
