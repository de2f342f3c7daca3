import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../../src/events/envelope.ts';
import type { EventLog, LogMessage } from '../../../src/events/log/port.ts';
import { eventsOf, expectOneOrder, follow } from '../../contract/log-support.ts';
import { sampleTypes } from '../../support/events.ts';
import { eventually, impatient, manualTime } from '../../support/manual-time.ts';
import { openOnProtocolServer } from '../../support/protocol-server/opened.ts';
import type { ProtocolServer } from '../../support/protocol-server/server.ts';
import { caughtUp, filled, ids, live } from './eventstoredb-subscribing.ts';

/** The client never resubscribes and often does not notice a loss: how the adapter comes back, and misses nothing. */
const first20 = (_: unknown, last: LogMessage) => last.kind === 'event' && last.event.revision === 19;

describe('lost subscriptions', () => {
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
});

/** A subscription that caught up, and an event that the server does not send to it. */
async function stalled(server: ProtocolServer, log: EventLog) {
  void server.faults.inject({ call: 'subscribe', does: 'mute', after: 2 });
  const { next } = await live(log);
  return { next, events: await filled(log, 1) };
}
