import { addCalendarDays, epochOf, type Instant, instantOf, localDateOf } from '../values/dates.ts';
import { formatOrderNumber } from '../values/ids.ts';
import { customers, items, plantZone } from './factory.ts';
import { pieces } from './order-entry.ts';
import { seededRandom } from './random.ts';
import { actors, type OrderScript, type TimedCommand } from './script.ts';

export interface Workload {
  readonly seed: string;
  readonly orders: number;
  /** The last order is done by then; one order is placed a minute. */
  readonly until: Instant;
}

/** Typical orders for measurements, all of one shape: 3 lines, 8 commands, 10 events, two shipments, delivered and closed. */
export function* workload({ seed, orders, until }: Workload): Generator<OrderScript> {
  for (let index = 0; index < orders; index += 1) {
    const random = seededRandom(`${seed}/workload/${index}`);
    const customer = random.pick(customers);
    const doneAt = instantOf(epochOf(until) - (orders - index) * 60_000);
    const first = random.between(0, items.length - 3);
    const skus = items.slice(first, first + 3).map(({ sku }) => sku);
    const commands = typicalLife(customer, skus, random.between(2, 40), doneAt);
    yield { key: `${seed}/workload/${index}`, orderNo: formatOrderNumber(1 + index, 'LD'), customer, commands };
  }
}

const dayMs = 86_400_000;

function typicalLife(
  { customerId, currency, zone, country }: OrderScript['customer'],
  skus: readonly string[],
  quantity: number,
  doneAt: Instant,
): TimedCommand[] {
  const before = (days: number): Instant => instantOf(epochOf(doneAt) - days * dayMs);
  const due = addCalendarDays(localDateOf(doneAt, plantZone), -2);
  const qty = pieces(quantity);
  const promise = { deliverOn: due, zone };
  const lines = skus.map((sku, index) => ({ lineNo: index + 1, sku, qty }));
  const commit = lines.map(({ lineNo }) => ({ lineNo, promise }));
  const place = { customerId, currency, shipTo: { zone, country }, lines };
  const [one, two] = [{ shipmentId: 'P1' }, { shipmentId: 'P2' }];
  return [
    { kind: 'place', body: place, at: before(12), actor: actors.customer(customerId) },
    { kind: 'promise', body: { commit }, at: before(11), actor: actors.planning },
    { kind: 'accept', body: {}, at: before(11), actor: actors.orderDesk },
    { kind: 'ship', body: { ...one, lines: [{ lineNo: 1 }, { lineNo: 2 }] }, at: before(6), actor: actors.warehouse },
    { kind: 'deliver', body: one, at: before(4), actor: actors.carrier },
    { kind: 'ship', body: { ...two, lines: [{ lineNo: 3 }] }, at: before(3), actor: actors.warehouse },
    { kind: 'deliver', body: two, at: before(1), actor: actors.carrier },
    { kind: 'close', body: {}, at: doneAt, actor: actors.orderDesk },
  ];
}
