import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import { decodeEvent, MalformedEvent } from '../../../src/events/decode.ts';
import type { EventLog } from '../../../src/events/log/port.ts';
import { LogUnavailable } from '../../../src/events/log/port.ts';
import { all, appended } from '../../contract/log-support.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { eventually, manualTime, turns } from '../../support/manual-time.ts';
import { openOnProtocolServer } from '../../support/protocol-server/opened.ts';

/** Faults of @eventstore/db-client 6.2.1 when reading, and how the adapter is safe from each. */
const first = { expected: 'no-stream' } as const;

/** A new stream with so many events. */
async function filled(log: EventLog, count: number): Promise<string> {
  const stream = freshStream();
  await appended(log.append(stream, sampleEvents(stream, 0, count), first));
  return stream;
}

describe('reads', () => {
  test('leaving a read does not cancel the call: here 100 reads left early leave nothing behind', async () => {
    const { server, log } = await openOnProtocolServer({}, { maxConcurrentStreams: 20 });
    const stream = await filled(log, 200);
    for (let round = 0; round < 100; round += 1) {
      for await (const event of log.readStream(stream)) if (event.revision === round % 7) break;
    }
    await eventually(() => server.open() === 0);
    expect(await all(log.readStream(stream, { after: 197 }))).toHaveLength(2);
  });

  test('clients with equal options share one connection: here commands, subscriptions and other logs do not', async () => {
    const { server, log, another } = await openOnProtocolServer();
    const stop = new AbortController();
    const other = another();
    for (const each of [log, other]) {
      await each.head();
      for await (const message of each.subscribe({ after: 'start', signal: stop.signal })) {
        if (message.kind === 'caught-up') break;
      }
    }
    expect(server.wire.connections()).toBe(4);
  });

  test('malformed JSON arrives as a string: it is malformed when decoded, not before', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const [event] = sampleEvents(stream, 0, 1);
    const bytes = (text: string) => new TextEncoder().encode(text);
    const raw = { id: event?.eventId ?? '', type: event?.type ?? '', contentType: 'application/json' };
    server.store.append(
      stream,
      [{ ...raw, data: bytes('{"a":'), metadata: bytes(JSON.stringify(event?.metadata)) }],
      'any',
    );
    const [recorded] = await all(log.readStream(stream));
    if (!recorded) expect.fail('Nothing was read');
    expect(recorded.data).toBe('{"a":');
    expect(() => decodeEvent(recorded)).toThrow(MalformedEvent);
  });

  test('an event without our metadata makes the stream unreadable, and says so', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const foreign = {
      id: crypto.randomUUID(),
      type: 'Elsewhere',
      contentType: 'application/json',
      data: new Uint8Array(),
    };
    server.store.append(stream, [{ ...foreign, metadata: new Uint8Array() }], 'any');
    await expect(all(log.readStream(stream))).rejects.toThrow('was not written by Orderfold');
  });

  test('stream metadata tells wrong revisions: after a deletion the stream goes on at its own next revision', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = await filled(log, 3);
    const client = EventStoreDBClient.connectionString(server.url);
    await client.deleteStream(stream, { expectedRevision: 2n });
    expect(await all(log.readStream(stream))).toEqual([]);
    expect(await log.append(stream, sampleEvents(stream, 3, 1), { expected: 5 })).toEqual({
      kind: 'conflict',
      actual: 'no-stream',
    });
    expect(await appended(log.append(stream, sampleEvents(stream, 3, 1), first))).toMatchObject({ revision: 3 });
    expect((await all(log.readStream(stream))).map((event) => event.revision)).toEqual([3]);
  });

  test('a tombstone ends a stream: reads fail, appends are unknown, nothing hangs', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = await filled(log, 1);
    await EventStoreDBClient.connectionString(server.url).tombstoneStream(stream, { expectedRevision: 0n });
    await expect(all(log.readStream(stream))).rejects.toThrow('is deleted');
    expect((await log.append(stream, sampleEvents(stream, 1, 1), { expected: 0 })).kind).toBe('unknown');
  });

  test('reads start at a revision, subscriptions after it: here both mean after', async () => {
    const { log } = await openOnProtocolServer();
    const stream = await filled(log, 4);
    const [second, ...rest] = await all(log.readStream(stream, { after: 0 }));
    expect([second, ...rest].map((event) => event?.revision)).toEqual([1, 2, 3]);
    const stop = new AbortController();
    const live: number[] = [];
    for await (const message of log.subscribe({ after: second?.position ?? 'start', signal: stop.signal })) {
      if (message.kind === 'caught-up') break;
      if (message.kind === 'event') live.push(message.event.revision);
    }
    expect(live).toEqual([2, 3]);
  });

  test('a read of a frozen server never notices: here it fails when its time is up, and the next one works', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule });
    const stream = await filled(log, 1);
    server.wire.freeze();
    const frozen = all(log.readStream(stream));
    const failed = expect(frozen).rejects.toMatchObject({ code: 'event-log-no-answer' });
    await time.runOut(10_000);
    await failed;
    expect(server.wire.accepted()).toBe(1);
    server.wire.thaw();
    expect(await all(log.readStream(stream))).toHaveLength(1);
    expect(server.wire.accepted()).toBe(2);
  });

  test('a read that is cut fails instead of ending early', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = await filled(log, 20);
    void server.faults.inject({ call: 'read', does: 'cut', after: 10 });
    await expect(all(log.readStream(stream))).rejects.toMatchObject({ code: 'event-log-unavailable' });
    expect(await all(log.readStream(stream))).toHaveLength(20);
  });

  test('a server that is away is told apart from a fault of ours, in words of the log', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = await filled(log, 1);
    await server.stop();
    await expect(all(log.readStream(stream))).rejects.toThrow(LogUnavailable);
    await expect(log.head()).rejects.toThrow(LogUnavailable);
  });

  test('an aborted signal ends a read at the next event, whatever was read ahead', async () => {
    const { log } = await openOnProtocolServer();
    const stream = await filled(log, 20);
    const stop = new AbortController();
    let last = -1;
    const read = async () => {
      for await (const event of log.readStream(stream, { signal: stop.signal })) {
        last = event.revision;
        if (last === 0) await turns(100);
        if (last === 3) stop.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
    expect(last).toBe(3);
  });

  test('a server that does not tell positions in stream reads: the head stands in, which lies after them', async () => {
    const { log } = await openOnProtocolServer({}, { withoutStreamPositions: true });
    const stream = freshStream();
    const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 2), first));
    expect((await all(log.readStream(stream))).map((event) => event.position)).toEqual([position, position]);
  });

  test("the head passes over the server's own events", async () => {
    const { server, log } = await openOnProtocolServer();
    expect(await log.head()).toBe('start');
    const system = {
      type: '$statsCollected',
      contentType: 'application/json',
      data: new Uint8Array(),
      metadata: new Uint8Array(),
    };
    const statistics = () => server.store.append('$stats', [{ ...system, id: crypto.randomUUID() }], 'any');
    for (let i = 0; i < 50; i += 1) statistics();
    expect(await log.head()).toBe('start');
    const stream = freshStream();
    const { position } = await appended(log.append(stream, sampleEvents(stream, 0, 1), first));
    for (let i = 0; i < 500; i += 1) statistics();
    expect(await log.head()).toBe(position);
  });

  test('servers close a connection on which many calls are cancelled: here asking for the head cancels none', async () => {
    const { server, log } = await openOnProtocolServer();
    await filled(log, 1_500);
    for (let i = 0; i < 20; i += 1) await log.head();
    await eventually(() => server.open() === 0);
    expect(server.abandoned()).toBe(0);
  });

  test('disposing hangs when the server left calls open: here closing settles everything at once', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const stop = new AbortController();
    const subscription = log.subscribe({ after: 'start', signal: stop.signal })[Symbol.asyncIterator]();
    expect((await subscription.next()).value?.kind).toBe('caught-up');
    void server.faults.inject({ call: 'append', does: 'mute' });
    const muted = server.faults.inject({ call: 'read', does: 'mute' });
    const append = log.append(stream, sampleEvents(stream, 0, 1), first);
    const read = expect(all(log.readStream(stream))).rejects.toThrow('closed');
    const live = subscription.next();
    await muted;
    server.wire.freeze();
    await log.close();
    expect((await append).kind).toBe('unknown');
    await read;
    expect((await live).done).toBe(true);
    await expect(log.head()).rejects.toThrow('closed');
  });
});
