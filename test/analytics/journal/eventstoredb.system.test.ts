import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Recorded } from '../../../src/events/envelope.ts';
import type { EventLog } from '../../../src/events/log/port.ts';
import { all, type JournalPlace, journalPlace } from '../../support/journal.ts';
import { impatient } from '../../support/manual-time.ts';
import { typicalOrder } from '../../support/order-history.ts';
import { openOnProtocolServer } from '../../support/protocol-server/opened.ts';

async function heard(log: EventLog): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const message of log.subscribe({ after: 'start', signal: new AbortController().signal })) {
    if (message.kind === 'event') events.push(message.event);
    else if (message.kind === 'caught-up') break;
  }
  return events;
}

async function append(log: EventLog, first: number, orders: number): Promise<void> {
  for (let serial = first; serial < first + orders; serial += 1) {
    const { stream, events } = typicalOrder(serial);
    expect(await log.append(stream, events, { expected: 'no-stream' })).toMatchObject({ kind: 'appended' });
  }
}

/** On a server that speaks the protocol of EventStoreDB. */
describe('a journal of an EventStoreDB log', () => {
  let place: JournalPlace;
  beforeEach(() => {
    place = journalPlace();
  });
  afterEach(() => place.remove());

  test('has every event as the log gives it, also after a start anew', async () => {
    const { log } = await openOnProtocolServer();
    await append(log, 0, 10);
    const first = await place.open(log);
    await first.caughtUp();
    expect(await all(first.read('start'))).toEqual(await heard(log));
    await place.closeAll();
    await append(log, 10, 5);
    const again = await place.open(log);
    await again.caughtUp();
    const events = await heard(log);
    expect(await all(again.read('start'))).toEqual(events);
    expect(again.position).toBe(events.at(-1)?.position);
    expect(again.standing().segments).toBeGreaterThan(1);
    expect(place.problems).toEqual([]);
  });

  test('goes on, without a gap or a repeat, when the subscription is cut and the server starts again', async () => {
    const { server, log, another } = await openOnProtocolServer({ schedule: impatient });
    await append(log, 0, 4);
    void server.faults.inject({ call: 'subscribe', does: 'cut', after: 7 });
    const journal = await place.open(log);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(await heard(log));
    await server.restart();
    await append(another(), 4, 4);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(await heard(another()));
  });

  test('of another log is written again from the beginning', async () => {
    const one = await openOnProtocolServer();
    await append(one.log, 0, 3);
    await (await place.open(one.log)).caughtUp();
    await place.closeAll();
    const other = await openOnProtocolServer();
    await append(other.log, 50, 6);
    const journal = await place.open(other.log);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(await heard(other.log));
    expect(place.problems.join()).toContain('not of this log');
  });
});
