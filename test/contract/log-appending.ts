import { describe, expect, test, vi } from 'vitest';
import type { Recorded } from '../../src/events/envelope.ts';
import { freshStream, sampleEvents } from '../support/events.ts';
import type { UnderTest } from './eventLog.ts';
import { all, appended } from './log-support.ts';

export function appending(underTest: UnderTest): void {
  describe('append', () => {
    test('keeps events exactly as they were given, in order', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const events = sampleEvents(stream, 0, 5);
      const outcome = await appended(log.append(stream, events, { expected: 'no-stream' }));
      expect(outcome.revision).toBe(4);
      const recorded = await all(log.readStream(stream));
      expect(recorded.map(withoutPlace)).toEqual(events);
      expect(recorded.map((e) => [e.stream, e.revision])).toEqual([0, 1, 2, 3, 4].map((r) => [stream, r]));
      expect(recorded.at(-1)?.position).toBe(outcome.position);
    });

    test('continues at the exact revision', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const first = await appended(log.append(stream, sampleEvents(stream, 0, 2), { expected: 'no-stream' }));
      const next = await appended(log.append(stream, sampleEvents(stream, 2, 3), { expected: 1 }));
      expect(next.revision).toBe(4);
      expect(next.position > first.position).toBe(true);
    });

    test.each([0, 2, 7])('answers a conflict with the actual revision when %i was expected', async (expected) => {
      const { log } = underTest();
      const stream = freshStream();
      await appended(log.append(stream, sampleEvents(stream, 0, 2), { expected: 'no-stream' }));
      const outcome = await log.append(stream, sampleEvents(stream, expected + 1, 1), { expected });
      expect(outcome).toEqual({ kind: 'conflict', actual: 1 });
      expect(await all(log.readStream(stream))).toHaveLength(2);
    });

    test('answers a conflict when no stream was expected but there is one', async () => {
      const { log } = underTest();
      const stream = freshStream();
      await appended(log.append(stream, sampleEvents(stream, 0, 1), { expected: 'no-stream' }));
      const outcome = await log.append(stream, sampleEvents(stream, 0, 1), { expected: 'no-stream' });
      expect(outcome).toEqual({ kind: 'conflict', actual: 0 });
    });

    test('answers a conflict when a stream was expected but there is none', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const outcome = await log.append(stream, sampleEvents(stream, 3, 1), { expected: 2 });
      expect(outcome).toEqual({ kind: 'conflict', actual: 'no-stream' });
      expect(await all(log.readStream(stream))).toEqual([]);
    });

    test('answers the same events again like the first time, also after others followed', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const events = sampleEvents(stream, 0, 3);
      const first = await log.append(stream, events, { expected: 'no-stream' });
      expect(await log.append(stream, events, { expected: 'no-stream' })).toEqual(first);
      const more = sampleEvents(stream, 3, 2);
      const second = await log.append(stream, more, { expected: 2 });
      expect(await log.append(stream, events, { expected: 'no-stream' })).toEqual(first);
      expect(await log.append(stream, more, { expected: 2 })).toEqual(second);
      expect(await all(log.readStream(stream))).toHaveLength(5);
    });

    test('takes the same events at another revision for a conflict', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const events = sampleEvents(stream, 0, 2);
      await appended(log.append(stream, events, { expected: 'no-stream' }));
      await appended(log.append(stream, sampleEvents(stream, 2, 1), { expected: 1 }));
      expect(await log.append(stream, events, { expected: 0 })).toEqual({ kind: 'conflict', actual: 2 });
    });

    test('lets exactly one of many writers of one stream win each revision', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const rivals = Array.from({ length: 16 }, () => sampleEvents(stream, 0, 2));
      const outcomes = await Promise.all(rivals.map((e) => log.append(stream, e, { expected: 'no-stream' })));
      expect(outcomes.filter((o) => o.kind === 'appended')).toHaveLength(1);
      expect(outcomes.filter((o) => o.kind === 'conflict' && o.actual === 1)).toHaveLength(15);
      const winner = rivals[outcomes.findIndex((o) => o.kind === 'appended')];
      expect((await all(log.readStream(stream))).map(withoutPlace)).toEqual(winner);
    });

    test('moves the head', async () => {
      const { log } = underTest();
      const stream = freshStream();
      const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 1), { expected: 'no-stream' }));
      await vi.waitUntil(async () => {
        const head = await log.head();
        return head !== 'start' && head >= position;
      });
    });
  });
}

function withoutPlace({ eventId, type, data, metadata }: Recorded) {
  return { eventId, type, data, metadata };
}
