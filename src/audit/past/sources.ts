import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { readAll } from '../history/gather.ts';
import { eventsAt, isKnownAt, type Moment } from '../moment.ts';
import type { Readable, RowKey } from './read-model.ts';

/** All events up to a position, fast: from the journal, else from the log. */
export interface Archive {
  read(after: Position | 'start', upTo?: Position): AsyncIterable<Recorded>;
}

export interface EventSources {
  readonly log: Pick<EventLog, 'readStream' | 'head'>;
  readonly archive: Archive;
}

const sliceMs = 3;

/** The events of a moment from which the row can be made again: of its one stream, or of all that its read model handles. */
export async function* eventsFor(
  { log, archive }: EventSources,
  { model, summed }: Readable,
  key: RowKey,
  moment: Moment,
): AsyncGenerator<Recorded, void> {
  if (model.streamOf && !summed) {
    yield* eventsAt(await readAll(log, model.streamOf(key)), moment).events;
    return;
  }
  const upTo = moment.position ?? (await log.head());
  if (upTo === 'start') return;
  const handled = new Set(Object.keys(model.handles));
  const all = () => wanted(archive.read('start', upTo), handled);
  yield* moment.occurred === undefined ? knownOf(all(), moment) : happenedOf(all, moment, moment.occurred);
}

/** Lets the event loop turn every few milliseconds: requests are answered meanwhile. */
async function* wanted(events: AsyncIterable<Recorded>, types: ReadonlySet<string>): AsyncGenerator<Recorded, void> {
  let until = performance.now() + sliceMs;
  for await (const event of events) {
    if (types.has(event.type)) yield event;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + sliceMs;
  }
}

async function* knownOf(events: AsyncIterable<Recorded>, moment: Moment): AsyncGenerator<Recorded, void> {
  const isKnown = isKnownAt(moment);
  for await (const event of events) if (isKnown(event)) yield event;
}

/**
 * Of most streams what had happened by then is a beginning. Only those in which something later is recorded before something
 * earlier need to be looked at as a whole; they are told last.
 */
async function* happenedOf(
  all: () => AsyncIterable<Recorded>,
  moment: Moment,
  occurred: string,
): AsyncGenerator<Recorded, void> {
  const end = Date.parse(occurred);
  const later = new Set<string>();
  const crossed = new Map<string, Recorded[]>();
  for await (const { stream, metadata } of knownOf(all(), moment)) {
    if (Date.parse(metadata.occurredAt) > end) later.add(stream);
    else if (later.has(stream)) crossed.set(stream, []);
  }
  for await (const event of knownOf(all(), moment)) {
    const whole = crossed.get(event.stream);
    if (whole) whole.push(event);
    else if (Date.parse(event.metadata.occurredAt) <= end) yield event;
  }
  for (const events of crossed.values()) yield* eventsAt(events, { occurred }).events;
}
