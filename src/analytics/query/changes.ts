import type { Position, Recorded } from '../../events/envelope.ts';
import type { PastEvents } from '../source.ts';
import type { CellUnit, ChangedOrder, ChangingEvent } from './answer.ts';

interface Side {
  readonly units: readonly CellUnit[];
  readonly position: Position | 'start';
}

/** Orders that add something else to a cell than before, with what happened to each of them in between. */
export async function changedOrders(before: Side, after: Side, past: PastEvents): Promise<ChangedOrder[]> {
  const [then, now] = [byOrder(before.units), byOrder(after.units)];
  const changed = [...new Set([...then.keys(), ...now.keys()])].filter(
    (orderId) => JSON.stringify(then.get(orderId)) !== JSON.stringify(now.get(orderId)),
  );
  const events = await eventsOf(new Set(changed), before.position, after.position, past);
  return changed.sort().map((orderId) => {
    const [was, is] = [then.get(orderId) ?? [], now.get(orderId) ?? []];
    const orderNo = is[0]?.orderNo ?? was[0]?.orderNo ?? '';
    return { orderId, orderNo, before: was, after: is, events: events.get(orderId) ?? [] };
  });
}

function byOrder(units: readonly CellUnit[]): Map<string, CellUnit[]> {
  const orders = new Map<string, CellUnit[]>();
  for (const unit of units) {
    const known = orders.get(unit.orderId);
    if (known) known.push(unit);
    else orders.set(unit.orderId, [unit]);
  }
  return orders;
}

async function eventsOf(
  orders: ReadonlySet<string>,
  since: Position | 'start',
  until: Position | 'start',
  past: PastEvents,
): Promise<Map<string, ChangingEvent[]>> {
  const found = new Map<string, ChangingEvent[]>();
  if (orders.size === 0 || until === 'start') return found;
  for await (const event of past.read(since, until)) {
    const orderId = event.stream.slice('order-'.length);
    if (!event.stream.startsWith('order-') || !orders.has(orderId)) continue;
    const known = found.get(orderId);
    if (known) known.push(changing(event));
    else found.set(orderId, [changing(event)]);
  }
  return found;
}

const changing = ({ eventId, type, stream, revision, position, metadata }: Recorded): ChangingEvent => ({
  eventId,
  type,
  stream,
  revision,
  position,
  occurredAt: metadata.occurredAt,
  recordedAt: metadata.recordedAt,
});
