import type { Recorded } from '../../events/envelope.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { eventsAt, type Moment } from '../moment.ts';
import { familyOf, fits, type HistoryFilter } from './filter.ts';
import { type GatherSource, gather, type Related } from './gather.ts';
import { merged, type Placed, type TimeAxis } from './order-by.ts';
import { sentenceOf } from './sentence.ts';

export interface HistoryQuestion extends HistoryFilter {
  /** `occurred`, if left out. */
  readonly by?: TimeAxis;
  /** `whole`, if left out. */
  readonly related?: Related;
  /** Only what was there at this moment. */
  readonly moment?: Moment;
  /** Goes on after the event with this id. */
  readonly after?: string;
  readonly limit: number;
}

/** An event as it is told. */
export interface HistoryEntry extends Recorded {
  readonly family: string;
  /** Who did what, on whose behalf and why. */
  readonly sentence: string;
  /** Id of the event that caused it. */
  readonly causedBy?: string;
}

export interface History {
  readonly entries: readonly HistoryEntry[];
  /** Of everything, also of what the filter leaves out. */
  readonly streams: readonly string[];
  readonly partly: readonly string[];
  /** There are more tied streams than are looked at. */
  readonly cut: boolean;
  /** Of the stream itself, at any moment: none, when there is no such stream. */
  readonly ownEvents: number;
  /** Events that fit, on all pages. */
  readonly total: number;
  /** Id after which the next page begins. */
  readonly next?: string;
}

/** Everything that happened to a stream and to what is tied to it. */
export async function historyOf(source: GatherSource, stream: string, question: HistoryQuestion): Promise<History> {
  const { by = 'occurred', related = 'whole', moment, after, limit } = question;
  const { events, ...gathered } = await gather(source, stream, related);
  const there = moment === undefined ? events : eventsAt(events, moment).events;
  const told = merged(there, by)
    .map((placed) => ({ ...placed, sentence: sentenceOf(placed.event) }))
    .filter((candidate) => fits(candidate, question));
  const begin = after === undefined ? 0 : placeAfter(told, after);
  const page = told.slice(begin, begin + limit);
  const last = page.at(-1);
  return {
    ...gathered,
    ownEvents: events.filter((event) => event.stream === stream).length,
    entries: page.map(entryOf),
    total: told.length,
    ...(begin + limit < told.length && last && { next: last.event.eventId }),
  };
}

function placeAfter(told: readonly Placed[], eventId: string): number {
  const index = told.findIndex(({ event }) => event.eventId === eventId);
  if (index < 0) throw new InvalidValue('malformed-cursor', 'The cursor belongs to another question', 'cursor');
  return index + 1;
}

const entryOf = ({ event, sentence, causedBy }: Placed & { readonly sentence: string }): HistoryEntry => ({
  ...event,
  family: familyOf(event.stream),
  sentence,
  ...(causedBy !== undefined && { causedBy }),
});
