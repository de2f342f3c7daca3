import type { Recorded } from '../src/events/envelope.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const begin = Date.UTC(2023, 0, 2);
const regions = ['EMEA north', 'EMEA south', 'AMER east', 'AMER west', 'AMER south', 'APAC', 'MEA', 'ANZ'];
const zones = ['Europe/Oslo', 'Europe/Madrid', 'America/New_York', 'America/Los_Angeles', 'America/Sao_Paulo'];
const span = 3 * 365 * dayMs;

/** A number between 0 and 1 that depends on the seeds only. */
function chance(a: number, b: number): number {
  let mixed = Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed ^= mixed >>> 12;
  return (mixed >>> 0) / 2 ** 32;
}

const instant = (epoch: number): string => new Date(epoch).toISOString();
const date = (epoch: number): string => instant(epoch).slice(0, 10);

interface Step {
  readonly type: string;
  readonly at: number;
  readonly data: object;
}

/** The ten events of an order of one line: held for a while, promised, shipped, delivered now and then late, closed. */
function stepsOf(serial: number, orders: number): Step[] {
  const orderedAt = begin + Math.floor((serial / orders) * (span / minuteMs)) * minuteMs;
  const acceptedAt = orderedAt + Math.floor(chance(serial, 1) * 2_000) * minuteMs;
  const shippedAt = acceptedAt + Math.floor((1 + chance(serial, 2) ** 3 * 40) * 1_440) * minuteMs;
  const deliveredAt = shippedAt + Math.floor((0.5 + chance(serial, 3) * 8) * 1_440) * minuteMs;
  const due = deliveredAt + Math.floor(chance(serial, 4) * 10 - 1.2) * dayMs;
  const [region, zone] = [regions[serial % regions.length], zones[serial % zones.length]];
  const [orderNo, qty] = [`B-${serial}`, { value: String(1 + (serial % 40)), uom: 'C62' }];
  const part = { lineNo: 1, qty, scheduleLines: [{ scheduleId: '1.1', qty }] };
  const promise = { deliverOn: date(due), zone };
  const line = { lineNo: 1, sku: `SKU-${serial % 500}`, qty, orderedAt: instant(orderedAt) };
  const start = { orderId: `b-${serial}`, customerId: `C-${serial % 900}`, currency: 'EUR', shipTo: { zone } };
  const step = (type: string, at: number, data: object): Step => ({ type, at, data: { orderNo, ...data } });
  return [
    step('OrderStarted', orderedAt, { ...start, dimensions: { region } }),
    step('OrderLinesAdded', orderedAt, { lines: [line] }),
    step('OrderSubmitted', orderedAt, { lineCount: 1 }),
    step('HoldPlaced', orderedAt, { holdId: 'H1', holdType: 'credit' }),
    step('HoldReleased', acceptedAt, { holdId: 'H1' }),
    step('OrderAccepted', acceptedAt, {}),
    step('PromiseCommitted', acceptedAt, {
      lines: [{ lineNo: 1, scheduleLines: [{ scheduleId: '1.1', qty, promise }] }],
    }),
    step('LinesShipped', shippedAt, { shipmentId: `S-${serial}`, mode: 'road', lines: [part] }),
    step('LinesDelivered', deliveredAt, { shipmentId: `S-${serial}`, lines: [part] }),
    step('OrderClosed', deliveredAt + dayMs, {}),
  ];
}

export const eventsPerOrder = 10;

/** Events as a log gives them. */
export function* kpiEvents(orders: number): Generator<Recorded> {
  let position = 0;
  for (let serial = 0; serial < orders; serial += 1) {
    let revision = 0;
    for (const step of stepsOf(serial, orders)) {
      position += 1;
      yield recorded(serial, step, revision, position);
      revision += 1;
    }
  }
}

const noHash = '0'.repeat(64);
const nobody = '00000000-0000-4000-8000-000000000000';
const actor = { kind: 'user', id: 'bench', via: 'simulation' } as const;

function recorded(serial: number, { type, at, data }: Step, revision: number, position: number): Recorded {
  const occurredAt = instant(at);
  const ids = { commandId: nobody, correlationId: nobody, causationId: nobody, prevHash: noHash, hash: noHash };
  return {
    eventId: nobody,
    stream: `order-b-${serial}`,
    revision,
    position: String(position).padStart(20, '0'),
    type,
    data,
    metadata: { schemaVersion: 1, occurredAt, recordedAt: occurredAt, actor, ...ids },
  };
}
