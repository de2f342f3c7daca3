import type { Position } from '../../events/envelope.ts';
import { type RawEvent, rawFrom } from '../../events/log/bulk.ts';
import type { EventLog } from '../../events/log/port.ts';

export type ReadableLog = Pick<EventLog, 'subscribe' | 'bulk'>;

const sliceEvents = 1_000;

/** The log after a position up to its present end, in pieces that are valid until the next one is asked for. */
export async function* eventsAfter(
  log: ReadableLog,
  after: Position | 'start',
  signal: AbortSignal,
): AsyncGenerator<readonly RawEvent[], void> {
  if (log.bulk) {
    yield* log.bulk({ after, signal });
    return;
  }
  const enough = new AbortController();
  let slice: RawEvent[] = [];
  try {
    for await (const message of log.subscribe({ after, signal: AbortSignal.any([signal, enough.signal]) })) {
      if (message.kind === 'event') slice.push(rawFrom(message.event));
      const over = message.kind === 'caught-up';
      if (slice.length >= sliceEvents || (over && slice.length > 0)) {
        yield slice;
        slice = [];
      }
      if (over) return;
    }
    signal.throwIfAborted();
    throw new Error('The subscription to the event log ended');
  } finally {
    enough.abort();
  }
}
