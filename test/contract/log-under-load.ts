import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src/events/envelope.ts';
import type { AppendOutcome, EventLog } from '../../src/events/log/port.ts';
import { freshStream, sampleEvents } from '../support/events.ts';
import type { OpenedLog, UnderTest } from './eventLog.ts';
import { all, appended, eventsOf, expectOneOrder, follow, here } from './log-support.ts';

const soak = process.env.ORDERFOLD_SOAK ? 10 : 1;

export function underLoad(underTest: UnderTest): void {
  describe('under load', () => {
    test('64 writers and a reader that runs beside them: each event once, in one order', async () => {
      const { log, second } = underTest();
      const other = (await second?.()) ?? log;
      const after = await here(log);
      const writers = 64;
      const rounds = 10 * soak;
      const expected = writers * rounds * 2;
      const reader = follow(other, { after }, counting(expected));
      const written = await Promise.all(
        Array.from({ length: writers }, (_, i) => writeRounds(i % 2 ? log : other, rounds)),
      );
      const messages = await reader;
      expectOneOrder(messages, after);
      const ids = eventsOf(messages).map((event) => event.eventId);
      expect([...ids].sort()).toEqual(written.flat().sort());
      const again = await follow(log, { after }, counting(expected));
      expect(eventsOf(again).map((event) => event.eventId)).toEqual(ids);
      if (other !== log) await other.close();
    });

    test('100,000 events pass through bounded memory', async () => {
      const opened = underTest();
      const { log } = opened;
      const total = 100_000;
      const after = await here(log);
      await fill(opened, total);
      const bound = 48 * 2 ** 20;
      const before = usedMemory();
      const stop = new AbortController();
      let count = 0;
      let peak = 0;
      for await (const message of log.subscribe({ after, signal: stop.signal })) {
        if (message.kind !== 'event') continue;
        count++;
        if (count % 20_000 === 10) peak = Math.max(peak, usedMemory() - before);
        if (count === total) break;
      }
      expect(count).toBe(total);
      expect(peak).toBeLessThan(bound);
    });

    test('cut connections lose nothing and repeat nothing', async ({ skip }) => {
      const { log, killConnections } = underTest();
      if (!killConnections) return skip('this store has no connections to cut');
      const after = await here(log);
      const marker = sampleEvents('order-marker', 0, 1);
      const reader = follow(
        log,
        { after },
        (_, last) => last.kind === 'event' && last.event.eventId === marker[0]?.eventId,
      );
      const streams = Array.from({ length: 24 }, freshStream);
      let writing = true;
      const writers = Promise.all(streams.map((stream) => writeThroughCuts(log, stream, 25))).finally(() => {
        writing = false;
      });
      for (let cuts = 0; writing && cuts < 8; cuts++) {
        await killConnections();
        await readsAgain(log);
      }
      const written = await writers;
      await settle(log, freshStream(), marker, 'no-stream');
      const ids = eventsOf(await reader).map((event) => event.eventId);
      expect(ids.length).toBe(new Set(ids).size);
      expect([...ids].sort()).toEqual([...written.flat(), marker[0]?.eventId].sort());
    });
  });
}

const counting = (expected: number) => {
  let seen = 0;
  return (_: unknown, last: { kind: string }) => last.kind === 'event' && ++seen === expected;
};

/** Appends pairs of events to a stream of its own; the turns of 64 of these mix by themselves. Returns the ids. */
async function writeRounds(log: EventLog, rounds: number): Promise<string[]> {
  const stream = freshStream();
  const ids: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const events = sampleEvents(stream, round * 2, 2);
    await appended(log.append(stream, events, { expected: round === 0 ? 'no-stream' : round * 2 - 1 }));
    ids.push(...events.map((event) => event.eventId));
  }
  return ids;
}

async function fill({ log, put }: OpenedLog, total: number): Promise<void> {
  const size = 500;
  const append = async (stream: string, events: readonly NewEvent[]): Promise<void> => {
    await appended(log.append(stream, events, { expected: 'no-stream' }));
  };
  for (let written = 0; written < total; written += size * 4) {
    await Promise.all(
      [0, 1, 2, 3].map(() => {
        const stream = freshStream();
        return (put ?? append)(stream, sampleEvents(stream, 0, size));
      }),
    );
  }
}

/** Appends one event at a time; an unknown outcome is settled by reading. Returns the ids that must be in the log. */
async function writeThroughCuts(log: EventLog, stream: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let revision = 0; revision < count; revision++) {
    const events = sampleEvents(stream, revision, 1);
    await settle(log, stream, events, revision === 0 ? 'no-stream' : revision - 1);
    ids.push(...events.map((event) => event.eventId));
  }
  return ids;
}

async function settle(log: EventLog, stream: string, events: NewEvent[], expected: number | 'no-stream') {
  for (;;) {
    const outcome: AppendOutcome = await log.append(stream, events, { expected });
    if (outcome.kind === 'appended') return;
    const there = await stored(log, stream);
    if (there.includes(events[0]?.eventId ?? '')) return;
    if (outcome.kind === 'conflict') expect.fail(`Nobody else writes to ${stream}, but: ${JSON.stringify(outcome)}`);
  }
}

async function stored(log: EventLog, stream: string): Promise<string[]> {
  for (;;) {
    try {
      return (await all(log.readStream(stream))).map((event) => event.eventId);
    } catch {
      // The connection was cut while reading; the next read gets a new one.
    }
  }
}

const readsAgain = (log: EventLog) => stored(log, 'order-none');

/** Bytes in use after a collection. */
function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
