import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyStream } from '../../src/events/chain.ts';
import { type Fault, faultyLog } from '../support/faulty-log.ts';
import { ask, handlerOn, placed } from '../support/handling.ts';
import { memoryLog } from '../support/memory-log.ts';
import { command, orderId } from '../support/orders.ts';

const stream = `order-${orderId}`;
const accept = command('accept', {});

describe('an append that goes wrong', () => {
  async function afterFaults(...faults: Fault[]) {
    const base = memoryLog();
    const other = handlerOn(base);
    await placed(other);
    const log = faultyLog(base, {
      next: () => faults.shift(),
      rival: () => ask(other, command('hold', { holdType: 'price' })).then(() => {}),
    });
    const handler = handlerOn(log);
    const outcome = await ask(handler, accept);
    return { outcome, log, types: base.events.slice(3).map(({ type }) => type), handler, base };
  }

  test.each<[string, Fault[], string[]]>([
    ['its answer is lost', ['lost-answer'], ['OrderAccepted']],
    ['it is lost itself', ['lost-request'], ['OrderAccepted']],
    ['it arrives late', ['late'], ['OrderAccepted']],
    ['answers are lost twice', ['lost-request', 'lost-answer'], ['OrderAccepted']],
    ['the stream cannot be read for a moment', ['unreadable'], ['OrderAccepted']],
    ['a late one is overtaken', ['late', 'late', 'lost-request'], ['OrderAccepted']],
  ])('is resolved when %s', async (_, faults, types) => {
    const { outcome, types: recorded, base } = await afterFaults(...faults);
    expect(outcome).toMatchObject({ kind: 'done', repeated: false, revision: 3 });
    expect(recorded).toEqual(types);
    expect(await verifyStream(stream, base.readStream(stream))).toMatchObject({ ok: true });
  });

  test.each<Fault>(['rival', 'overtaken'])('is decided again when others were first (%s)', async (fault) => {
    const { outcome, types } = await afterFaults(fault);
    // an order on hold cannot be accepted: the decision was made on what the rival wrote
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'order-on-hold' } });
    expect(types).toEqual(['HoldPlaced']);
  });

  test('leads to an unknown outcome in the end, and to the truth when asked again', async () => {
    const base = memoryLog();
    await placed(handlerOn(base));
    let broken = true;
    const log = faultyLog(base, { next: () => (broken ? 'lost-request' : undefined) });
    const handler = handlerOn(log);
    const commandId = randomUUID();
    expect(await ask(handler, accept, { commandId })).toMatchObject({ refusal: { code: 'outcome-unknown' } });
    broken = false;
    expect(await ask(handler, accept, { commandId, mayBeRepeat: true })).toMatchObject({ kind: 'done', revision: 3 });
  });

  test('is refused when the store does not take so much at once, and nothing is recorded', async () => {
    const { outcome, log, types } = await afterFaults('too-large');
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'append-too-large' }, currentRevision: 2 });
    expect([log.appends, types]).toEqual([1, []]);
  });

  test('gives up when others never stop', async () => {
    const base = memoryLog();
    const other = handlerOn(base);
    await placed(other);
    const log = faultyLog(base, {
      next: () => 'rival',
      rival: () => ask(other, command('hold', { holdType: 'price' })).then(() => {}),
    });
    const outcome = await ask(handlerOn(log), command('hold', { holdType: 'price' }));
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'stream-busy' } });
  });
});
