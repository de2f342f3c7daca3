import { describe, expect, test } from 'vitest';
import { customerAggregate } from '../../src/commands/customer/aggregate.ts';
import type { Idempotency } from '../../src/commands/handle.ts';
import { placeOrder } from '../../src/commands/order/place.ts';
import { commandIdOf, type Receipts } from '../../src/commands/receipts.ts';
import { faultyLog } from '../support/faulty-log.ts';
import { ask, handlerOn, meta, orderOf, placed } from '../support/handling.ts';
import { memoryLog } from '../support/memory-log.ts';
import { memoryReceipts } from '../support/memory-receipts.ts';
import { command, customer, pieces, place } from '../support/orders.ts';

const keyed = (key: string, bodyHash = 'body'): { idempotency: Idempotency } => ({
  idempotency: { principal: 'key-1', key, bodyHash },
});
const accept = command('accept', {});
const ship = (shipmentId: string) => command('ship', { shipmentId, lines: [{ lineNo: 1, qty: pieces(1) }] });

async function withOrder(receipts: Receipts = memoryReceipts()) {
  const log = memoryLog();
  const handler = handlerOn(log, { receipts });
  await placed(handler);
  return { log, handler, receipts };
}

describe('a command with a key', () => {
  test('gets the same answer again, with the state of then', async () => {
    const { handler, log } = await withOrder();
    const first = await ask(handler, accept, keyed('A'));
    await ask(handler, ship('S'), keyed('B'));
    expect(await ask(handler, accept, keyed('A'))).toEqual({ ...first, repeated: true });
    expect(log.events.length).toBe(5);
  });

  test('gets the same refusal again, even when it would be right by now', async () => {
    const { handler } = await withOrder();
    const first = await ask(handler, ship('S'), keyed('A'));
    await ask(handler, accept);
    expect(await ask(handler, ship('S'), keyed('A'))).toEqual(first);
    expect(await ask(handler, ship('S'), keyed('B'))).toMatchObject({ kind: 'done' });
  });

  test('is refused when the key was used with another body', async () => {
    const { handler } = await withOrder();
    await ask(handler, accept, keyed('A'));
    expect(await ask(handler, ship('S'), keyed('A', 'other'))).toMatchObject({
      refusal: { code: 'idempotency-key-reused' },
    });
  });

  test('is refused while the first is still being processed', async () => {
    const { handler } = await withOrder();
    const both = await Promise.all([ask(handler, accept, keyed('A')), ask(handler, accept, keyed('A'))]);
    expect(both).toMatchObject([{ kind: 'done' }, { refusal: { code: 'command-in-flight' } }]);
  });

  test('gets its id from the key and the body, whatever id it came with', async () => {
    const { handler, log } = await withOrder();
    await ask(handler, accept, keyed('A'));
    expect(log.events.at(-1)?.metadata.commandId).toBe(commandIdOf(meta(keyed('A'))));
  });

  test('may be asked again after a stale version', async () => {
    const { handler } = await withOrder();
    const stale = await ask(handler, accept, { ...keyed('A'), expectedRevision: 1 });
    expect(stale).toMatchObject({ refusal: { code: 'stale-version' } });
    expect(await ask(handler, accept, { ...keyed('A'), expectedRevision: 2 })).toMatchObject({ kind: 'done' });
  });

  test('whose process died after the append is found in the stream', async () => {
    const receipts = memoryReceipts();
    const { log, handler } = await withOrder(receipts);
    await ask(handler, accept);
    const dying: Receipts = { ...receipts, answer: () => new Promise(() => {}) };
    await ask(handlerOn(log, { receipts: dying }), ship('S'), keyed('A'));
    expect(await ask(handler, ship('S'), keyed('A'))).toMatchObject({ refusal: { code: 'command-in-flight' } });
    receipts.expireLeases();
    expect(await ask(handler, ship('S'), keyed('A'))).toMatchObject({ kind: 'done', repeated: true, revision: 4 });
    expect(log.events.length).toBe(5);
  });

  test('whose process died is found even if much has happened since', async () => {
    const receipts = memoryReceipts();
    const { log, handler } = await withOrder(receipts);
    const dying: Receipts = { ...receipts, answer: () => new Promise(() => {}) };
    await ask(handlerOn(log, { receipts: dying }), accept, keyed('A'));
    for (let i = 0; i < 40; i += 1) await ask(handler, command('hold', { holdType: 'price', holdId: `H${i}` }));
    receipts.expireLeases();
    expect(await ask(handler, accept, keyed('A'))).toMatchObject({ kind: 'done', repeated: true, revision: 3 });
  });

  test('whose outcome was not known is resolved by its repeat', async () => {
    const { log, receipts } = await withOrder();
    let broken = true;
    const flaky = handlerOn(faultyLog(log, { next: () => (broken ? 'lost-request' : undefined) }), { receipts });
    expect(await ask(flaky, accept, keyed('A'))).toMatchObject({ refusal: { code: 'outcome-unknown' } });
    broken = false;
    expect(await ask(flaky, accept, keyed('A'))).toMatchObject({ kind: 'done', revision: 3 });
    expect(log.events.length).toBe(4);
  });

  test('is open again after a failure of the log', async () => {
    const { log, receipts } = await withOrder();
    let down = true;
    const readStream: typeof log.readStream = (...args) => {
      if (down) throw new Error('the log is away');
      return log.readStream(...args);
    };
    const handler = handlerOn({ ...log, readStream }, { receipts });
    await expect(ask(handler, accept, keyed('A'))).rejects.toThrow('the log is away');
    down = false;
    expect(await ask(handler, accept, keyed('A'))).toMatchObject({ kind: 'done' });
  });

  test('is answered even if its receipt cannot be written; that is reported', async () => {
    const problems: string[] = [];
    const receipts: Receipts = { ...memoryReceipts(), answer: () => Promise.reject(new Error('database away')) };
    const log = memoryLog();
    const handler = handlerOn(log, { receipts, report: ({ message }) => problems.push(message) });
    await placed(handler);
    expect(await ask(handler, accept, keyed('A'))).toMatchObject({ kind: 'done' });
    await handler.settle();
    expect(problems).toEqual(['A command receipt could not be written']);
  });

  test('is not carried out if its key cannot be claimed', async () => {
    const receipts: Receipts = { ...memoryReceipts(), claim: () => Promise.reject(new Error('database away')) };
    const { handler, log } = await withOrder(receipts);
    await expect(ask(handler, accept, keyed('A'))).rejects.toThrow('database away');
    expect(log.events.length).toBe(3);
  });
});

describe('placing an order', () => {
  const body = place().body as Parameters<typeof placeOrder>[1];

  async function desk() {
    const log = memoryLog();
    const handler = handlerOn(log, { receipts: memoryReceipts() });
    const account = { customerId: 'ACME', name: 'Acme', zone: customer.zone, tolerances: { under: '0', over: '0.1' } };
    await handler.execute(customerAggregate, 'ACME', { kind: 'register', body: account }, meta());
    let drawn = 0;
    return { log, handler, numbers: { draw: async () => `SO-${++drawn}` } };
  }

  test('knows the customer, has a number, and comes to the same order when repeated', async () => {
    const deps = await desk();
    const first = await placeOrder(deps, body, meta(keyed('P')));
    expect(first).toMatchObject({
      kind: 'done',
      state: { orderNo: 'SO-1', shipTo: { zone: customer.zone }, tolerances: { over: '0.1' } },
    });
    expect(await placeOrder(deps, body, meta(keyed('P')))).toEqual({ ...first, repeated: true });
    const plain = meta();
    const second = await placeOrder(deps, body, plain);
    expect(await placeOrder(deps, body, plain)).toEqual({ ...second, repeated: true });
    expect(deps.log.events.filter(({ type }) => type === 'OrderStarted').length).toBe(2);
  });

  test('is refused for a customer that is not registered', async () => {
    const deps = await desk();
    const outcome = await placeOrder(deps, { ...body, customerId: 'NOBODY' }, meta());
    expect(outcome).toMatchObject({ refusal: { code: 'customer-unknown', place: '/customerId' } });
  });

  test('registering again with the same data is done, with nothing new', async () => {
    const { handler, log } = await desk();
    const account = { customerId: 'ACME', name: 'Acme', zone: customer.zone, tolerances: { under: '0', over: '0.1' } };
    const register = (body: typeof account) =>
      handler.execute(customerAggregate, 'ACME', { kind: 'register', body }, meta());
    expect(await register(account)).toMatchObject({ kind: 'done', events: [], revision: 0 });
    expect(await register({ ...account, name: 'Other' })).toMatchObject({ refusal: { code: 'customer-exists' } });
    expect(log.events.length).toBe(1);
  });
});

test('the order is what was acknowledged', async () => {
  const { handler } = await withOrder();
  const outcome = await ask(handler, accept, keyed('A'));
  expect(outcome.kind === 'done' && outcome.state).toEqual(await orderOf(handler));
});
