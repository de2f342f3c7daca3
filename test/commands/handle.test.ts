import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ObservedCommand } from '../../src/commands/handle.ts';
import { orderAggregate } from '../../src/commands/order/aggregate.ts';
import { eventIdOf, verifyStream } from '../../src/events/chain.ts';
import { faultyLog } from '../support/faulty-log.ts';
import { ask, handlerOn, meta, now, orderOf, placed } from '../support/handling.ts';
import { memoryLog } from '../support/memory-log.ts';
import { command, orderId, pieces, place } from '../support/orders.ts';

const stream = `order-${orderId}`;
const accept = command('accept', {});
const ship = (shipmentId: string, qty = 1) => command('ship', { shipmentId, lines: [{ lineNo: 1, qty: pieces(qty) }] });
const change = command('change-lines', { change: [{ lineNo: 1, requestedDate: '2026-05-01' }] });

describe('a command', () => {
  test('becomes events of its stream, chained, with ids that derive from it', async () => {
    const log = memoryLog();
    const handler = handlerOn(log);
    const commandId = randomUUID();
    const source = { kind: 'file', ref: 'history.csv:17' };
    const outcome = await ask(handler, place(), {
      commandId,
      source,
      reason: { code: 'new' },
      occurredAt: '2026-03-01T00:00:00Z',
    });
    expect(outcome).toMatchObject({
      kind: 'done',
      stream,
      revision: 2,
      repeated: false,
      state: { commercial: 'submitted' },
    });
    expect(outcome.kind === 'done' && outcome.position).toBe(log.events.at(-1)?.position);
    expect(log.events.map(({ eventId }) => eventId)).toEqual([0, 1, 2].map((index) => eventIdOf(commandId, index)));
    expect(log.events[0]?.metadata).toMatchObject({
      schemaVersion: 1,
      occurredAt: '2026-03-01T00:00:00.000Z',
      recordedAt: now,
      commandId,
      correlationId: commandId,
      causationId: commandId,
      source,
      reason: { code: 'new' },
    });
    await ask(handler, accept);
    expect(await verifyStream(stream, log.readStream(stream))).toMatchObject({ ok: true, events: 4 });
  });

  test('is not read for: a stream that it opens, or one whose state is in the cache', async () => {
    const log = faultyLog(memoryLog(), { next: () => undefined });
    const handler = handlerOn(log);
    await placed(handler);
    await ask(handler, accept);
    expect(log.reads).toEqual([]);
  });

  test('that is refused changes nothing', async () => {
    const log = memoryLog();
    const handler = handlerOn(log);
    await placed(handler);
    const outcome = await ask(handler, ship('S'));
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'order-not-accepted' }, currentRevision: 2 });
    expect(log.events.length).toBe(3);
    expect(await ask(handler, accept, { occurredAt: '2026-02-30T00:00:00Z' })).toMatchObject({
      refusal: { code: 'instant-impossible', place: '/occurredAt' },
    });
  });

  test('that finds everything as it asks for is done without events', async () => {
    const handler = handlerOn(memoryLog());
    await placed(handler);
    await ask(handler, change);
    expect(await ask(handler, change)).toMatchObject({ kind: 'done', revision: 3, events: [], repeated: false });
  });

  test('is carried out once, however often it is given in one process', async () => {
    const log = memoryLog();
    const handler = handlerOn(log);
    await placed(handler);
    await ask(handler, accept);
    const commandId = randomUUID();
    const outcomes = await Promise.all([1, 2, 3].map(() => ask(handler, ship('S'), { commandId })));
    expect(outcomes.map((outcome) => outcome.kind === 'done' && [outcome.revision, outcome.repeated])).toEqual([
      [4, false],
      [4, true],
      [4, true],
    ]);
  });

  test('is found again by another process: an opening one always, others when told that they may be repeats', async () => {
    const log = memoryLog();
    const [first, second] = [handlerOn(log), handlerOn(log)];
    const [opening, accepting] = [randomUUID(), randomUUID()];
    await ask(first, place(), { commandId: opening });
    await ask(first, accept, { commandId: accepting });
    await ask(first, ship('S1'));
    expect(await ask(second, place(), { commandId: opening })).toMatchObject({
      kind: 'done',
      revision: 2,
      repeated: true,
    });
    expect(await ask(second, accept, { commandId: accepting, mayBeRepeat: true })).toMatchObject({
      kind: 'done',
      revision: 3,
      repeated: true,
      state: { commercial: 'accepted', shipments: [] },
      events: [{ type: 'OrderAccepted', revision: 3 }],
    });
    expect(await ask(second, place())).toMatchObject({ kind: 'refused', refusal: { code: 'order-exists' } });
  });

  test('that may be a repeat is looked for beyond what the cache remembers', async () => {
    const log = memoryLog();
    const handler = handlerOn(log);
    await ask(handler, place({ lines: [{ sku: 'A', qty: pieces(100) }] }));
    await ask(handler, accept);
    const ids = Array.from({ length: 40 }, () => randomUUID());
    for (const [i, commandId] of ids.entries()) await ask(handler, ship(`S${i}`), { commandId, mayBeRepeat: true });
    const outcome = await ask(handler, ship('S0'), { commandId: ids[0] ?? '', mayBeRepeat: true });
    expect(outcome).toMatchObject({ kind: 'done', repeated: true, revision: 4 });
  });
});

describe('a cached state that is old', () => {
  test('shows as a conflict, and the command is decided again', async () => {
    const log = memoryLog();
    const [first, second] = [handlerOn(log), handlerOn(log)];
    await placed(first);
    await ask(second, accept);
    await ask(first, command('hold', { holdType: 'price' }));
    expect(await orderOf(second)).toMatchObject({ commercial: 'accepted', holds: [{ holdType: 'price' }] });
    expect(await verifyStream(stream, log.readStream(stream))).toMatchObject({ ok: true });
  });

  test('never refuses wrongly', async () => {
    const log = memoryLog();
    const [first, second] = [handlerOn(log), handlerOn(log)];
    await placed(first);
    await ask(second, accept);
    expect(await ask(first, ship('S'))).toMatchObject({ kind: 'done', revision: 4 });
  });

  test('of a log that lost events is thrown away', async () => {
    const [before, after] = [memoryLog(), memoryLog()];
    let current = before;
    const handler = handlerOn({
      ...before,
      append: (...a) => current.append(...a),
      readStream: (...a) => current.readStream(...a),
    });
    await placed(handler);
    await ask(handler, accept);
    current = after;
    after.record(stream, ...before.events.slice(0, 3));
    expect(await ask(handler, command('hold', { holdType: 'price' }))).toMatchObject({ kind: 'done', revision: 3 });
    expect(await ask(handler, command('release-hold', { holdId: 'unknown' }))).toMatchObject({ kind: 'refused' });
    expect(await ask(handler, command('hold', { holdType: 'credit' }))).toMatchObject({ kind: 'done', revision: 4 });
    expect(await verifyStream(stream, after.readStream(stream))).toMatchObject({ ok: true, events: 5 });
  });
});

describe('an expected revision', () => {
  test('must be the current one', async () => {
    const log = memoryLog();
    const [first, second] = [handlerOn(log), handlerOn(log)];
    await placed(first);
    expect(await ask(first, accept, { expectedRevision: 1 })).toMatchObject({
      refusal: { code: 'stale-version' },
      currentRevision: 2,
    });
    await ask(second, accept, { expectedRevision: 2 });
    expect(await ask(first, ship('S'), { expectedRevision: 3 })).toMatchObject({ kind: 'done', revision: 4 });
    expect(await ask(second, ship('S2'), { expectedRevision: 3 })).toMatchObject({
      refusal: { code: 'stale-version' },
      currentRevision: 4,
    });
  });

  test('is not needed again by a command that was carried out', async () => {
    const handler = handlerOn(memoryLog());
    await placed(handler);
    const once = { commandId: randomUUID(), expectedRevision: 2 };
    await ask(handler, accept, once);
    expect(await ask(handler, accept, once)).toMatchObject({ kind: 'done', revision: 3, repeated: true });
  });
});

describe('the handler', () => {
  test('loads the newest state, the state at a revision, or what it has', async () => {
    const log = memoryLog();
    const [first, second] = [handlerOn(log), handlerOn(log)];
    await placed(first);
    await ask(second, accept);
    expect(await first.load(orderAggregate, orderId, { cached: true })).toMatchObject({ revision: 2 });
    expect(await first.load(orderAggregate, orderId)).toMatchObject({ revision: 3, state: { commercial: 'accepted' } });
    expect(await first.load(orderAggregate, orderId, { upTo: 0 })).toMatchObject({
      revision: 0,
      state: { commercial: 'draft' },
    });
    expect(await first.load(orderAggregate, 'nobody')).toMatchObject({ revision: 'no-stream' });
  });

  test('works with a cache too small for anything', async () => {
    const log = memoryLog();
    const handler = handlerOn(log, { cacheSize: 1 });
    await placed(handler);
    await ask(handler, accept);
    expect(await orderOf(handler)).toMatchObject({ commercial: 'accepted' });
  });

  test('tells what it did', async () => {
    const seen: ObservedCommand[] = [];
    const handler = handlerOn(memoryLog(), { observe: (one) => seen.push(one) });
    const once = meta();
    await handler.execute(orderAggregate, orderId, place(), once);
    await handler.execute(orderAggregate, orderId, place(), once);
    await ask(handler, ship('S'));
    expect(seen.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['done', undefined],
      ['repeated', undefined],
      ['refused', 'order-not-accepted'],
    ]);
  });

  test('lets a failure of the log through, and goes on with the next command', async () => {
    const base = memoryLog();
    await placed(handlerOn(base));
    let down = true;
    const log = {
      ...base,
      async *readStream(...args: Parameters<typeof base.readStream>) {
        if (down) throw new Error('the log is away');
        yield* base.readStream(...args);
      },
    };
    const handler = handlerOn(log);
    await expect(ask(handler, accept)).rejects.toThrow('the log is away');
    down = false;
    expect(await ask(handler, accept)).toMatchObject({ kind: 'done' });
  });
});
