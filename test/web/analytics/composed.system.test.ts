import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';

let running: TestApp;
let orderId: string;
let cookie: string;
beforeAll(async () => {
  running = await startApp({ database: 'pglite' });
  const desk = new ApiClient(running.app, await running.keyFor('admin'));
  await desk.post('/v1/customers', customer());
  const placed = await desk.post('/v1/orders', order());
  orderId = placed.json().orderId;
  const promise = { deliverOn: '2020-01-01', zone: 'Europe/Berlin' };
  await desk.post(`/v1/orders/${orderId}/accept`);
  const promised = await desk.post(`/v1/orders/${orderId}/promises`, {
    initiator: 'supplier',
    commit: [1, 2].map((lineNo) => ({ lineNo, promise })),
  });
  expect(promised.statusCode).toBe(200);
  const seen = await desk.getAt('/v1/analytics/query?kpis=on_time_rate', promised.headers['orderfold-position']);
  expect(seen.json().rows[0].kpis.on_time_rate.den).toBe(2);
  const signedIn = await running.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: `key=${await running.keyFor('analyst')}`,
  });
  cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(() => running.close());

const get = (url: string) => running.app.inject({ url, headers: { cookie } });

test('what was promised and not delivered is late on the dashboard, and leads to the order and its events', async () => {
  const board = await get('/analytics');
  expect(board.statusCode).toBe(200);
  expect(board.body).toContain('0 of 2 schedule lines');
  const href = /href="([^"]*kpi=on_time_rate[^"]*)"/.exec(board.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const cell = await get(href);
  expect(cell.statusCode).toBe(200);
  expect(cell.body).toContain(`/analytics/orders/${orderId}`);
  const events = await get(`/analytics/orders/${orderId}`);
  expect(events.body).toContain('Promise committed');
  expect(board.body + cell.body + events.body).not.toContain('Customer C-1');
});

test('the style sheet is where the page says', async () => {
  const { body } = await get('/analytics');
  const sheet = await get(/<link rel="stylesheet" href="([^"]+)"/.exec(body)?.[1] ?? '');
  expect([sheet.statusCode, sheet.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
});
