import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogMessage } from '../../../src/events/log/port.ts';
import { all, type JournalPlace, journalPlace } from '../../support/journal.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { interleaved } from '../../support/order-history.ts';

vi.setConfig({ testTimeout: 30_000 });

let place: JournalPlace;
beforeEach(() => {
  place = journalPlace();
});
afterEach(() => place.remove());

function logOf(orders: number, first = 0): MemoryLog {
  const log = memoryLog();
  for (const { stream, event } of interleaved(first, orders, 3)) log.record(stream, event);
  return log;
}

describe('whose journal it is', () => {
  test.each([
    ['another log', () => logOf(6, 1000)],
    ['an empty log', () => memoryLog()],
  ])('that of %s is written again, and that is said', async (_, other) => {
    await (await place.open(logOf(6))).caughtUp();
    await place.closeAll();
    const log = other();
    const reader = await place.open(log, { mode: 'read' });
    expect(await all(reader.read('start', log.events.at(-1)?.position))).toEqual(log.events);
    const journal = await place.open(log);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(log.events);
    expect(place.problems).toEqual([
      'The journal is not of this log, or the log was set back; everything is read from the log',
      'The journal is not of this log, or the log was set back; it is written again from the beginning',
    ]);
  });

  test('that of a log which was set back and went on otherwise is written again', async () => {
    const log = logOf(6);
    await (await place.open(log)).caughtUp();
    await place.closeAll();
    const back = memoryLog();
    for (const { stream, ...event } of log.events.slice(0, 50)) back.record(stream, event);
    for (const { stream, event } of interleaved(500, 3, 3)) back.record(stream, event);
    const journal = await place.open(back);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(back.events);
    expect(place.problems).toHaveLength(1);
  });

  test('goes on in a log that went on', async () => {
    const log = logOf(4);
    await (await place.open(log)).caughtUp();
    await place.closeAll();
    for (const { stream, event } of interleaved(4, 4, 3)) log.record(stream, event);
    const journal = await place.open(log);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(log.events);
    expect(place.problems).toEqual([]);
  });
});

describe('two processes', () => {
  test('the second reads what the first writes, and the rest from the log', async () => {
    const log = logOf(6);
    const writer = await place.open(log);
    await writer.caughtUp();
    const reader = await place.open(log);
    expect(reader.standing().state).toMatchObject({
      kind: 'reading',
      because: expect.stringContaining('in use by process'),
    });
    const head = log.events.at(-1)?.position;
    expect(await all(reader.read('start', head))).toEqual(log.events);
    for (const { stream, event } of interleaved(6, 6, 3)) log.record(stream, event);
    await writer.caughtUp();
    expect(await all(reader.read('start', log.events.at(-1)?.position))).toEqual(log.events);
    await expect(reader.rebuild()).rejects.toThrow('only reads');
    await expect(place.open(log, { mode: 'own' })).rejects.toThrow('in use by process');
  });
});

describe('a subscription to the journal', () => {
  test('tells what the log tells, from any place, with any types, and goes on live', async () => {
    const log = logOf(6);
    const journal = await place.open(log);
    await journal.caughtUp();
    for (const from of [-1, 0, 30, 47, 59]) {
      for (const types of [undefined, ['LinesShipped', 'OrderClosed'], ['NeverHeardOf']]) {
        const stop = new AbortController();
        const heard: LogMessage[] = [];
        const after = log.events[from]?.position ?? ('start' as const);
        for await (const message of journal.subscribe({ after, ...(types && { types }), signal: stop.signal })) {
          heard.push(message);
          if (message.kind === 'caught-up') stop.abort();
        }
        const wanted = log.events.slice(from + 1).filter(({ type }) => types?.includes(type) ?? true);
        expect(heard.flatMap((message) => (message.kind === 'event' ? [message.event] : []))).toEqual(wanted);
        const places = heard.flatMap((message) =>
          message.kind === 'event' ? message.event.position : message.position,
        );
        expect([...places].sort()).toEqual(places);
        expect(heard.at(-1)).toEqual({ kind: 'caught-up', position: log.events.at(-1)?.position });
      }
    }
    const next = journal
      .subscribe({ after: journal.position, signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    await next.next();
    log.recordRaw('late', { type: 'OrderClosed', data: {} });
    expect((await next.next()).value).toMatchObject({ kind: 'event', event: { stream: 'late' } });
    await next.return?.();
  });

  test('leaves a position of another kind of log to the log', async () => {
    const log = logOf(3);
    const journal = await place.open(log);
    await journal.caughtUp();
    const refused = {
      ...log,
      subscribe: () => {
        throw new RangeError('Not a position of this log');
      },
    };
    const strict = await place.open(
      { ...log, subscribe: (o) => (o.after.includes('/') ? refused.subscribe() : log.subscribe(o)) },
      { mode: 'read' },
    );
    await expect(all(strict.read('0/0', '9'))).rejects.toThrow('Not a position of this log');
  });
});

describe('a follower', () => {
  test('takes events as they come, and reads through what goes wrong', async () => {
    const log = logOf(2);
    const journal = await place.open(log);
    await journal.caughtUp();
    for (let order = 2; order < 8; order += 1) {
      for (const { stream, event } of interleaved(order, 1)) log.record(stream, event);
      if (order % 2 === 0) log.disconnect();
      await expect.poll(() => journal.position).toBe(log.events.at(-1)?.position);
    }
    expect(await all(journal.read('start'))).toEqual(log.events);
    expect(place.problems).toContainEqual(expect.stringMatching(/^The journal was interrupted; attempt 1 follows/));
    expect(journal.standing()).toMatchObject({ events: 80, segments: 3, sealedEvents: 72, eventsInMemory: 0 });
  });

  test('writes everything again when it is told to', async () => {
    const log = logOf(6);
    const journal = await place.open(log);
    await journal.caughtUp();
    const before = journal.manifest();
    await journal.rebuild();
    expect(journal.manifest()).toEqual(before);
    expect(await all(journal.read('start'))).toEqual(log.events);
  });
});
