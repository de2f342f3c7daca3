import type { Position, Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import type { Archive } from '../past/sources.ts';
import { fits, type HistoryFilter } from './filter.ts';
import type { TimeAxis } from './order-by.ts';
import { sentenceOf } from './sentence.ts';

export interface LogQuestion extends HistoryFilter {
  /** The time of `from` and `to`; `recorded`, if left out. */
  readonly by?: TimeAxis;
  /** Only this stream. */
  readonly stream?: string;
  /** Id of an event, of its command, of what it belongs to or of what caused it. */
  readonly id?: string;
  /** Only later events. */
  readonly after?: Position;
  readonly limit: number;
}

export interface ToldEvent extends Recorded {
  readonly sentence: string;
}

export interface LogPage {
  /** In the order of the log. */
  readonly events: readonly ToldEvent[];
  /** Position after which the search goes on; undefined at the end of the log. */
  readonly next?: Position;
  /** Events that were looked at. */
  readonly looked: number;
}

export interface LogSources {
  readonly log: Pick<EventLog, 'readStream' | 'head'>;
  readonly archive: Archive;
}

/** So many events are looked at for one page: a search for something rare comes back with fewer events and goes on from there. */
const lookAtMost = 20_000;

/** Events of the whole log, page by page. */
export async function exploreLog(sources: LogSources, question: LogQuestion): Promise<LogPage> {
  const { after, limit } = question;
  const found: ToldEvent[] = [];
  let looked = 0;
  let last: Position | undefined;
  for await (const event of eventsIn(sources, question)) {
    if (after !== undefined && event.position <= after) continue;
    if (found.length === limit || looked === lookAtMost)
      return { events: found, looked, ...(last !== undefined && { next: last }) };
    looked += 1;
    last = event.position;
    if (!isAsked(event, question)) continue;
    const told = { ...event, sentence: sentenceOf(event) };
    if (fits({ event, at: timeOf(event, question.by), sentence: told.sentence }, question)) found.push(told);
  }
  return { events: found, looked };
}

async function* eventsIn(
  { log, archive }: LogSources,
  { stream, after = 'start' }: LogQuestion & { readonly after?: Position | 'start' },
) {
  if (stream !== undefined) return yield* log.readStream(stream);
  const head = await log.head();
  if (head !== 'start') yield* archive.read(after, head);
}

/** What is cheap to look at first: most events of a long log are told in vain otherwise. */
function isAsked({ eventId, type, metadata }: Recorded, { id, types, actor }: LogQuestion): boolean {
  if (types && !types.includes(type)) return false;
  if (actor !== undefined && metadata.actor.id !== actor && metadata.actor.kind !== actor) return false;
  const { commandId, correlationId, causationId } = metadata;
  return id === undefined || [eventId, commandId, correlationId, causationId].includes(id);
}

const timeOf = ({ metadata }: Recorded, by: TimeAxis = 'recorded'): number =>
  Date.parse(by === 'recorded' ? metadata.recordedAt : metadata.occurredAt);
