import { expect } from 'vitest';
import type { Position, Recorded } from '../../src/events/envelope.ts';
import type { AppendOutcome, EventLog, LogMessage } from '../../src/events/log/port.ts';
import { freshStream, sampleEvents } from '../support/events.ts';

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/**
 * A place behind everything that was appended before: where tests start that must not meet the events of others. The head
 * is no such place, because it may stand still for a while when older transactions are running.
 */
export async function here(log: EventLog): Promise<Position> {
  const stream = freshStream();
  const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 1), { expected: 'no-stream' }));
  return position;
}

type Appended = Extract<AppendOutcome, { kind: 'appended' }>;

/** Fails the test unless the append succeeded. */
export async function appended(outcome: Promise<AppendOutcome>): Promise<Appended> {
  const known = await outcome;
  if (known.kind !== 'appended') expect.fail(`Expected the append to succeed, but: ${JSON.stringify(known)}`);
  return known;
}

/** Follows the log until `enough`, then leaves. */
export async function follow(
  log: EventLog,
  options: { after: Position | 'start'; types?: readonly string[] },
  enough: (messages: readonly LogMessage[], last: LogMessage) => boolean,
): Promise<LogMessage[]> {
  const stop = new AbortController();
  const messages: LogMessage[] = [];
  for await (const message of log.subscribe({ ...options, signal: stop.signal })) {
    messages.push(message);
    if (enough(messages, message)) break;
  }
  stop.abort();
  return messages;
}

export const eventsOf = (messages: readonly LogMessage[]): Recorded[] =>
  messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));

/** Until the event with this id was seen. */
export const untilSeen = (eventId: string | undefined) => (_: readonly LogMessage[], last: LogMessage) =>
  last.kind === 'event' && last.event.eventId === eventId;

/** Positions must rise from event to event, and no event may follow a marker that claimed to be beyond it. */
export function expectOneOrder(messages: readonly LogMessage[], after: Position | 'start' = 'start'): void {
  let seen = after === 'start' ? '' : after;
  for (const message of messages) {
    if (message.kind === 'event') {
      if (message.event.position <= seen) expect.fail(`${message.event.position} follows ${seen}`);
      seen = message.event.position;
    } else if (message.position !== 'start') {
      if (message.position < seen) expect.fail(`The marker ${message.position} follows ${seen}`);
      seen = message.position;
    }
  }
}
