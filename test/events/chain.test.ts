import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/events/catalog/index.ts';
import { type ChainEnd, eventIdOf, seal, startOfChain, verifyStream } from '../../src/events/chain.ts';
import type { NewEvent, Recorded } from '../../src/events/envelope.ts';
import { canonicalJson } from '../../src/values/canonical-json.ts';
import { sha256Hex } from '../../src/values/digest.ts';

const stream = 'order-1';
const start: ChainEnd = { stream, revision: 'no-stream', hash: startOfChain };
const metadataOf = (commandId: string) => ({
  occurredAt: '2026-03-01T00:00:00.000Z',
  recordedAt: '2026-03-01T00:00:01.000Z',
  actor: { kind: 'user', id: 'u', via: 'api' } as const,
  commandId,
  correlationId: commandId,
  causationId: commandId,
});
const accepted = (orderNo: string): Fact => ({ type: 'OrderAccepted', data: { orderNo } });

const recorded = (events: readonly NewEvent[], first = 0): Recorded[] =>
  events.map((event, i) => ({ ...event, stream, revision: first + i, position: String(first + i) }));

/** Two commands, three events. */
function sample(): Recorded[] {
  const first = recorded(seal(start, [accepted('A'), accepted('B')], metadataOf(randomUUID())));
  const hash = first[1]?.metadata.hash ?? '';
  return [...first, ...recorded(seal({ stream, revision: 1, hash }, [accepted('C')], metadataOf(randomUUID())), 2)];
}

describe('sealing', () => {
  test('hashes the predecessor and the whole event, with ids that derive from the command', () => {
    const commandId = randomUUID();
    const [event] = seal(start, [accepted('A')], metadataOf(commandId));
    const metadata = { schemaVersion: 1, ...metadataOf(commandId) };
    const hashed = {
      stream,
      revision: 0,
      eventId: eventIdOf(commandId, 0),
      type: 'OrderAccepted',
      data: { orderNo: 'A' },
      metadata,
    };
    const hash = sha256Hex(startOfChain + canonicalJson(hashed));
    expect(event).toEqual({
      eventId: hashed.eventId,
      type: 'OrderAccepted',
      data: { orderNo: 'A' },
      metadata: { ...metadata, prevHash: startOfChain, hash },
    });
  });

  test('refuses a type that the catalogue does not know', () => {
    const unknown = { type: 'OrderFrobnicated', data: {} } as unknown as Fact;
    expect(() => seal(start, [unknown], metadataOf(randomUUID()))).toThrow('OrderFrobnicated');
  });
});

describe('verifying', () => {
  test('an untouched stream holds, whatever the order of properties', async () => {
    const events = sample();
    expect(await verifyStream(stream, events)).toMatchObject({ ok: true, events: 3, end: { revision: 2 } });
    const shuffled = events.map((event) => ({
      ...event,
      metadata: Object.fromEntries(Object.entries(event.metadata).reverse()) as unknown as Recorded['metadata'],
    }));
    expect(await verifyStream(stream, shuffled)).toMatchObject({ ok: true });
    expect(await verifyStream(stream, [])).toMatchObject({ ok: true, events: 0 });
  });

  test('goes on from a known end', async () => {
    const [, second, third] = sample();
    const end = { revision: 1, hash: second?.metadata.hash ?? '' };
    expect(await verifyStream(stream, third ? [third] : [], end)).toMatchObject({ ok: true, events: 1 });
  });

  const edit = (events: Recorded[], index: number, change: Partial<Recorded>): Recorded[] =>
    events.map((event, i) => (i === index ? { ...event, ...change } : event));

  test('shows what was changed, moved, dropped or slipped in', async () => {
    const events = sample();
    const broken = (changed: Recorded[]) => verifyStream(stream, changed);
    const [a, b, c] = events as [Recorded, Recorded, Recorded];
    expect(await broken(edit(events, 1, { data: { orderNo: 'X' } }))).toEqual({
      ok: false,
      events: 1,
      brokenAt: 1,
      fault: 'hash',
    });
    expect(await broken(edit(events, 1, { type: 'OrderRejected' }))).toMatchObject({ brokenAt: 1, fault: 'hash' });
    expect(await broken(edit(events, 0, { eventId: randomUUID() }))).toMatchObject({ brokenAt: 0, fault: 'hash' });
    const backdated = { ...b.metadata, occurredAt: '2020-01-01T00:00:00.000Z' };
    expect(await broken(edit(events, 1, { metadata: backdated }))).toMatchObject({ brokenAt: 1, fault: 'hash' });
    expect(await broken([a, c])).toMatchObject({ brokenAt: 2, fault: 'revision' });
    expect(await broken([a, { ...c, revision: 1 }])).toMatchObject({ brokenAt: 1, fault: 'prev-hash' });
    expect(await broken([{ ...a, stream: 'order-2' }])).toMatchObject({ brokenAt: 0, fault: 'revision' });
    const [forged] = recorded(
      seal({ stream, revision: 0, hash: a.metadata.hash }, [accepted('F')], metadataOf(randomUUID())),
      1,
    );
    expect(await broken(forged ? [a, forged, c] : [])).toMatchObject({ brokenAt: 2, fault: 'prev-hash' });
  });
});
