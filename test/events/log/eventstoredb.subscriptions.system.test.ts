import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../../src/events/envelope.ts';
import type { EventLog, LogMessage } from '../../../src/events/log/port.ts';
import { appended, eventsOf, expectOneOrder, follow } from '../../contract/log-support.ts';
import { freshStream, sampleEvents, sampleTypes } from '../../support/events.ts';
import { eventually, impatient, manualTime, turns } from '../../support/manual-time.ts';
import { asProposed, openOnProtocolServer } from '../../support/protocol-server/opened.ts';
import type { ProtocolServer } from '../../support/protocol-server/server.ts';

/** Faults of @eventstore/db-client 6.2.1 in subscriptions, and how the adapter is safe from each. */
const first = { expected: 'no-stream' } as const;

async function filled(log: EventLog, count: number): Promise<NewEvent[]> {
  const stream = freshStream();
  const events = sampleEvents(stream, 0, count);
  await appended(log.append(stream, events, first));
  return events;
}

const ids = (events: readonly { eventId: string }[]) => events.map((event) => event.eventId);
const caughtUp = (_: unknown, last: LogMessage) => last.kind === 'caught-up';
const first20 = (_: unknown, last: LogMessage) => last.kind === 'event' && last.event.revision === 19;

describe('subscriptions', () => {
  const cutting = async (types: readonly string[] | undefined, wanted: (event: NewEvent) => boolean) => {
    const lost: string[] = [];
    const report = ({ message }: { message: string }) => lost.push(message);
    const { server, log } = await openOnProtocolServer({ schedule: impatient, report });
    const expected = ids((await filled(log, 40)).filter(wanted));
    const last = expected.at(-1);
    for (let index = 0; index < expected.length + 2; index += 1) {
      const struck = server.faults.inject({ call: 'subscribe', does: 'cut', after: index });
      const until = (messages: readonly LogMessage[], message: LogMessage) =>
        caughtUp(messages, message) && ids(eventsOf(messages)).includes(last ?? '');
      const messages = await follow(log, { after: 'start', ...(types ? { types } : {}) }, until);
      expect(ids(eventsOf(messages)), `cut at message ${index}`).toEqual(expected);
      expectOneOrder(messages);
      await struck;
    }
    expect(lost).toHaveLength(expected.length + 2);
  };

  test('a connection cut at every message of 40 events: each event exactly once, in order', async () => {
    await cutting(undefined, () => true);
  });

  test('the same with a filter', async () => {
    await cutting([sampleTypes[0]], (event) => event.type === sampleTypes[0]);
  });

  test.each(['end', 'fail', 'cut'] as const)(
    'a subscription never resubscribes (%s looks like success or an error): here it goes on',
    async (does) => {
      const { server, log } = await openOnProtocolServer({ schedule: impatient });
      const events = await filled(log, 20);
      for (const after of [0, 5, 20]) void server.faults.inject({ call: 'subscribe', does, after });
      expect(ids(eventsOf(await follow(log, { after: 'start' }, first20)))).toEqual(ids(events));
    },
  );

  test('a server that restarts on the same port is found again, and what came meanwhile is delivered', async () => {
    const { server, log, another } = await openOnProtocolServer({ schedule: impatient });
    const events = await filled(log, 5);
    const { seen, next } = await live(log);
    await server.restart();
    events.push(...(await filled(another(), 5)));
    while (seen.length < events.length) await next();
    expect(seen).toEqual(ids(events));
  });

  test('a server that sends every message twice: each event once', async () => {
    const { server, log } = await openOnProtocolServer();
    const events = await filled(log, 20);
    void server.faults.inject({ call: 'subscribe', does: 'duplicate' });
    expect(ids(eventsOf(await follow(log, { after: 'start' }, caughtUp)))).toEqual(ids(events));
  });

  test('markers are called back before earlier events were processed: here they keep their place', async () => {
    const { log } = await openOnProtocolServer();
    const stream = freshStream();
    // With the types alternating, the server looked at 32 events after the 16th wanted one.
    await appended(log.append(stream, sampleEvents(stream, 0, 40), first));
    const kinds: string[] = [];
    for await (const message of log.subscribe({
      after: 'start',
      types: [sampleTypes[0]],
      signal: new AbortController().signal,
    })) {
      kinds.push(message.kind);
      await new Promise((resolve) => setImmediate(resolve));
      if (message.kind === 'caught-up') break;
    }
    const sixteen = Array.from({ length: 16 }, () => 'event');
    expect(kinds).toEqual([...sixteen, 'progress', 'event', 'event', 'event', 'event', 'progress', 'caught-up']);
  });

  test('checkpoints come seldom and only with a filter: here every unwanted event is progress', async () => {
    const { log } = await openOnProtocolServer();
    const stop = new AbortController();
    const progress: string[] = [];
    const positions: string[] = [];
    for await (const message of log.subscribe({ after: 'start', types: ['Unheard'], signal: stop.signal })) {
      if (message.kind === 'progress') progress.push(message.position);
      else {
        const stream = freshStream();
        for (const event of sampleEvents(stream, 0, 3)) {
          const expected = positions.length === 0 ? ('no-stream' as const) : positions.length - 1;
          positions.push((await appended(log.append(stream, [event], { expected }))).position);
        }
      }
      if (progress.length === 3) break;
    }
    expect(progress).toEqual(positions);
  });

  test('few wanted events among many are found by the server, not here', async () => {
    const { server, log } = await openOnProtocolServer();
    const [rare] = await filled(log, 1);
    for (let i = 0; i < 300; i += 1) {
      // Of the other type, by its revision.
      const stream = freshStream();
      server.store.append(stream, asProposed(sampleEvents(stream, 1, 1)), 'any');
    }
    const messages = await follow(log, { after: 'start', types: [sampleTypes[0]] }, caughtUp);
    expect(ids(eventsOf(messages))).toEqual([rare?.eventId]);
    expect(server.sent()).toBeLessThan(30);
  });

  test('an error in a checkpoint callback stalls the subscription unseen: here it is the error of the consumer', async () => {
    const { server, log } = await openOnProtocolServer();
    await filled(log, 40);
    const consume = async () => {
      for await (const message of log.subscribe({
        after: 'start',
        types: [sampleTypes[0]],
        signal: new AbortController().signal,
      })) {
        if (message.kind === 'progress') throw new Error('the database is away');
      }
    };
    await expect(consume()).rejects.toThrow('the database is away');
    await eventually(() => server.open() === 0);
  });

  test('a frozen server: the silent subscription is probed, replaced, and goes on when the server does', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule, random: () => 1 });
    const { next } = await live(log);
    const waiting = next();
    server.wire.freeze();
    await time.runOut(30_000);
    await time.runOut(10_000);
    await eventually(() => time.set().includes(100));
    server.wire.thaw();
    await time.runOut(100);
    expect(await waiting).toMatchObject({ kind: 'caught-up' });
    expect(server.wire.accepted()).toBe(2);
  });

  test('a subscription that silently stopped delivering is replaced once two probes show it', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule, random: () => 1 });
    const { events, next } = await stalled(server, log);
    const waiting = next();
    for (const milliseconds of [30_000, 30_000, 100]) await time.runOut(milliseconds);
    expect(await waiting).toMatchObject({ kind: 'event', event: { eventId: events[0]?.eventId } });
  });

  test('silence alone is no fault: a probe that succeeds leaves the subscription as it is', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule });
    const { next } = await live(log);
    const waiting = next();
    for (let i = 1; i <= 3; i += 1) {
      await time.runOut(30_000);
      await eventually(() => server.calls('read') === i);
    }
    const [event] = await filled(log, 1);
    expect(await waiting).toMatchObject({ kind: 'event', event: { eventId: event?.eventId } });
    expect(server.calls('subscribe')).toBe(1);
  });

  test('retries back off from 100 ms by half up to 10 s, and start anew after an event', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule, random: () => 1 });
    const { next } = await live(log);
    const waiting = next();
    void server.faults.inject({ call: 'subscribe', does: 'fail', times: 13 });
    server.wire.cut();
    for (let wait = 100; wait < 10_000; wait *= 1.5) await time.runOut(wait);
    await time.runOut(10_000);
    await time.runOut(10_000);
    expect(await waiting).toMatchObject({ kind: 'caught-up' });
    const event = next();
    await filled(log, 1);
    expect((await event).kind).toBe('event');
    const again = next();
    server.wire.cut();
    await time.runOut(100);
    expect((await again).kind).toBe('caught-up');
  });

  test('a consumer that does not pull is not sent everything: reading ahead is bounded', async () => {
    const { server, log } = await openOnProtocolServer();
    const total = 5_000;
    for (let i = 0; i < total; i += 500) {
      await filled(log, 500);
    }
    const stop = new AbortController();
    const subscription = log.subscribe({ after: 'start', signal: stop.signal })[Symbol.asyncIterator]();
    expect((await subscription.next()).value?.kind).toBe('event');
    let quiet = 0;
    for (let sent = server.sent(); quiet < 200; quiet = server.sent() === sent ? quiet + 1 : 0) {
      sent = server.sent();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.sent()).toBeLessThan(total / 2);
    stop.abort();
    expect((await subscription.next()).done).toBe(true);
    await eventually(() => server.open() === 0);
  });

  test('an aborted signal ends it at the next message, whatever was read ahead', async () => {
    const { log } = await openOnProtocolServer();
    await filled(log, 40);
    const stop = new AbortController();
    let seen = 0;
    for await (const _ of log.subscribe({ after: 'start', signal: stop.signal })) {
      seen += 1;
      // By the second event, many others are here.
      if (seen === 1) await turns(100);
      if (seen === 3) stop.abort();
    }
    expect(seen).toBe(3);
  });

  test('events of others and of the server are passed over', async () => {
    const reports: string[] = [];
    const { server, log } = await openOnProtocolServer({ report: ({ message }) => reports.push(message) });
    const raw = { contentType: 'application/json', data: new Uint8Array(), metadata: new Uint8Array() };
    const write = (type: string) =>
      server.store.append('elsewhere', [{ ...raw, type, id: crypto.randomUUID() }], 'any');
    write('$metadata');
    write('SomethingElse');
    const kinds = (await follow(log, { after: 'start' }, caughtUp)).map((message) => message.kind);
    expect(kinds).toEqual(['progress', 'caught-up']);
    expect(reports).toEqual([expect.stringContaining('SomethingElse')]);
  });

  test('a position of another log is refused at once, not retried', async () => {
    const { log } = await openOnProtocolServer();
    const subscription = log.subscribe({
      after: '00000000000000000007:00000000000000000001',
      signal: new AbortController().signal,
    });
    await expect(subscription[Symbol.asyncIterator]().next()).rejects.toThrow('not a position of an EventStoreDB log');
  });
});

/** A subscription that caught up, and the ids of the events that it delivered so far. */
async function live(log: EventLog) {
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

/** A subscription that caught up, and an event that the server does not send to it. */
async function stalled(server: ProtocolServer, log: EventLog) {
  void server.faults.inject({ call: 'subscribe', does: 'mute', after: 2 });
  const { next } = await live(log);
  return { next, events: await filled(log, 1) };
}
