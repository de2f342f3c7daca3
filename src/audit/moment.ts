import type { Position, Recorded } from '../events/envelope.ts';
import { knownBy } from '../events/known.ts';

/**
 * A moment in two times. `position` and `recorded` say what the system knew; `occurred` says what had happened. Together: what was
 * known then of what had happened by then. Left out, a time does not cut anything off.
 */
export interface Moment {
  /** The log up to this position, inclusive. */
  readonly position?: Position;
  /** What was recorded up to this instant. */
  readonly recorded?: string;
  /** What had happened up to this instant. */
  readonly occurred?: string;
}

/** What of the events was there at a moment. */
export interface Selection {
  /** In the order of the log. */
  readonly events: readonly Recorded[];
  /** Ids of those that are dated later than the moment, but without which what had happened by then could not have. */
  readonly presupposed: ReadonlySet<string>;
}

/** What of the events, whole streams in order, was there at the moment. */
export function eventsAt(events: readonly Recorded[], moment: Moment): Selection {
  const known = events.filter(isKnownAt(moment));
  const { occurred } = moment;
  if (occurred === undefined) return { events: known, presupposed: new Set() };
  const end = Date.parse(occurred);
  const happened = known.filter(({ metadata }) => Date.parse(metadata.occurredAt) <= end);
  const presupposed = presupposedBy(happened, known);
  const there = new Set(happened);
  return { events: known.filter((event) => there.has(event) || presupposed.has(event.eventId)), presupposed };
}

/** Whether the system knew an event at the moment. To be asked once for each event, in the order of its stream. */
export function isKnownAt({ position, recorded }: Moment): (event: Recorded) => boolean {
  const recordedBy = recorded === undefined ? () => true : knownBy(recorded);
  return (event) => (position === undefined || event.position <= position) && recordedBy(event);
}

/**
 * Received times can contradict each other: a shipment is dated before the order that it belongs to. What is named by an event
 * was there when it happened, and a thing comes into being by the first event of its stream that names it.
 */
function presupposedBy(happened: readonly Recorded[], known: readonly Recorded[]): Set<string> {
  const births = new Map<string, Recorded>();
  for (const event of known) for (const name of namesIn(event)) if (!births.has(name)) births.set(name, event);
  const there = new Set(happened.map(({ eventId }) => eventId));
  const added = new Set<string>();
  const waiting = [...happened];
  for (let event = waiting.pop(); event; event = waiting.pop()) {
    for (const name of namesIn(event)) {
      const birth = births.get(name);
      if (!birth || there.has(birth.eventId)) continue;
      there.add(birth.eventId);
      added.add(birth.eventId);
      waiting.push(birth);
    }
  }
  return added;
}

/** The stream itself, and everything in the data that has an id or a number: `lineNo 20`, `shipmentId S-1`. */
function namesIn({ stream, data }: Recorded): Set<string> {
  const names = new Set([stream]);
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inside] of Object.entries(value)) {
      const named = /(?:Id|No)$/.test(key) && (typeof inside === 'string' || typeof inside === 'number');
      if (named) names.add(`${stream} ${key} ${inside}`);
      else look(inside);
    }
  };
  look(data);
  return names;
}
