import { describe, expect, test } from 'vitest';
import { appended, eventsOf, expectOneOrder, follow } from '../../contract/log-support.ts';
import { freshStream, sampleEvents, sampleTypes } from '../../support/events.ts';
import { eventually, turns } from '../../support/manual-time.ts';
import { asProposed, openOnProtocolServer } from '../../support/protocol-server/opened.ts';
import { caughtUp, filled, ids } from './eventstoredb-subscribing.ts';

/** Faults of @eventstore/db-client 6.2.1 in subscriptions, and how the adapter is safe from each. */
const first = { expected: 'no-stream' } as const;

describe('subscriptions', () => {
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

  test('checkpoints beyond what is known of the log do not make later markers go back', async () => {
    const { server, log } = await openOnProtocolServer();
    await filled(log, 1);
    const more = () => server.store.append(freshStream(), asProposed(sampleEvents('order-more', 0, 70)), 'any');
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    void server.faults
      .inject({ call: 'subscribe', does: 'delay', until })
      .then(more)
      .then(() => release());
    const messages = await follow(log, { after: 'start', types: ['Unheard'] }, caughtUp);
    expectOneOrder(messages);
    expect(messages.at(-1)).toEqual({ kind: 'caught-up', position: await log.head() });
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
