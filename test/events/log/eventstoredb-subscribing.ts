import { expect } from 'vitest';
import type { NewEvent } from '../../../src/events/envelope.ts';
import type { EventLog, LogMessage } from '../../../src/events/log/port.ts';
import { appended } from '../../contract/log-support.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';

/** A new stream with so many events. */
export async function filled(log: EventLog, count: number): Promise<NewEvent[]> {
  const stream = freshStream();
  const events = sampleEvents(stream, 0, count);
  await appended(log.append(stream, events, { expected: 'no-stream' }));
  return events;
}

export const ids = (events: readonly { eventId: string }[]): string[] => events.map((event) => event.eventId);

export const caughtUp = (_: unknown, last: LogMessage): boolean => last.kind === 'caught-up';

/** A subscription that caught up, and the ids of the events that it delivered so far. */
export async function live(log: EventLog) {
  const iterator = log.subscribe({ after: 'start', signal: new AbortController().signal })[Symbol.asyncIterator]();
  const seen: string[] = [];
  const next = async (): Promise<LogMessage> => {
    const message: LogMessage = (await iterator.next()).value ?? expect.fail('The subscription ended');
    if (message.kind === 'event') seen.push(message.event.eventId);
    return message;
  };
  while ((await next()).kind !== 'caught-up');
  return { seen, next };
}
