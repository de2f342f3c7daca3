import type { Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';

/** Where events of one correlation or cause lie: an index, since no log can be asked that. */
export interface Ties {
  streamsTiedTo(
    ids: readonly string[],
    options: { readonly known: readonly string[]; readonly limit: number },
  ): Promise<readonly string[]>;
}

export interface GatherSource {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly ties: Ties;
}

/** What of other streams comes along: whole streams, only the events that are tied, or nothing. */
export type Related = 'whole' | 'tied' | 'none';
export const relations = ['whole', 'tied', 'none'] as const satisfies readonly Related[];

export interface Gathered {
  /** Of all streams, each in its own order. */
  readonly events: readonly Recorded[];
  readonly streams: readonly string[];
  /** Streams of which only a part is here: those that are long come with the events that are tied. */
  readonly partly: readonly string[];
  /** There are more tied streams than are looked at. */
  readonly cut: boolean;
}

const streamsAtMost = 100;
const roundsAtMost = 6;
/** A stream that is longer than this serves many orders. */
const wholeUpTo = 500;

export async function readAll(log: Pick<EventLog, 'readStream'>, stream: string): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of log.readStream(stream)) events.push(event);
  return events;
}

const idsOf = ({ eventId, metadata }: Recorded): string[] => [
  eventId,
  metadata.commandId,
  metadata.correlationId,
  metadata.causationId,
];

/**
 * Every event of a stream, and of the streams that are tied to it by correlation or cause, from event to event as far as that
 * leads. Which families there are makes no difference.
 */
export async function gather({ log, ties }: GatherSource, stream: string, related: Related): Promise<Gathered> {
  const own = await readAll(log, stream);
  if (related === 'none') return { events: own, streams: [stream], partly: [], cut: false };
  const read = new Map<string, readonly Recorded[]>([[stream, own]]);
  const ids = new Set<string>();
  let fresh = addIds(ids, own);
  let cut = false;
  for (let round = 0; fresh.length > 0 && round < roundsAtMost; round += 1) {
    const found = await ties.streamsTiedTo(fresh, { known: [...read.keys()], limit: streamsAtMost + read.size + 1 });
    const taken = found.slice(0, streamsAtMost + 1 - read.size);
    cut ||= taken.length < found.length;
    for (const one of taken) read.set(one, await readAll(log, one));
    const others = [...read].filter(([name]) => name !== stream).flatMap(([, events]) => events);
    fresh = addIds(ids, tiedIn(others, ids));
  }
  return { ...chosenFrom(read, stream, ids, related), streams: [...read.keys()], cut };
}

const tiedIn = (events: readonly Recorded[], ids: ReadonlySet<string>): Recorded[] =>
  events.filter((event) => idsOf(event).some((id) => ids.has(id)));

/** Answers the ids that were not there before. */
function addIds(ids: Set<string>, events: readonly Recorded[]): string[] {
  const fresh = new Set(events.flatMap(idsOf).filter((id) => !ids.has(id)));
  for (const id of fresh) ids.add(id);
  return [...fresh];
}

function chosenFrom(
  read: ReadonlyMap<string, readonly Recorded[]>,
  stream: string,
  ids: ReadonlySet<string>,
  related: Related,
): Pick<Gathered, 'events' | 'partly'> {
  const events: Recorded[] = [];
  const partly: string[] = [];
  for (const [name, all] of read) {
    const whole = name === stream || (related === 'whole' && all.length <= wholeUpTo);
    const chosen = whole ? all : tiedIn(all, ids);
    if (chosen.length < all.length) partly.push(name);
    events.push(...chosen);
  }
  return { events, partly };
}
