import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertWatcher } from '../../../src/main/alerts.ts';
import type { AlertWatcher } from '../../../src/processes/alerts/watcher.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { EventStream } from '../../support/eventStream.ts';
import { shownHead } from '../../support/shown.ts';

let running: TestApp;
let key: string;
let admin: ApiClient;
let analyst: ApiClient;
let watcher: AlertWatcher;
let address: string;
/** Position of the last thing that was written. */
let position = '';

beforeAll(async () => {
  running = await startApp({ database: 'pglite' });
  key = await running.keyFor('admin');
  admin = new ApiClient(running.app, key);
  analyst = new ApiClient(running.app, await running.keyFor('analyst'));
  address = await running.listen();
  watcher = alertWatcher(running.house, running.analytics);
  await admin.post('/v1/customers', customer());
});
afterAll(() => running.close());

const send = (method: 'PUT' | 'DELETE', url: string, payload?: object) =>
  running.app.inject({
    method,
    url,
    ...(payload && { payload }),
    headers: { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID() },
  });

const wrote = (answer: { headers: Record<string, unknown>; statusCode: number; body: string }) => {
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  position = String(answer.headers['orderfold-position']);
};

/** An order promised for this day, two days ago if left out, of which nothing left. */
async function promised(daysAgo = 2): Promise<string> {
  const placed = await admin.post('/v1/orders', order('C-1', { lines: [order().lines[0]] }));
  const { orderId } = placed.json();
  wrote(await admin.post(`/v1/orders/${orderId}/accept`));
  const deliverOn = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const promise = { deliverOn, zone: 'Europe/Berlin' };
  wrote(
    await admin.post(`/v1/orders/${orderId}/promises`, {
      initiator: 'supplier',
      commit: [{ lineNo: 1, promise }],
    }),
  );
  return orderId;
}

/** Looks when the facts show everything that was written. */
async function look(): Promise<number> {
  await running.analytics.waitFor(position, { timeoutMs: 10_000 });
  await analyst.getAt('/v1/analytics/watches', position);
  return watcher.look();
}

const watch = {
  watchId: 'late',
  name: 'On time',
  question: { kpi: 'on_time_rate', grain: 'order' },
  condition: { kind: 'threshold', side: 'below', level: 0.5 },
  tell: ['supply-desk'],
};

const alerts = async (search = '') => {
  const head = await shownHead(running.house);
  const answer = await analyst.getAt(`/v1/analytics/alerts${search}`, head);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};

describe('a watch', () => {
  it('is defined by an analyst, once, and shown', async () => {
    const answer = await analyst.post('/v1/analytics/watches', watch);
    wrote(answer);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe('/v1/analytics/watches/late');
    expect((await analyst.post('/v1/analytics/watches', watch)).statusCode).toBe(201);
    const other = await analyst.post('/v1/analytics/watches', { ...watch, name: 'Other' });
    expect([other.statusCode, other.json().code]).toEqual([409, 'watch-exists']);
    const shown = await analyst.getAt('/v1/analytics/watches/late', position);
    expect(shown.json()).toMatchObject({ ...watch, version: 1 });
    expect((await analyst.get('/v1/analytics/watches')).json().watches).toEqual([shown.json()]);
    expect((await analyst.get('/v1/analytics/watches/none')).statusCode).toBe(404);
  });

  it.each([
    ['a KPI that there is not', { question: { kpi: 'nope' } }, 400],
    ['a date that does not decide', { question: { kpi: 'on_time_rate', by: 'snapshot' } }, 400],
    ['a dimension that there is not', { question: { kpi: 'on_time_rate', filter: { nope: ['x'] } } }, 400],
    ['an alert that ends before it begins', { condition: { ...watch.condition, clearAt: 0.4 } }, 422],
  ])('is refused for %s', async (_, more, status) => {
    const answer = await analyst.post('/v1/analytics/watches', { ...watch, watchId: 'wrong', ...more });
    expect([answer.statusCode, answer.json().detail]).toEqual([status, expect.any(String)]);
  });
});

describe('an alert', () => {
  it('is raised when the number crosses, seen live, and its number can be asked for again', async () => {
    const stream = await EventStream.open(`${address}/v1/analytics/alerts/live`, key);
    await promised();
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    const live = (await stream.next())?.data as unknown as { watchId: string; status: string };
    expect(live).toMatchObject({ watchId: 'late', status: 'open' });
    stream.close();
    const [alert] = (await alerts('?status=open')).alerts;
    expect(alert).toMatchObject({ watchId: 'late', tell: ['supply-desk'], reading: { value: 0, num: 0, den: 1 } });
    await promised();
    const again = await analyst.get(alert.links.number);
    expect(again.json().rows[0].kpis.on_time_rate).toMatchObject({ num: 0, den: 1, value: 0 });
    expect((await analyst.get(`/v1/analytics/alerts/${alert.alertId}`)).json()).toEqual(alert);
  });

  it('is acknowledged once, with a receipt', async () => {
    const [{ alertId }] = (await alerts()).alerts;
    const url = `/v1/analytics/alerts/${alertId}/acknowledge`;
    const headers = { 'idempotency-key': 'seen' };
    const first = await analyst.post(url, { reason: { code: 'seen' } }, headers);
    wrote(first);
    const repeat = await analyst.post(url, { reason: { code: 'seen' } }, headers);
    expect([repeat.json(), repeat.headers['idempotent-replayed']]).toEqual([first.json(), 'true']);
    expect((await alerts('?acknowledged=true')).alerts).toMatchObject([
      { alertId, acknowledgedAt: expect.any(String) },
    ]);
    expect((await alerts('?acknowledged=false')).alerts).toEqual([]);
    expect((await analyst.post('/v1/analytics/alerts/none/acknowledge')).statusCode).toBe(404);
  });

  it('ends when the watch judges otherwise, and when it is removed', async () => {
    const { watchId, ...definition } = watch;
    wrote(
      await send('PUT', `/v1/analytics/watches/${watchId}`, {
        ...definition,
        condition: { ...watch.condition, level: 0.6 },
      }),
    );
    expect((await alerts()).alerts).toMatchObject([{ status: 'cleared', because: 'watch-changed' }]);
    expect(await look()).toBe(1);
    wrote(await send('DELETE', `/v1/analytics/watches/${watchId}`));
    expect((await alerts('?watchId=late')).alerts).toMatchObject([
      { version: 2, status: 'cleared', because: 'watch-removed' },
      { version: 1, status: 'cleared', because: 'watch-changed' },
    ]);
    expect((await analyst.getAt('/v1/analytics/watches', position)).json().watches).toEqual([]);
    expect(await look()).toBe(0);
    expect((await send('DELETE', '/v1/analytics/watches/none')).json().code).toBe('watch-unknown');
  });

  it('is listed page by page; a cursor of other filters is refused', async () => {
    const first = await alerts('?limit=1');
    const second = await alerts(`?limit=1&cursor=${first.next}`);
    expect([...first.alerts, ...second.alerts].map(({ version }) => version)).toEqual([2, 1]);
    expect(second.next).toBeUndefined();
    for (const search of [`?cursor=${first.next}&status=open`, '?cursor=xx', '?cursor=W10']) {
      const answer = await analyst.get(`/v1/analytics/alerts${search}`);
      expect(answer.json().code).toBe('malformed-cursor');
    }
  });
});

it('nobody else may watch', async () => {
  for (const role of ['order-desk', 'integration', 'auditor'] as const) {
    const client = new ApiClient(running.app, await running.keyFor(role));
    expect((await client.post('/v1/analytics/watches', watch)).statusCode, role).toBe(403);
  }
});
