import { expect, test } from 'vitest';
import type { LogMessage } from '../../src/events/log/port.ts';
import { openInbox, SubscriptionEnded } from '../../src/projections/inbox.ts';
import { rawEvent } from '../support/memory-log.ts';

const event = (n: number, lines = 0): LogMessage => ({
  kind: 'event',
  event: {
    ...rawEvent({ type: 'OrderAccepted', data: lines > 0 ? { lines: Array(lines).fill({}) } : {} }),
    stream: 'order-1',
    revision: n,
    position: String(n),
  },
});

test('gives what has arrived together, and says when that is all', async () => {
  async function* messages(): AsyncGenerator<LogMessage> {
    yield event(1);
    yield event(2);
    yield { kind: 'caught-up', position: '2' };
    await new Promise(() => {});
  }
  const inbox = openInbox(messages(), 100);
  const { events, caughtUp, seen } = await inbox.take();
  expect([events.map(({ position }) => position), caughtUp, seen]).toEqual([['1', '2'], true, '2']);
  inbox.close();
});

test('reads no further ahead than its capacity, counted in events and their lines', async () => {
  let pulled = 0;
  async function* messages(): AsyncGenerator<LogMessage> {
    for (let n = 1; ; n += 1) {
      pulled = n;
      yield event(n, 9);
    }
  }
  const inbox = openInbox(messages(), 50);
  await inbox.full();
  expect(pulled).toBe(5);
  const first = await inbox.take();
  expect([first.events.length, first.caughtUp]).toEqual([5, false]);
  await inbox.full();
  expect(pulled).toBe(10);
  inbox.close();
});

test('a subscription that ends has lost its connection; what came before is still delivered', async () => {
  async function* messages(): AsyncGenerator<LogMessage> {
    yield event(1);
  }
  const inbox = openInbox(messages(), 100);
  expect((await inbox.take()).events).toHaveLength(1);
  await expect(inbox.take()).rejects.toThrow(SubscriptionEnded);
});

test('closing wakes whoever waits, with the cause, and releases the subscription', async () => {
  let released = false;
  async function* messages(): AsyncGenerator<LogMessage> {
    try {
      for (let n = 1; ; n += 1) yield event(n);
    } finally {
      released = true;
    }
  }
  const inbox = openInbox(messages(), 3);
  await inbox.full();
  await inbox.take();
  await inbox.full();
  inbox.close(new Error('the commit failed'));
  await expect(inbox.take()).rejects.toThrow('the commit failed');
  await new Promise(setImmediate);
  expect(released).toBe(true);
});
