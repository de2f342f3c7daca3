import { addCalendarDays, type Instant, type LocalDate, localDateOf } from '../values/dates.ts';
import { plantZone } from './factory.ts';
import { type Part, pieces, promiseOf } from './order-entry.ts';
import type { Life } from './order-life.ts';
import type { Random } from './random.ts';
import { actors } from './script.ts';
import { duringTheDay, notBefore, workday } from './working-days.ts';

/** Ships and delivers all parts, those of one ship day together, and closes the order. */
export function parcels(life: Life): void {
  const { random, commands } = life;
  const ready = life.now;
  const days = [...new Set(life.parts.map(({ shipOn }) => shipOn))].sort();
  let last = ready;
  for (const [index, shipOn] of days.entries()) {
    const parts = life.parts.filter((part) => part.shipOn === shipOn);
    const arrivedAt = dispatch(life, parts, `P${index + 1}`, ready);
    if (arrivedAt > last) last = arrivedAt;
  }
  if (days.length === 0 || !random.chance(0.85)) return;
  const at = duringTheDay(workday(localDateOf(last, plantZone), random.between(2, 6)), plantZone, random);
  commands.push({ kind: 'close', body: {}, at: notBefore(at, last), actor: actors.orderDesk });
}

/** Working days by which a dispatch is late: mostly none. */
function delay(random: Random): number {
  const luck = random.next();
  if (luck < 0.06) return -1;
  if (luck < 0.82) return 0;
  return luck < 0.9 ? random.between(1, 2) : random.between(3, 14);
}

/** Gives the time of the last delivery. */
function dispatch(life: Life, parts: readonly Part[], shipmentId: string, ready: Instant): Instant {
  const { random } = life;
  const late = delay(random);
  const shipOn = workday(parts[0]?.shipOn ?? '', late);
  const told = late >= 3 && random.chance(0.7) ? announceDelay(life, parts, late, ready) : ready;
  const split = random.chance(0.08) && parts.some(({ quantity }) => quantity > 1);
  if (!split) return send(life, parts, shipmentId, shipOn, told);
  const now = parts.map((part) => ({ ...part, quantity: Math.ceil(part.quantity / 2) }));
  const rest = parts
    .map((part) => ({ ...part, quantity: Math.floor(part.quantity / 2) }))
    .filter(({ quantity }) => quantity > 0);
  const first = send(life, now, `${shipmentId}a`, shipOn, told);
  const second = send(life, rest, `${shipmentId}b`, workday(shipOn, random.between(2, 6)), told);
  return first > second ? first : second;
}

/** We move the promise before it is broken; sometimes the customer agrees, and then the commit date moves too. */
function announceDelay(life: Life, parts: readonly Part[], days: number, ready: Instant): Instant {
  const { random, customer, commands } = life;
  const planned = workday(parts[0]?.shipOn ?? '', -random.between(1, 3));
  const at = notBefore(duringTheDay(planned, plantZone, random), ready);
  const moved = { due: workday(parts[0]?.due ?? '', days), shipOn: workday(parts[0]?.shipOn ?? '', days) };
  const revise = parts.map((part) => ({
    lineNo: part.lineNo,
    scheduleId: part.scheduleId,
    promise: promiseOf({ ...moved, due: moved.due < part.due ? part.due : moved.due }, customer),
  }));
  commands.push({
    kind: 'promise',
    body: { initiator: 'supplier', customerAgreed: random.chance(0.25), revise },
    at,
    actor: actors.planning,
    reason: { code: random.pick(['material-late', 'machine-down', 'capacity', 'quality']) },
  });
  return at;
}

/** One shipment and its arrival, and what the customer finds wrong with it. Gives the time of arrival. */
function send(life: Life, parts: readonly Part[], shipmentId: string, shipOn: LocalDate, earliest: Instant): Instant {
  const { random, customer, commands } = life;
  const shippedAt = notBefore(duringTheDay(shipOn, plantZone, random), earliest);
  const lines = parts.map(({ lineNo, scheduleId, quantity }) => ({ lineNo, scheduleId, qty: pieces(quantity) }));
  const carrier = random.pick(['Hollenstein Express', 'Overland Freight', 'Kestrel Air Cargo']);
  const tracking = `T${random.between(10_000_000, 99_999_999)}`;
  const mode = customer.region === 'EMEA' ? 'road' : 'air';
  commands.push({
    kind: 'ship',
    body: { shipmentId, carrier, tracking, mode, zone: plantZone, lines },
    at: shippedAt,
    actor: actors.warehouse,
  });
  const arrival = addCalendarDays(localDateOf(shippedAt, plantZone), customer.transit);
  const arrivedAt = notBefore(duringTheDay(arrival, customer.zone, random), shippedAt);
  commands.push({ kind: 'deliver', body: { shipmentId }, at: arrivedAt, actor: actors.carrier });
  complain(life, parts, shipmentId, arrivedAt);
  return arrivedAt;
}

function complain(
  { random, customer, commands }: Life,
  parts: readonly Part[],
  shipmentId: string,
  arrivedAt: Instant,
): void {
  const [part] = parts;
  if (!part || !random.chance(0.035)) return;
  const kind = random.pick(['damage', 'damage', 'wrong-item', 'documents'] as const);
  const found = duringTheDay(
    workday(localDateOf(arrivedAt, customer.zone), random.between(1, 3)),
    customer.zone,
    random,
  );
  const what = { lineNo: part.lineNo, qty: pieces(1) };
  commands.push({
    kind: 'record-delivery-error',
    body: { kind, shipmentId, ...(kind === 'documents' ? {} : what) },
    at: notBefore(found, arrivedAt),
    actor: actors.customer(customer.customerId),
  });
}
