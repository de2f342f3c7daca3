import { Temporal } from 'temporal-polyfill';
import { InvalidValue, shown } from './refusal.ts';

/** An IANA time zone, e.g. Europe/Berlin. */
export type Zone = string;

/** Offsets are remembered per zone and UTC day: what a projection asks a million times is computed once a day. */
const dayMs = 86_400_000;
const rememberedDays = 20_000;

/** The offset of one UTC day: `before` until the instant `change`, `after` from then on; on most days they are the same. */
interface OffsetsOfDay {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

const clocks = new Map<Zone, Map<number, OffsetsOfDay>>();

/** Throws InvalidValue unless the zone is one of the IANA time zone database. Offsets such as +02:00 are refused: they know no DST. */
export function parseZone(text: string): Zone {
  clockOf(text);
  return text;
}

/** Local time minus UTC in milliseconds, at an instant given in epoch milliseconds. */
export function offsetAt(epoch: number, zone: Zone): number {
  if (zone === 'UTC') return 0;
  const day = Math.floor(epoch / dayMs);
  const clock = clockOf(zone);
  let offsets = clock.get(day);
  if (!offsets) {
    offsets = offsetsOfDay(day, zone);
    if (clock.size >= rememberedDays) clock.clear();
    clock.set(day, offsets);
  }
  return epoch < offsets.change ? offsets.before : offsets.after;
}

/**
 * The first instant at which the wall clock of the zone shows `local` (milliseconds as if it were UTC) or later: the earlier
 * one when the clock shows it twice, the moment of the jump when the clock skips it.
 */
export function epochOfLocal(local: number, zone: Zone): number {
  if (zone === 'UTC') return local;
  const offsetBefore = offsetAt(local - dayMs, zone);
  const offsetAfter = offsetAt(local + dayMs, zone);
  const early = local - offsetBefore;
  if (offsetBefore === offsetAfter || offsetAt(early, zone) === offsetBefore) return early;
  const late = local - offsetAfter;
  if (offsetAt(late, zone) === offsetAfter) return late;
  return changeBetween(late, early, zone);
}

function clockOf(zone: Zone): Map<number, OffsetsOfDay> {
  let clock = clocks.get(zone);
  if (!clock) {
    checkZone(zone);
    clock = new Map();
    clocks.set(zone, clock);
  }
  return clock;
}

function checkZone(zone: string): void {
  const named = /^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone);
  try {
    if (!named) throw new RangeError('not a name');
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new InvalidValue('unknown-zone', `${shown(zone)} is not an IANA time zone; give e.g. Europe/Berlin or UTC`);
  }
}

function offsetsOfDay(day: number, zone: Zone): OffsetsOfDay {
  const start = day * dayMs;
  const before = computedOffset(start, zone);
  const after = computedOffset(start + dayMs, zone);
  return { before, after, change: before === after ? start : changeBetween(start, start + dayMs, zone) };
}

/** Bisects to the millisecond; the zone changes its offset once between the two instants. */
function changeBetween(from: number, to: number, zone: Zone): number {
  const before = computedOffset(from, zone);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (computedOffset(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

function computedOffset(epoch: number, zone: Zone): number {
  return Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
}
