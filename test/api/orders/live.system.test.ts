import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { EventStream } from '../../support/eventStream.ts';

let running: TestApp;
let desk: ApiClient;
let key: string;
let address: string;
beforeAll(async () => {
  running = await startApp({ database: 'pglite', settings: { heartbeatMs: 300 } });
  key = await running.keyFor('admin');
  desk = new ApiClient(running.app, key);
  address = await running.listen();
  await desk.post('/v1/customers', customer());
  await desk.post('/v1/customers', customer('C-2'));
});
afterAll(() => running.close());

async function placed(customerId = 'C-1') {
  const answer = await desk.post('/v1/orders', order(customerId));
  await desk.getAt('/v1/orders', answer.headers['orderfold-position']);
  return { id: String(answer.json().orderId), version: answer.json().version as number };
}

const live = (path: string, lastEventId?: string) => EventStream.open(`${address}/v1/orders/${path}`, key, lastEventId);

describe('live status of one order', () => {
  it('begins with its status and follows its changes', async () => {
    const { id, version } = await placed();
    const stream = await live(`${id}/live`);
    expect((await stream.next())?.data).toMatchObject({ orderId: id, version, status: 'submitted' });
    await desk.post(`/v1/orders/${id}/accept`);
    expect((await stream.next())?.data).toMatchObject({ orderId: id, version: version + 1, status: 'accepted' });
    stream.close();
  });

  it('resumes after the last event id: nothing twice, nothing lost', async () => {
    const { id, version } = await placed();
    const first = await live(`${id}/live`);
    const seen = await first.next();
    first.close();
    await desk.post(`/v1/orders/${id}/accept`);
    const resumed = await live(`${id}/live`, seen?.id);
    const next = await resumed.next();
    expect(next?.data).toMatchObject({ version: version + 1, status: 'accepted' });
    resumed.close();
    const upToDate = await live(`${id}/live`, next?.id);
    const cancelled = await desk.post(`/v1/orders/${id}/cancel`, { initiator: 'customer' });
    expect((await upToDate.next())?.data.version).toBe(cancelled.json().version);
    upToDate.close();
  });

  it('begins anew after an id of a log that was further', async () => {
    const { id, version } = await placed();
    const stream = await live(`${id}/live`, '9'.repeat(20).concat(':', '9'.repeat(20)));
    expect((await stream.next())?.data).toMatchObject({ orderId: id, version });
    stream.close();
  });

  it('sends heartbeats while nothing happens', async () => {
    const { id } = await placed();
    const stream = await live(`${id}/live`);
    await stream.next();
    await stream.nextComment();
    await stream.nextComment();
    stream.close();
  });
});

describe('live status of all orders', () => {
  it('follows what happens from now on, and resumes over all that was missed', async () => {
    const before = await placed();
    const stream = await live('live');
    const one = await placed();
    const event = await stream.next();
    expect(event?.data.orderId).toBe(one.id);
    stream.close();
    const missed = [await placed(), await placed()];
    const resumed = await live('live', event?.id);
    const ids = [(await resumed.next())?.data.orderId, (await resumed.next())?.data.orderId];
    expect(ids).toEqual(missed.map(({ id }) => id));
    expect(ids).not.toContain(before.id);
    resumed.close();
  });

  it('shows a customer its own orders only', async () => {
    const own = await EventStream.open(`${address}/v1/orders/live`, await running.keyFor('customer', 'C-2'));
    await placed('C-1');
    const mine = await placed('C-2');
    expect((await own.next())?.data.orderId).toBe(mine.id);
    own.close();
  });
});

it('a stream ends with the key that opened it', async () => {
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const createdBy = { id: 'test', operator: true } as const;
  const { text } = await running.house.keys.create({ label: 'short', role: 'analyst', expiresAt, createdBy });
  const stream = await EventStream.open(`${address}/v1/orders/live`, text);
  expect(await stream.next()).toBeUndefined();
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
});

it('close ends every stream and does not wait for its readers', async () => {
  const other = await startApp({ database: 'pglite' });
  const url = await other.listen();
  const stream = await EventStream.open(`${url}/v1/orders/live`, await other.keyFor('admin'));
  const end = stream.next();
  await other.close();
  expect(await end).toBeUndefined();
});
