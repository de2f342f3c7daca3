/** What a refusal code means to the world: problem title, HTTP status, and what to do about it. */
export interface RefusalMeaning {
  readonly title: string;
  readonly status: 400 | 404 | 409 | 412 | 413 | 422 | 503;
  readonly help: string;
}

const meaning = (status: RefusalMeaning['status'], title: string, help: string): RefusalMeaning => ({
  status,
  title,
  help,
});

/** Wrong in itself, whatever the order: correct the command. */
const values = {
  'currency-unknown': meaning(422, 'Unknown currency', 'Give a currency code of ISO 4217, e.g. EUR.'),
  'currency-mismatch': meaning(422, 'Price in another currency', 'Give prices in the currency of the order.'),
  'price-negative': meaning(422, 'Negative price', 'Give a unit price of zero or more.'),
  'zone-unknown': meaning(422, 'Unknown time zone', 'Give a zone of the IANA database, e.g. Europe/Berlin.'),
  'date-impossible': meaning(422, 'Impossible date', 'Give a day that exists in the calendar, as YYYY-MM-DD.'),
  'instant-impossible': meaning(422, 'Impossible instant', 'Give an existing instant, e.g. 2026-03-01T08:30:00.000Z.'),
  'occurred-in-future': meaning(
    422,
    'Later than now',
    'Report only what has happened; check the clock of the reporting system.',
  ),
  'expiry-in-past': meaning(422, 'Expiry in the past', 'Give an expiry after the time at which the hold is placed.'),
  'shipped-after-promise': meaning(
    422,
    'Ship date after delivery date',
    'Give a ship date on or before the promised delivery date.',
  ),
  'quantity-not-positive': meaning(422, 'Quantity not above zero', 'Give a quantity above zero.'),
  'quantity-too-large': meaning(422, 'Quantity too large', 'Order the rest on another line.'),
  'unit-mismatch': meaning(422, 'Other unit', 'Give the quantity in the unit of the order line.'),
  'duplicate-line-number': meaning(422, 'Line number used twice', 'Give every line its own number, or none.'),
  'duplicate-target': meaning(
    422,
    'The same thing named twice',
    'Name each line or schedule line once in a command, with its whole quantity.',
  ),
  'line-required': meaning(422, 'Line missing', 'A quantity needs the number of the order line that it belongs to.'),
  'nothing-asked': meaning(422, 'Empty command', 'Name at least one thing to do.'),
  'hysteresis-inverted': meaning(
    422,
    'Alert would end before it begins',
    'Give a value to clear at that is no worse than the level.',
  ),
  'baseline-inverted': meaning(
    422,
    'Baseline ends before it begins',
    'Give the baseline as from and to, in this order.',
  ),
  'period-required': meaning(422, 'Period missing', 'Give the period by which the KPI is asked, e.g. week.'),
  'master-contradictory': meaning(422, 'Contradictory specification', 'Correct what the message names.'),
  'master-named-twice': meaning(422, 'Named twice', 'Name each entry once.'),
  'master-too-many-versions': meaning(422, 'Too many versions', 'A thing has at most 1,000 dated versions.'),
  'too-many-lines': meaning(422, 'Too many lines', 'Split the order: an order has at most 5,000 lines.'),
  'too-many-schedule-lines': meaning(
    422,
    'Too many schedule lines',
    'An order line has at most 1,000 schedule lines; revise existing promises instead.',
  ),
  'too-many-shipments': meaning(422, 'Too many shipments', 'An order has at most 2,000 shipments.'),
  'too-many-holds': meaning(422, 'Too many holds', 'An order has at most 100 holds at a time; release some.'),
  'too-many-delivery-errors': meaning(422, 'Too many delivery errors', 'An order has at most 1,000 delivery errors.'),
} as const;

/** Names something that is not there. */
const unknowns = {
  'order-unknown': meaning(404, 'Unknown order', 'Check the order id.'),
  'customer-unknown': meaning(422, 'Unknown customer', 'Register the customer first, or correct the customer id.'),
  'line-unknown': meaning(422, 'Unknown order line', 'Give the number of a line of this order.'),
  'schedule-line-unknown': meaning(422, 'Unknown schedule line', 'Give the id of a schedule line of this order line.'),
  'hold-unknown': meaning(422, 'Unknown hold', 'Give the id of a hold that is on the order.'),
  'shipment-unknown': meaning(422, 'Unknown shipment', 'Give the id of a shipment of this order.'),
  'master-unknown': meaning(404, 'Unknown master data', 'Check the id, or specify it first.'),
  'watch-unknown': meaning(404, 'Unknown watch', 'Check the id of the watch.'),
  'alert-unknown': meaning(404, 'Unknown alert', 'Check the id of the alert.'),
  'line-not-in-shipment': meaning(422, 'Line not in the shipment', 'Give a line that left with this shipment.'),
} as const;

/** Right in itself, but not for the order as it stands. */
const standings = {
  'order-exists': meaning(409, 'Order exists', 'Change the existing order, or place a new one under another id.'),
  'customer-exists': meaning(
    409,
    'Customer registered otherwise',
    'The customer id is taken by a customer with other data.',
  ),
  'watch-exists': meaning(409, 'Watch defined otherwise', 'Change the existing watch, or use another id.'),
  'watch-removed': meaning(409, 'Watch removed', 'Define the watch again.'),
  'order-not-submitted': meaning(409, 'Order not submitted', 'Submit the order first.'),
  'order-not-accepted': meaning(409, 'Order not accepted', 'Accept the order first.'),
  'order-already-accepted': meaning(409, 'Order already accepted', 'The order was accepted before; cancel it instead.'),
  'order-not-closed': meaning(409, 'Order not closed', 'Only a closed order can be opened again.'),
  'order-closed': meaning(409, 'Order closed', 'Reopen the order first.'),
  'order-rejected': meaning(409, 'Order rejected', 'A rejected order stays as it is; place a new one.'),
  'order-cancelled': meaning(409, 'Order cancelled', 'A cancelled order stays as it is; place a new one.'),
  'order-on-hold': meaning(409, 'Order on hold', 'Release the hold named in the message, or wait until it expires.'),
  'line-on-hold': meaning(409, 'Order line on hold', 'Release the hold on the line, or leave the line out.'),
  'order-not-finished': meaning(409, 'Order not finished', 'Deliver or cancel what is still open, then close.'),
  'hold-exists': meaning(409, 'Hold exists', 'Use another hold id, or release the hold first.'),
  'no-hold': meaning(409, 'No hold', 'There is no hold on the order.'),
  'shipment-exists': meaning(409, 'Shipment exists', 'Use another shipment id.'),
  'delivery-error-exists': meaning(409, 'Delivery error exists', 'Use another error id.'),
  'nothing-open': meaning(409, 'Nothing open', 'Everything was shipped or cancelled before.'),
  'nothing-to-ship': meaning(409, 'Nothing to ship', 'Everything was shipped or cancelled before.'),
  'nothing-to-promise': meaning(409, 'Nothing to promise', 'Everything has a promise and was delivered or cancelled.'),
  'nothing-under-way': meaning(409, 'Nothing under way', 'Everything that was shipped has arrived.'),
  'nothing-shipped': meaning(409, 'Nothing shipped', 'A delivery error needs a shipment.'),
  'quantity-exceeds-open': meaning(409, 'More than is open', 'Give at most the open quantity of the line.'),
  'quantity-exceeds-promise': meaning(409, 'More than was promised', 'Give at most what is left of the schedule line.'),
  'quantity-exceeds-unpromised': meaning(
    409,
    'More than is without a promise',
    'Give at most the quantity without a promise, or revise existing promises.',
  ),
  'quantity-exceeds-shipped': meaning(409, 'More than was shipped', 'Give at most what is still under way.'),
  'quantity-below-shipped': meaning(409, 'Less than was shipped', 'Give at least what has already left.'),
  'schedule-line-finished': meaning(409, 'Schedule line finished', 'What was promised has arrived or was cancelled.'),
  'delivered-before-shipped': meaning(
    409,
    'Delivered before shipped',
    'Give the time of delivery, after the shipment.',
  ),
} as const;

/** Answers of the command path itself, not of a decision. */
const path = {
  'stale-version': meaning(412, 'Changed meanwhile', 'Read the current version, decide again, and repeat with it.'),
  'idempotency-key-reused': meaning(422, 'Key used before', 'Use a new key for another request.'),
  'command-in-flight': meaning(409, 'Still being processed', 'Wait a moment and repeat with the same key.'),
  'append-too-large': meaning(413, 'Too much at once', 'Give fewer lines, or shorter texts, in one command.'),
  'stream-busy': meaning(503, 'Too many changes at once', 'Repeat the command in a moment.'),
  'outcome-unknown': meaning(
    503,
    'Outcome not known',
    'The log did not answer. Repeat with the same key: nothing is done twice.',
  ),
} as const;

/** Every refusal of a command, by code. */
export const refusals = { ...values, ...unknowns, ...standings, ...path } as const;

export type RefusalCode = keyof typeof refusals;
