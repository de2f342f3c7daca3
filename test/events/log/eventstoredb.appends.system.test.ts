import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { NewEvent } from '../../../src/events/envelope.ts';
import { all, appended } from '../../contract/log-support.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { eventually, manualTime } from '../../support/manual-time.ts';
import { openOnProtocolServer } from '../../support/protocol-server/opened.ts';

/**
 * Faults of @eventstore/db-client 6.2.1 when appending, and how the adapter is safe from each. Every test is named after the
 * fault; the server, or a call that misbehaves, stands for the real thing.
 */
const first = { expected: 'no-stream' } as const;

describe('appends', () => {
  test('an append to a mute server stays pending for ever: here it is unknown when its time is up', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule });
    const stream = freshStream();
    const struck = server.faults.inject({ call: 'append', does: 'mute' });
    const outcome = log.append(stream, sampleEvents(stream, 0, 1), first);
    await struck;
    await time.runOut(5_000);
    expect(await outcome).toMatchObject({ kind: 'unknown', cause: { code: 'event-log-no-answer' } });
  });

  test('an append that the server ends without a result stays pending for ever: here it is unknown too', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule });
    const stream = freshStream();
    const struck = server.faults.inject({ call: 'append', does: 'end' });
    const outcome = log.append(stream, sampleEvents(stream, 0, 1), first);
    await struck;
    await time.runOut(5_000);
    expect((await outcome).kind).toBe('unknown');
  });

  test('the deadline of one call is honest: a short one is kept on the real clock', async () => {
    const { server, log } = await openOnProtocolServer({ timeouts: { append: 30 } });
    const stream = freshStream();
    void server.faults.inject({ call: 'append', does: 'mute' });
    expect(await log.append(stream, sampleEvents(stream, 0, 1), first)).toMatchObject({ kind: 'unknown' });
  });

  test('all clients share one table of batch promises: a failure of one log leaves the append of another alone', async () => {
    const [a, b] = [await openOnProtocolServer(), await openOnProtocolServer()];
    const [streamA, streamB] = [freshStream(), freshStream()];
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = b.server.faults.inject({ call: 'append', does: 'delay', after: 1, until });
    const slow = b.log.append(streamB, sampleEvents(streamB, 0, 1), first);
    await held;
    void a.server.faults.inject({ call: 'append', does: 'cut' });
    expect((await a.log.append(streamA, sampleEvents(streamA, 0, 1), first)).kind).toBe('unknown');
    release();
    expect(await slow).toMatchObject({ kind: 'appended', revision: 0 });
  });

  test.each([false, true])(
    'a conflict reports revision 1 whatever it is: here 41 is 41 (as trailers: %s)',
    async (wrongVersionAsTrailers) => {
      const { log } = await openOnProtocolServer({}, { wrongVersionAsTrailers });
      const stream = freshStream();
      await appended(log.append(stream, sampleEvents(stream, 0, 42), first));
      const late = await log.append(stream, sampleEvents(stream, 8, 1), { expected: 7 });
      expect(late).toEqual({ kind: 'conflict', actual: 41 });
      const none = freshStream();
      const early = await log.append(none, sampleEvents(none, 8, 1), { expected: 7 });
      expect(early).toEqual({ kind: 'conflict', actual: 'no-stream' });
    },
  );

  test('the batch protocol is never used, not even by 64 appends at once', async () => {
    const { server, log } = await openOnProtocolServer();
    const streams = Array.from({ length: 64 }, freshStream);
    await Promise.all(streams.map((stream) => appended(log.append(stream, sampleEvents(stream, 0, 2), first))));
    expect([server.calls('append'), server.calls('batch-append'), server.calls('features')]).toEqual([64, 0, 0]);
  });

  test('a lost acknowledgement: unknown, and the same events again are answered with their first position', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const events = sampleEvents(stream, 0, 2);
    void server.faults.inject({ call: 'append', does: 'cut', after: 1 });
    expect((await log.append(stream, events, first)).kind).toBe('unknown');
    const again = await appended(log.append(stream, events, first));
    const recorded = await all(log.readStream(stream));
    expect(recorded.map((event) => event.eventId)).toEqual(events.map((event) => event.eventId));
    expect(again).toEqual({ kind: 'appended', revision: 1, position: recorded[1]?.position });
  });

  test('a request that never arrived is unknown as well, and can be sent again', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const events = sampleEvents(stream, 0, 1);
    void server.faults.inject({ call: 'append', does: 'cut' });
    expect((await log.append(stream, events, first)).kind).toBe('unknown');
    expect(await all(log.readStream(stream))).toEqual([]);
    await appended(log.append(stream, events, first));
  });

  test('an INTERNAL error keeps the broken channel: here the next append goes over a new connection', async () => {
    const { server, log } = await openOnProtocolServer();
    const [one, two] = [freshStream(), freshStream()];
    void server.faults.inject({ call: 'append', does: 'fail' });
    expect((await log.append(one, sampleEvents(one, 0, 1), first)).kind).toBe('unknown');
    expect(server.wire.accepted()).toBe(1);
    await appended(log.append(two, sampleEvents(two, 0, 1), first));
    expect(server.wire.accepted()).toBe(2);
    await eventually(() => server.wire.connections() === 1);
  });

  test('a frozen server: the append is unknown, and works as soon as the server does', async () => {
    const time = manualTime();
    const { server, log } = await openOnProtocolServer({ schedule: time.schedule });
    const stream = freshStream();
    await appended(log.append(stream, sampleEvents(stream, 0, 1), first));
    server.wire.freeze();
    const frozen = log.append(stream, sampleEvents(stream, 1, 1), { expected: 0 });
    await time.runOut(5_000);
    expect((await frozen).kind).toBe('unknown');
    server.wire.thaw();
    const next = await log.append(stream, sampleEvents(stream, 1, 1), { expected: 0 });
    expect(['appended', 'conflict']).toContain(next.kind);
  });

  test('more than 1 MiB is refused by the server only: here before anything is sent', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const bulky = sampleEvents(stream, 0, 520).map((e): NewEvent => ({ ...e, data: { orderNo: 'x'.repeat(2_000) } }));
    await expect(log.append(stream, bulky, first)).rejects.toMatchObject({ code: 'append-too-large' });
    expect(server.calls('append')).toBe(0);
    await appended(log.append(stream, bulky.slice(0, 390), first));
  });

  test('the server recognises repeated events only in part: a mixed batch is a conflict, a whole one is not', async () => {
    const { log } = await openOnProtocolServer();
    const stream = freshStream();
    const [old, ...more] = sampleEvents(stream, 0, 3) as [NewEvent, ...NewEvent[]];
    await appended(log.append(stream, [old], first));
    expect(await log.append(stream, [old, ...more], first)).toEqual({ kind: 'conflict', actual: 0 });
    expect(await log.append(stream, [old], first)).toMatchObject({ kind: 'appended', revision: 0 });
  });

  test('revision -1 fails deep inside, and results hold bigints: here a clear error, and outcomes are JSON', async () => {
    const { log } = await openOnProtocolServer();
    const stream = freshStream();
    await expect(log.append(stream, sampleEvents(stream, 0, 1), { expected: -1 })).rejects.toThrow(
      '-1 is not a revision',
    );
    const outcome = await appended(log.append(stream, sampleEvents(stream, 0, 1), first));
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  });

  test('batch deadlines are times of day: here a clock that is an hour slow does not matter', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      const { log } = await openOnProtocolServer();
      const stream = freshStream();
      await appended(log.append(stream, sampleEvents(stream, 0, 1), first));
    } finally {
      vi.useRealTimers();
    }
  });

  test('an aborted signal settles an append that is under way, and prevents one that is not', async () => {
    const { server, log } = await openOnProtocolServer();
    const stream = freshStream();
    const stop = new AbortController();
    const struck = server.faults.inject({ call: 'append', does: 'mute' });
    const outcome = log.append(stream, sampleEvents(stream, 0, 1), { ...first, signal: stop.signal });
    await struck;
    stop.abort(new Error('enough'));
    expect(await outcome).toMatchObject({ kind: 'unknown', cause: { message: 'enough' } });
    await expect(log.append(stream, [], { ...first, signal: stop.signal })).rejects.toThrow('enough');
  });

  test('two copies of google-protobuf in a process break each other: only one is installed', () => {
    const lock: { packages: object } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/google-protobuf'));
    expect(copies).toEqual(['node_modules/google-protobuf']);
  });
});
