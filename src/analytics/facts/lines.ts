import { Amounts, Counts, Days, Flags, Instants, Numbers, Words } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { outcomeColumns } from './outcome-columns.ts';
import { Rows } from './rows.ts';

const none = -1;

/** One row per order line. */
export const lineRows = (shipments: Dictionary, modes: Dictionary) =>
  new Rows({
    order: new Counts('Row of the order', none),
    lineNo: new Counts('Number of the line'),
    sku: new Words('Item'),
    uom: new Words('Unit of its quantities'),
    ordered: new Amounts('Quantity ordered'),
    cancelledByCustomer: new Amounts('Quantity that the customer cancelled'),
    cancelledBySupplier: new Amounts('Quantity that we cancelled'),
    shipped: new Amounts('Quantity shipped'),
    firstAttempt: new Amounts('Quantity that left with the first shipment'),
    delivered: new Amounts('Quantity delivered'),
    unitPrice: new Numbers('Price of one unit, in the currency of the order'),
    requestedOn: new Days('Date the customer asked for, as last told'),
    quotedAt: new Instants('When it was quoted'),
    orderedAt: new Instants('When the customer ordered it'),
    firstShippedAt: new Instants('First departure'),
    firstShippedOn: new Days('Local date of it, in the zone of the place of delivery'),
    lastShippedAt: new Instants('Departure of the last part that was needed'),
    lastDeliveredAt: new Instants('Delivery of the last part that was needed'),
    shipment: new Words('Shipment that brought it', shipments),
    mode: new Words('Mode of transport of that shipment', modes),
    leftWith: new Counts('Row of the first shipment that carried any of it', none),
    cancelledWhole: new Flags('All of it was cancelled', 0),
    cancelledWholeByCustomer: new Flags('The customer cancelled all of it', 0),
    cancelledWholeBySupplier: new Flags('We cancelled all of it', 0),
    goneByCustomer: new Numbers('Quantity that the customer cancelled, alone or with the order', 0),
    goneBySupplier: new Numbers('Quantity that we cancelled, alone or with the order', 0),
    gone: new Numbers('Sum of both', 0),
    shortFirst: new Flags('The first shipment left a part of it behind; null before it', 2),
    backorderedSince: new Days('Planned departure (else requested date) that passed with quantity still open'),
    wantedQty: new Numbers('Ordered less what the customer cancelled', 0),
    filledFirst: new Numbers('Of that, what left with the first shipment', 0),
    filled: new Numbers('Of that, what has left', 0),
    openQty: new Numbers('Neither cancelled nor shipped yet; nothing where what is missing is within tolerance', 0),
    wantedValue: new Numbers('Price of the wanted quantity, in the currency of the order'),
    filledFirstValue: new Numbers('Price of what left with the first shipment'),
    openValue: new Numbers('Price of the open quantity'),
    next: new Counts('Row of the next line of the order', none),
    firstSchedule: new Counts('Row of the first schedule line', none),
    lastSchedule: new Counts('Row of the last schedule line', none),
    ...outcomeColumns(),
  });
