import type { Recorded } from '../../events/envelope.ts';

/** By which time a history is told: when things happened, or when the system came to know of them. */
export type TimeAxis = 'occurred' | 'recorded';
export const timeAxes = ['occurred', 'recorded'] as const satisfies readonly TimeAxis[];

/** An event in its place, and which of the others it came of. */
export interface Placed {
  readonly event: Recorded;
  /** Id of the event that caused it. */
  readonly causedBy?: string;
  /** In the time by which the history is told, epoch milliseconds. */
  readonly at: number;
}

/** Merges whole streams into one history, by time. Whatever the times say, no effect stands before its cause. */
export function merged(events: readonly Recorded[], axis: TimeAxis): Placed[] {
  const times = axis === 'occurred' ? occurredTimes(events) : knownTimes(events);
  const causes = causesOf(events);
  const sorted = events
    .map((event): Placed => {
      const causedBy = causes.get(event.eventId);
      return { event, at: times.get(event.eventId) ?? 0, ...(causedBy !== undefined && { causedBy }) };
    })
    .sort((a, b) => a.at - b.at || (a.event.position < b.event.position ? -1 : 1));
  return afterTheirCauses(sorted);
}

const occurredTimes = (events: readonly Recorded[]): Map<string, number> =>
  new Map(events.map(({ eventId, metadata }) => [eventId, Date.parse(metadata.occurredAt)]));

/** An event is known when it was recorded and everything before it in its stream was. */
function knownTimes(events: readonly Recorded[]): Map<string, number> {
  const latest = new Map<string, number>();
  return new Map(
    events.map(({ eventId, stream, metadata }) => {
      const at = Math.max(latest.get(stream) ?? 0, Date.parse(metadata.recordedAt));
      latest.set(stream, at);
      return [eventId, at];
    }),
  );
}

/** Effect -> cause. A command that names itself as its cause began something. */
function causesOf(events: readonly Recorded[]): Map<string, string> {
  const byId = new Set(events.map(({ eventId }) => eventId));
  const lastOfCommand = new Map(events.map(({ eventId, metadata }) => [metadata.commandId, eventId]));
  const causes = new Map<string, string>();
  for (const { eventId, metadata } of events) {
    const { causationId, commandId } = metadata;
    if (causationId === commandId || causationId === eventId) continue;
    const cause = byId.has(causationId) ? causationId : lastOfCommand.get(causationId);
    if (cause !== undefined) causes.set(eventId, cause);
  }
  return causes;
}

/** Holds back what comes too early until its cause has been told. Events that are said to cause each other come last. */
function afterTheirCauses(sorted: readonly Placed[]): Placed[] {
  const told = new Set<string>();
  const waiting = new Map<string, Placed[]>();
  const here = new Set(sorted.map(({ event }) => event.eventId));
  const result: Placed[] = [];
  const tell = (first: Placed): void => {
    const next = [first];
    for (let placed = next.shift(); placed; placed = next.shift()) {
      const { eventId } = placed.event;
      result.push(placed);
      told.add(eventId);
      next.unshift(...(waiting.get(eventId) ?? []));
      waiting.delete(eventId);
    }
  };
  for (const placed of sorted) {
    const { causedBy } = placed;
    if (causedBy === undefined || told.has(causedBy) || !here.has(causedBy)) tell(placed);
    else waiting.set(causedBy, [...(waiting.get(causedBy) ?? []), placed]);
  }
  return [...result, ...[...waiting.values()].flat()];
}
