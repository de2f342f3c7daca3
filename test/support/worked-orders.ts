const qty = (value: number) => ({ value: String(value), uom: 'C62' });
const usd = (amount: string) => ({ amount, currency: 'USD' });
const tokyo = 'Asia/Tokyo';
export const newYork = 'America/New_York';
type Step = readonly [at: string, type: string, data: object];

const placed = (no: string, at: string, zone: string, line: object, more: object = {}): Step[] => [
  [
    at,
    'OrderStarted',
    {
      orderId: no,
      customerId: 'C',
      currency: 'USD',
      shipTo: { zone, ...(zone === tokyo && { country: 'Japan' }) },
      ...more,
    },
  ],
  [at, 'OrderLinesAdded', { lines: [{ lineNo: 1, sku: 'X', qty: qty(10), orderedAt: at, ...line }] }],
  [at, 'OrderSubmitted', { lineCount: 1 }],
];
const promised = (at: string, deliverOn: string, shipOn: string, zone: string, value = 10): Step => [
  at,
  'PromiseCommitted',
  {
    lines: [
      { lineNo: 1, scheduleLines: [{ scheduleId: '1.1', qty: qty(value), promise: { deliverOn, shipOn, zone } }] },
    ],
  },
];
const revised = (at: string, from: string, to: string, zone: string, customerAgreed: boolean): Step => [
  at,
  'PromiseRevised',
  {
    initiator: 'supplier',
    customerAgreed,
    scheduleLines: [
      {
        lineNo: 1,
        scheduleId: '1.1',
        from: { deliverOn: from, zone },
        to: { deliverOn: to, shipOn: '2026-03-11', zone },
      },
    ],
  },
];
const moved = (at: string, type: string, shipmentId: string, value: number): Step => [
  at,
  type,
  { shipmentId, lines: [{ lineNo: 1, qty: qty(value), scheduleLines: [{ scheduleId: '1.1', qty: qty(value) }] }] },
];
const hold = (from: string, to: string, holdType: string): Step[] => [
  [from, 'HoldPlaced', { holdId: holdType, holdType }],
  [to, 'HoldReleased', { holdId: holdType }],
];

/** In two shipments; what was agreed is 12 March, what was last told 14 March; whole on 13 March in Tokyo. */
const inTwoParts: Step[] = [
  ...placed('two-parts', '2026-03-01T20:00:00Z', tokyo, { unitPrice: usd('2'), requestedDate: '2026-03-11' }),
  ['2026-03-01T21:00:00Z', 'OrderAccepted', {}],
  promised('2026-03-01T21:00:00Z', '2026-03-10', '2026-03-08', tokyo),
  ...hold('2026-03-01T22:00:00Z', '2026-03-03T22:00:00Z', 'customer'),
  ...hold('2026-03-02T23:00:00Z', '2026-03-04T22:00:00Z', 'credit'),
  revised('2026-03-05T00:00:00Z', '2026-03-10', '2026-03-12', tokyo, true),
  revised('2026-03-06T00:00:00Z', '2026-03-12', '2026-03-14', tokyo, false),
  moved('2026-03-09T16:00:00Z', 'LinesShipped', 'S1', 4),
  moved('2026-03-10T16:00:00Z', 'LinesShipped', 'S2', 6),
  moved('2026-03-11T16:00:00Z', 'LinesDelivered', 'S1', 4),
  moved('2026-03-12T16:00:00Z', 'LinesDelivered', 'S2', 6),
  ['2026-03-12T17:00:00Z', 'DeliveryErrorRecorded', { errorId: 'E', kind: 'damage', shipmentId: 'S1' }],
];

/** Nothing has left; planned to leave on 8 March, the day on which clocks go forward there. */
const late: Step[] = [
  ...placed('late', '2026-03-01T04:30:00Z', newYork, { unitPrice: usd('3') }),
  promised('2026-03-01T05:00:00Z', '2026-03-10', '2026-03-08', newYork),
];

/** One of ten is missing, within the tolerance; delivered late in the evening of the last day of the month. */
const nearlyWhole: Step[] = [
  ...placed('nearly', '2026-03-02T12:00:00Z', newYork, {}, { tolerances: { under: '0.1', over: '0' } }),
  promised('2026-03-02T12:00:00Z', '2026-03-31', '2026-03-29', newYork),
  moved('2026-03-30T03:30:00Z', 'LinesShipped', 'S3', 9),
  moved('2026-04-01T03:30:00Z', 'LinesDelivered', 'S3', 9),
];

/** We took three of ten away, and the rest came in time. */
const shortened: Step[] = [
  ...placed('short', '2026-03-02T12:00:00Z', 'UTC', {}),
  promised('2026-03-02T12:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  [
    '2026-03-05T12:00:00Z',
    'QuantityCancelled',
    {
      initiator: 'supplier',
      lines: [{ lineNo: 1, qty: qty(3), released: [{ scheduleId: '1.1', qty: qty(3) }] }],
    },
  ],
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S4', 7),
  moved('2026-03-20T12:00:00Z', 'LinesDelivered', 'S4', 7),
];

/** Has left in time, and has not arrived. Of another customer, who is asked for by itself. */
const underWay: Step[] = [
  ...placed('under-way', '2026-03-02T12:00:00Z', 'UTC', {}, { customerId: 'D' }),
  promised('2026-03-02T12:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S5', 10),
];

/** Left two days late, and has not arrived. */
const leftLate: Step[] = [
  ...placed('left-late', '2026-03-02T12:00:00Z', 'UTC', {}, { customerId: 'M' }),
  promised('2026-03-02T12:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-20T12:00:00Z', 'LinesShipped', 'S14', 10),
];

/** Two more than the ten that were ordered came, in time. */
const tooMuch: Step[] = [
  ...placed('too-much', '2026-03-02T12:00:00Z', 'UTC', {}, { customerId: 'E' }),
  promised('2026-03-02T12:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S6', 12),
  moved('2026-03-20T12:00:00Z', 'LinesDelivered', 'S6', 12),
];

/** Nobody promised it a date. */
const unpromised: Step[] = placed(
  'unpromised',
  '2026-03-02T12:00:00Z',
  'UTC',
  { requestedDate: '2026-03-10' },
  { customerId: 'F' },
);

/** Four of ten have left. */
const begun: Step[] = [
  ...placed('begun', '2026-03-02T12:00:00Z', 'UTC', { unitPrice: usd('2') }, { customerId: 'G' }),
  promised('2026-03-02T12:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S7', 4),
];

/** Held by us after the first part had left, and by the customer until after it was whole. */
const heldLate: Step[] = [
  ...placed('held-late', '2026-03-02T12:00:00Z', 'UTC', {}, { customerId: 'H' }),
  ['2026-03-02T13:00:00Z', 'OrderAccepted', {}],
  promised('2026-03-02T13:00:00Z', '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-10T12:00:00Z', 'LinesShipped', 'S8', 4),
  ...hold('2026-03-11T12:00:00Z', '2026-03-12T12:00:00Z', 'credit'),
  moved('2026-03-13T12:00:00Z', 'LinesShipped', 'S9', 6),
  moved('2026-03-14T12:00:00Z', 'LinesDelivered', 'S8', 4),
  ...hold('2026-03-15T12:00:00Z', '2026-03-20T12:00:00Z', 'customer'),
  moved('2026-03-16T12:00:00Z', 'LinesDelivered', 'S9', 6),
];

/** Two orders in one shipment; something of the second one was damaged. */
const together = (no: string, day: string): Step[] => [
  ...placed(no, `2026-03-${day}T12:00:00Z`, 'UTC', {}, { customerId: 'I' }),
  promised(`2026-03-${day}T12:00:00Z`, '2026-03-20', '2026-03-18', 'UTC'),
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S10', 10),
  moved('2026-03-20T12:00:00Z', 'LinesDelivered', 'S10', 10),
];
const damaged: Step = ['2026-03-20T13:00:00Z', 'DeliveryErrorRecorded', { errorId: 'E', kind: 'damage' }];

/** Two lines that left on different days. */
const twoLines: Step[] = [
  ...placed('two-lines', '2026-03-02T12:00:00Z', 'UTC', {}, { customerId: 'J' }),
  ['2026-03-02T12:00:00Z', 'OrderLinesAdded', { lines: [{ lineNo: 2, sku: 'Y', qty: qty(1), orderedAt: null }] }],
  moved('2026-03-10T12:00:00Z', 'LinesShipped', 'S11', 10),
  [
    '2026-03-12T12:00:00Z',
    'LinesShipped',
    { shipmentId: 'S12', lines: [{ lineNo: 2, qty: qty(1), scheduleLines: [] }] },
  ],
];

/** One of ten was given up by the customer, six left, and we cancelled the rest with the order. */
const partlyCancelled: Step[] = [
  ...placed('partly', '2026-03-02T12:00:00Z', 'UTC', { unitPrice: usd('2') }, { customerId: 'K' }),
  [
    '2026-03-03T12:00:00Z',
    'QuantityCancelled',
    { initiator: 'customer', lines: [{ lineNo: 1, qty: qty(1), released: [] }] },
  ],
  moved('2026-03-18T12:00:00Z', 'LinesShipped', 'S13', 6),
  ['2026-03-19T12:00:00Z', 'OrderCancelled', { initiator: 'supplier' }],
];

/** Accepted in the moment of the order, and a millisecond later. */
const accepted = (no: string, at: string): Step[] => [
  ...placed(no, '2026-03-02T12:00:00.000Z', 'UTC', {}, { customerId: 'L' }),
  [at, 'OrderAccepted', {}],
];

const refused: Step[] = [
  ...placed('refused', '2026-03-02T12:00:00Z', 'UTC', {}),
  ['2026-03-02T13:00:00Z', 'OrderRejected', {}],
];
const givenUp: Step[] = [
  ...placed('given-up', '2026-03-02T12:00:00Z', 'UTC', {}),
  ['2026-03-02T13:00:00Z', 'OrderCancelled', { initiator: 'customer' }],
];

/** By the name of their streams. */
export const workedOrders: Readonly<Record<string, readonly Step[]>> = {
  inTwoParts,
  late,
  nearlyWhole,
  shortened,
  underWay,
  leftLate,
  tooMuch,
  unpromised,
  begun,
  heldLate,
  together: together('together', '03'),
  alsoTogether: [...together('also-together', '04'), damaged],
  twoLines,
  partlyCancelled,
  atOnce: accepted('at-once', '2026-03-02T12:00:00.000Z'),
  soon: accepted('soon', '2026-03-02T12:00:00.001Z'),
  refused,
  givenUp,
};
