import { Temporal } from 'temporal-polyfill';
import { InvalidValue, shown } from './refusal.ts';

/** An IANA time zone, e.g. Europe/Berlin. */
export type Zone = string;

const dayMs = 86_400_000;

/**
 * Offsets are remembered for stretches of four days, because projections ask for them a million times. No zone has changed
 * its offset twice in a stretch since 1970; seven days can be too long (America/Noronha, October 2000).
 */
const stretchMs = 4 * dayMs;
const rememberedStretches = 4_000;
const rememberedZones = 128;

/** The offset in one stretch: `before` until the instant `change`, `after` from then on; mostly they are the same. */
interface Offsets {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

const zoneName = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;
const clocks = new Map<Zone, Map<number, Offsets>>();

/**
 * Takes any case, gives the name as the IANA database writes it. Throws InvalidValue for anything else, offsets such as
 * +02:00 included: they know no daylight saving.
 */
export function parseZone(text: string): Zone {
  try {
    if (!zoneName.test(text)) throw new RangeError('not a name');
    return new Temporal.ZonedDateTime(0n, text).timeZoneId;
  } catch {
    throw new InvalidValue('unknown-zone', `${shown(text)} is not an IANA time zone; give e.g. Europe/Berlin or UTC`);
  }
}

/** Local time minus UTC in milliseconds, at an instant given in epoch milliseconds. */
export function offsetAt(epoch: number, zone: Zone): number {
  if (zone === 'UTC') return 0;
  const stretch = Math.floor(epoch / stretchMs);
  const clock = clockOf(zone);
  let offsets = clock.get(stretch);
  if (!offsets) {
    offsets = offsetsOf(stretch * stretchMs, zone);
    if (clock.size >= rememberedStretches) clock.clear();
    clock.set(stretch, offsets);
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

function clockOf(zone: Zone): Map<number, Offsets> {
  let clock = clocks.get(zone);
  if (!clock) {
    parseZone(zone);
    clock = new Map();
    if (clocks.size >= rememberedZones) clocks.clear();
    clocks.set(zone, clock);
  }
  return clock;
}

function offsetsOf(start: number, zone: Zone): Offsets {
  const end = start + stretchMs;
  const before = computedOffset(start, zone);
  const after = computedOffset(end, zone);
  return { before, after, change: before === after ? start : changeBetween(start, end, zone) };
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
