import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../src/events/decode.ts';
import { decodeEvent } from '../../src/events/decode.ts';
import { kpiDaily } from '../../src/projections/kpi/daily.ts';
import type { OrderFacts } from '../../src/projections/kpi/facts.ts';
import { kpiHandlers } from '../../src/projections/kpi/fold.ts';
import { outcomeOf } from '../../src/projections/kpi/outcome.ts';
import { rawEvent } from '../support/memory-log.ts';

const zone = 'Europe/Berlin';
const qty = (value: string | number) => ({ value: String(value), uom: 'C62' });
const promise = (deliverOn: string, shipOn?: string) => ({ deliverOn, zone, ...(shipOn !== undefined && { shipOn }) });
type Step = readonly [type: string, data: object, occurredAt?: string];

const line = (lineNo: number, ordered: number, more: object = {}) => ({
  lineNo,
  sku: 'X',
  qty: qty(ordered),
  orderedAt: '2026-03-01T12:00:00.000Z',
  ...more,
});
const placed = (lines: readonly object[], more: object = {}): Step[] => [
  ['OrderStarted', { orderId: 'o', customerId: 'C', currency: 'EUR', shipTo: { zone }, ...more }],
  ['OrderLinesAdded', { lines }],
  ['OrderSubmitted', { lineCount: lines.length }],
];
const promised = (lineNo: number, ...parts: readonly [string, number, object][]): Step => [
  'PromiseCommitted',
  { lines: [{ lineNo, scheduleLines: parts.map(([scheduleId, n, p]) => ({ scheduleId, qty: qty(n), promise: p })) }] },
];
const moved = (
  type: 'LinesShipped' | 'LinesDelivered',
  shipmentId: string,
  lineNo: number,
  n: number,
  parts: readonly [string, number][],
  at: string,
): Step => [
  type,
  {
    shipmentId,
    lines: [
      { lineNo, qty: qty(n), scheduleLines: parts.map(([scheduleId, part]) => ({ scheduleId, qty: qty(part) })) },
    ],
  },
  at,
];
const delivered = (
  lineNo: number,
  n: number,
  parts: readonly [string, number][],
  at: string,
  shipmentId = 'S',
): Step[] => [
  moved('LinesShipped', shipmentId, lineNo, n, parts, at),
  moved('LinesDelivered', shipmentId, lineNo, n, parts, at),
];

function factsOf(steps: readonly Step[]): OrderFacts {
  let facts: OrderFacts | undefined;
  steps.forEach(([type, data, occurredAt], revision) => {
    const raw = rawEvent({ type, data: { orderNo: 'N', ...data }, ...(occurredAt !== undefined && { occurredAt }) });
    const event = decodeEvent({ ...raw, stream: 'order-o', revision, position: String(revision) });
    const handler = kpiHandlers[event.type] as (doc: OrderFacts | undefined, event: DomainEvent) => OrderFacts;
    facts = handler(facts, event);
  });
  if (!facts) throw new Error('no events');
  return facts;
}
const outcome = (...steps: readonly Step[]) => outcomeOf(factsOf(steps));

describe('a shipment', () => {
  test('may have the name of something that every object has, and then no mode of transport either', () => {
    for (const shipmentId of ['constructor', '__proto__']) {
      const order = factsOf([
        ...placed([line(1, 10)]),
        promised(1, ['1.1', 10, promise('2026-03-10')]),
        ...delivered(1, 10, [['1.1', 10]], '2026-03-10T10:00:00.000Z', shipmentId),
      ]);
      expect(order.lines[0]).not.toHaveProperty('mode');
      expect(order.lines[0]?.schedule[0]).not.toHaveProperty('mode');
    }
  });
});

describe('on time', () => {
  test('is decided by the local date of the delivery that completes the schedule line', () => {
    const order = [...placed([line(1, 10)]), promised(1, ['1.1', 10, promise('2026-03-10', '2026-03-08')])];
    // 22:30 UTC is 23:30 in Berlin: still the tenth. One hour later it is the eleventh there.
    const onTime = outcome(...order, ...delivered(1, 10, [['1.1', 10]], '2026-03-10T22:30:00.000Z'));
    expect(onTime).toMatchObject({
      completedOn: '2026-03-10',
      target: { commit: '2026-03-10' },
      missed: { commit: null, ship: '2026-03-08' },
      inFull: true,
    });
    const late = outcome(...order, ...delivered(1, 10, [['1.1', 10]], '2026-03-10T23:30:00.000Z'));
    expect(late).toMatchObject({ completedOn: '2026-03-11', missed: { commit: '2026-03-10', request: null } });
  });

  test('needs the last part, and a part is no completion', () => {
    const half = [
      ...placed([line(1, 10)]),
      promised(1, ['1.1', 10, promise('2026-03-10')]),
      ...delivered(1, 5, [['1.1', 5]], '2026-03-09T10:00:00.000Z', 'A'),
    ];
    expect(outcome(...half)).toMatchObject({ completedOn: null, missed: { commit: '2026-03-10' }, inFull: null });
    const whole = outcome(...half, ...delivered(1, 5, [['1.1', 5]], '2026-03-12T10:00:00.000Z', 'B'));
    expect(whole).toMatchObject({ completedOn: '2026-03-12', missed: { commit: '2026-03-10' }, inFull: true });
  });

  test('of a line needs all its schedule lines, of an order all its lines', () => {
    const order = outcome(
      ...placed([line(1, 10), line(2, 1)]),
      promised(1, ['1.1', 4, promise('2026-03-05')], ['1.2', 6, promise('2026-03-20')]),
      promised(2, ['2.1', 1, promise('2026-03-06')]),
      ...delivered(1, 4, [['1.1', 4]], '2026-03-07T10:00:00.000Z', 'A'),
      ...delivered(1, 6, [['1.2', 6]], '2026-03-15T10:00:00.000Z', 'B'),
      ...delivered(2, 1, [['2.1', 1]], '2026-03-06T10:00:00.000Z', 'C'),
    );
    expect(order.lines[0]?.schedule.map(({ missed }) => missed.commit)).toEqual(['2026-03-05', null]);
    expect(order.lines.map(({ missed }) => missed.commit)).toEqual(['2026-03-05', null]);
    expect(order).toMatchObject({
      target: { commit: '2026-03-20' },
      missed: { commit: '2026-03-05' },
      completedOn: '2026-03-15',
    });
  });

  test("has five bases: a supplier's revision moves only the last promise, an agreed one the commit date too", () => {
    const revision = (customerAgreed: boolean, to: string): Step => [
      'PromiseRevised',
      {
        initiator: 'supplier',
        customerAgreed,
        scheduleLines: [
          { lineNo: 1, scheduleId: '1.1', from: promise('2026-03-10', '2026-03-08'), to: promise(to, '2026-03-13') },
        ],
      },
    ];
    const order = [
      ...placed([line(1, 1, { requestedDate: '2026-03-03' })]),
      promised(1, ['1.1', 1, promise('2026-03-10', '2026-03-08')]),
    ];
    const targets = {
      request: '2026-03-03',
      first_promise: '2026-03-10',
      commit: '2026-03-10',
      last_promise: '2026-03-15',
      ship: '2026-03-08',
    };
    expect(outcome(...order, revision(false, '2026-03-15')).target).toEqual(targets);
    expect(outcome(...order, revision(true, '2026-03-15')).target).toEqual({
      ...targets,
      commit: '2026-03-15',
      ship: '2026-03-13',
    });
    expect(outcome(...order, revision(true, '2026-03-12'), revision(false, '2026-03-15')).target).toEqual({
      ...targets,
      commit: '2026-03-12',
      ship: '2026-03-13',
    });
  });
});

describe('what was cancelled', () => {
  const order = [...placed([line(1, 10)]), promised(1, ['1.1', 10, promise('2026-03-10')])];
  const cancelled = (initiator: string, n: number): Step => [
    'QuantityCancelled',
    { initiator, lines: [{ lineNo: 1, qty: qty(n), released: [{ scheduleId: '1.1', qty: qty(n) }] }] },
  ];

  test('by the customer is no longer waited for', () => {
    const rest = delivered(1, 6, [['1.1', 6]], '2026-03-09T10:00:00.000Z');
    expect(outcome(...order, cancelled('customer', 4), ...rest)).toMatchObject({
      completedOn: '2026-03-09',
      missed: { commit: null },
      inFull: true,
    });
    expect(outcome(...order, cancelled('customer', 10))).toMatchObject({ target: { commit: null }, completedOn: null });
    expect(outcome(...order, ['OrderCancelled', { initiator: 'customer' }])).toMatchObject({
      target: { commit: null },
    });
    expect(outcome(...order, ['OrderRejected', {}])).toMatchObject({ target: { commit: null } });
  });

  test('by us stays promised: never in full, and late once its date has passed', () => {
    const rest = delivered(1, 6, [['1.1', 6]], '2026-03-09T10:00:00.000Z');
    expect(outcome(...order, cancelled('supplier', 4), ...rest)).toMatchObject({
      completedOn: '2026-03-09',
      missed: { commit: null },
      inFull: false,
    });
    expect(outcome(...order, cancelled('supplier', 10))).toMatchObject({
      target: { commit: '2026-03-10' },
      missed: { commit: '2026-03-10' },
      completedOn: null,
    });
    expect(outcome(...order, ['OrderCancelled', { initiator: 'supplier' }])).toMatchObject({
      missed: { commit: '2026-03-10' },
    });
  });
});

test('a short delivery within the tolerance is in full', () => {
  const order = [
    ...placed([line(1, 100)], { tolerances: { under: '0.05', over: '0' } }),
    promised(1, ['1.1', 100, promise('2026-03-10')]),
  ];
  expect(outcome(...order, ...delivered(1, 95, [['1.1', 95]], '2026-03-09T10:00:00.000Z'))).toMatchObject({
    completedOn: '2026-03-09',
    inFull: true,
  });
  expect(outcome(...order, ...delivered(1, 94, [['1.1', 94]], '2026-03-09T10:00:00.000Z'))).toMatchObject({
    completedOn: null,
    inFull: null,
  });
});

describe('daily totals', () => {
  const order = [
    ...placed([line(1, 10), line(2, 1)]),
    promised(1, ['1.1', 10, promise('2026-03-10')]),
    promised(2, ['2.1', 1, promise('2026-03-04')]),
  ];
  const done = [
    ...order,
    ...delivered(1, 10, [['1.1', 10]], '2026-03-05T12:00:00.000Z', 'A'),
    ...delivered(2, 1, [['2.1', 1]], '2026-03-06T12:00:00.000Z', 'B'),
  ];
  const rows = (steps: readonly Step[]) => kpiDaily.contributions(factsOf(steps));

  test('count orders and lines on the day of the order, then on the day of the last delivery', () => {
    expect(rows(order)).toEqual([
      { day: '2026-03-01', grain: 'order', ordered: 1 },
      { day: '2026-03-01', grain: 'line', ordered: 1 },
      { day: '2026-03-01', grain: 'line', ordered: 1 },
    ]);
    const on = {
      delivered: 1,
      in_full: 1,
      accurate: 1,
      cycle_count: 1,
      due_first_promise: 1,
      due_last_promise: 1,
      due_commit: 1,
    };
    const met = { on_time_first_promise: 1, on_time_commit: 1, on_time_last_promise: 1 };
    const missed = { on_time_first_promise: 0, on_time_commit: 0, on_time_last_promise: 0 };
    expect(rows(done).filter((row) => row.delivered === 1)).toEqual([
      { day: '2026-03-06', grain: 'order', ...on, ...missed, cycle_seconds: 5 * 86_400, cycle_to_5: 1 },
      { day: '2026-03-05', grain: 'line', ...on, ...met, cycle_seconds: 4 * 86_400, cycle_to_5: 1 },
      { day: '2026-03-06', grain: 'line', ...on, ...missed, cycle_seconds: 5 * 86_400, cycle_to_5: 1 },
    ]);
  });

  test('an error counts against the line it names, the lines of its shipment, or all of them', () => {
    const accurate = (data: object) =>
      rows([...done, ['DeliveryErrorRecorded', { errorId: 'E', kind: 'damage', ...data }]])
        .filter((row) => row.delivered === 1)
        .map((row) => row.accurate);
    expect(accurate({ lineNo: 2 })).toEqual([0, 1, 0]);
    expect(accurate({ shipmentId: 'A' })).toEqual([0, 0, 1]);
    expect(accurate({})).toEqual([0, 0, 0]);
  });
});
