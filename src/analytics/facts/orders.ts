import { Counts, Days, Flags, Instants, Numbers, Texts, Words } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { endings } from './endings.ts';
import { outcomeColumns } from './outcome-columns.ts';
import { Rows } from './rows.ts';

const none = -1;

function endingWords(): Dictionary {
  const words = new Dictionary();
  for (const ending of endings) words.code(ending);
  return words;
}

/** One row per order. */
export const orderRows = () =>
  new Rows({
    orderId: new Texts('Id of the order'),
    orderNo: new Texts('Number of the order'),
    customer: new Words('Customer'),
    country: new Words('Country of the place of delivery'),
    channel: new Words('Channel by which the order came'),
    currency: new Words('Currency of the order'),
    incoterm: new Words('Incoterm'),
    shipToZone: new Words('Time zone of the place of delivery'),
    under: new Counts('Tolerance for short deliveries, in ten-thousandths of the ordered quantity'),
    quotedAt: new Instants('First quote of its lines'),
    orderedAt: new Instants('When the customer ordered: the first of its lines'),
    submittedAt: new Instants('When the order was given to us'),
    acceptedAt: new Instants('When we confirmed it'),
    cleanAt: new Instants('When nothing held it any more: the last hold released before goods left, or the acceptance'),
    firstShippedAt: new Instants('First departure'),
    firstShippedOn: new Days('Local date of it, in the zone of the place of delivery'),
    lastShippedAt: new Instants('Latest departure'),
    lastDeliveredAt: new Instants('Latest delivery'),
    endedAt: new Instants('When it was closed, cancelled or rejected'),
    ending: new Words(
      'closed, rejected, cancelled-by-customer, cancelled-by-supplier; null while it is open',
      endingWords(),
    ),
    cancelledWhole: new Flags('All of it was cancelled', 0),
    cancelledWholeByCustomer: new Flags('The customer cancelled all of it', 0),
    cancelledWholeBySupplier: new Flags('We cancelled all of it', 0),
    held: new Numbers('Milliseconds on hold, of holds that were released; overlapping holds count once', 0),
    heldByCustomer: new Numbers('Of them between order and delivery, because of holds of the customer', 0),
    stageAccept: new Numbers('Milliseconds from the order to the acceptance, of completed orders'),
    stageClean: new Numbers('Milliseconds from the acceptance until nothing held it'),
    stageShip: new Numbers('Milliseconds from then to the departure of the last missing part'),
    stageDeliver: new Numbers('Milliseconds from that departure to the delivery of the last missing part'),
    humanTouches: new Counts('Events made by our own people'),
    entryTouches: new Counts('Of them until the order was accepted'),
    rework: new Counts('Events that repeat or undo a step: promises we moved, changes after acceptance, reopening'),
    changesByCustomer: new Counts('Promises moved by the customer'),
    changesBySupplier: new Counts('Promises moved by us'),
    lines: new Counts('Number of lines'),
    firstLine: new Counts('Row of the first line', none),
    firstShipment: new Counts('Row of the latest shipment', none),
    lastHold: new Counts('Row of the latest hold', none),
    ...outcomeColumns(),
  });

export type OrderRows = ReturnType<typeof orderRows>;
