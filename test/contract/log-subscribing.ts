import { describe, expect, test } from 'vitest';
import type { LogMessage } from '../../src/events/log/port.ts';
import { freshStream, sampleEvents, sampleTypes } from '../support/events.ts';
import type { UnderTest } from './eventLog.ts';
import { appended, eventsOf, expectOneOrder, follow, here, untilSeen } from './log-support.ts';

export function subscribing(underTest: UnderTest): void {
  describe('subscribe', () => {
    test('delivers what is there, says so, and goes on live', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const old = sampleEvents(stream, 0, 3);
      await appended(log.append(stream, old, { expected: 'no-stream' }));
      const young = sampleEvents(stream, 3, 2);
      let live = false;
      const messages = await follow(log, { after: 'start' }, (_, last) => {
        if (last.kind === 'caught-up' && !live) {
          live = true;
          void log.append(stream, young, { expected: 2 });
        }
        return untilSeen(young[1]?.eventId)([], last);
      });
      const ours = eventsOf(messages).filter((event) => event.stream === stream);
      expect(ours.map((event) => event.eventId)).toEqual([...old, ...young].map((event) => event.eventId));
      expectOneOrder(messages);
      expect(kindsAround(messages, old[2]?.eventId, young[0]?.eventId)).toContain('caught-up');
    });

    test('resumes strictly after a position', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const events = sampleEvents(stream, 0, 6);
      await appended(log.append(stream, events, { expected: 'no-stream' }));
      const first = await follow(log, { after: 'start' }, untilSeen(events[2]?.eventId));
      const after = eventsOf(first).at(-1)?.position ?? 'start';
      const rest = await follow(log, { after }, untilSeen(events[5]?.eventId));
      expect(eventsOf(rest).map((event) => event.eventId)).toEqual(events.slice(3).map((event) => event.eventId));
      expectOneOrder(rest, after);
    });

    test('says that it has caught up when there is nothing to deliver', async () => {
      const { log } = underTest();
      const after = await here(log);
      const messages = await follow(log, { after }, (_, last) => last.kind === 'caught-up');
      expect(eventsOf(messages)).toEqual([]);
    });

    test('delivers only the wanted types and still tells how far the log was seen', async () => {
      const { log } = underTest();
      const after = await here(log);
      const stream = freshStream();
      const events = sampleEvents(stream, 0, 40);
      const { position } = await appended(log.append(stream, events, { expected: 'no-stream' }));
      const beyond = (_: unknown, last: LogMessage) => last.kind === 'caught-up' && last.position >= position;
      const messages = await follow(log, { after, types: [sampleTypes[0]] }, beyond);
      expect(eventsOf(messages).map((event) => event.revision)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
      expectOneOrder(messages, after);
    });

    test('tells its progress over a log of unwanted types', async () => {
      const { log } = underTest();
      const after = await here(log);
      const stop = new AbortController();
      const subscription = log.subscribe({ after, types: ['NothingLikeThis'], signal: stop.signal });
      const messages = subscription[Symbol.asyncIterator]();
      expect((await messages.next()).value?.kind).toBe('caught-up');
      const stream = freshStream();
      const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 2), { expected: 'no-stream' }));
      let reached = '';
      while (reached < position) {
        const { value } = await messages.next();
        if (value?.kind === 'event') expect.fail('An unwanted event was delivered');
        reached = value?.position ?? expect.fail('The subscription ended');
      }
      stop.abort();
    });

    test('ends without an error when its signal aborts while it waits', async () => {
      const { log } = underTest();
      const stop = new AbortController();
      const kinds: string[] = [];
      for await (const message of log.subscribe({ after: await here(log), signal: stop.signal })) {
        kinds.push(message.kind);
        setImmediate(() => stop.abort());
      }
      expect(kinds).toEqual(['caught-up']);
      const ended = log.subscribe({ after: 'start', signal: stop.signal });
      expect((await ended[Symbol.asyncIterator]().next()).done).toBe(true);
    });

    test('gives every subscriber the same order', async () => {
      const { log } = underTest();
      const after = await here(log);
      const streams = Array.from({ length: 30 }, freshStream);
      await Promise.all(
        streams.map((stream) => appended(log.append(stream, sampleEvents(stream, 0, 3), { expected: 'no-stream' }))),
      );
      const ids = async () =>
        eventsOf(await follow(log, { after }, (messages) => eventsOf(messages).length === 90)).map((e) => e.eventId);
      const [one, two] = await Promise.all([ids(), ids()]);
      expect(one).toEqual(two);
    });
  });
}

/** Kinds of the messages between two events. */
function kindsAround(messages: readonly LogMessage[], from?: string, to?: string): string[] {
  const at = (id?: string) => messages.findIndex((m) => m.kind === 'event' && m.event.eventId === id);
  return messages.slice(at(from) + 1, at(to)).map((message) => message.kind);
}
