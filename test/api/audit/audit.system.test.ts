import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { kinds } from '../../support/databases.ts';

/** Two requests of one piece of work: what they record has one correlation. */
const work = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

describe.each(kinds())('the audit over HTTP on %s', (database) => {
  let running: TestApp;
  let auditor: ApiClient;
  let orderId: string;
  let position: unknown;
  let accepted: string;

  beforeAll(async () => {
    running = await startApp({ database });
    const desk = new ApiClient(running.app, await running.keyFor('admin'));
    auditor = new ApiClient(running.app, await running.keyFor('auditor'));
    await desk.post('/v1/customers', customer(), work);
    orderId = (await desk.post('/v1/orders', order(), work)).json().orderId;
    const at = `/v1/orders/${orderId}`;
    accepted = String((await desk.post(`${at}/accept`)).headers['orderfold-position']);
    const promise = { deliverOn: '2026-12-10', zone: 'Europe/Berlin' };
    await desk.post(`${at}/promises`, { commit: [{ lineNo: 1, promise }] });
    const qty = { value: '2', uom: 'C62' };
    const reason = { code: 'too-many', text: 'Counted wrong' };
    const cancelled = await desk.post(`${at}/lines/1/cancel`, { qty, initiator: 'customer', reason });
    expect(cancelled.statusCode, cancelled.body).toBe(200);
    position = cancelled.headers['orderfold-position'];
  });
  afterAll(() => running.close());

  const asked = async (path: string) => {
    const answer = await auditor.getAt(`/v1/audit/${path}`, position);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };

  it('tells the history of an order with what is tied to it, in sentences, page by page', async () => {
    const { entries, streams, total } = await asked(`orders/${orderId}/history?by=recorded`);
    expect(streams).toEqual([`order-${orderId}`, 'customer-C-1']);
    expect(entries.map(({ type }: { type: string }) => type)).toEqual([
      'CustomerRegistered',
      'OrderStarted',
      'OrderLinesAdded',
      'OrderSubmitted',
      'OrderAccepted',
      'PromiseCommitted',
      'QuantityCancelled',
    ]);
    expect(entries.at(-1).sentence).toMatch(
      /^Program key:\S+ cancelled 2 pieces of line 1 of order \S+ on behalf of the customer through the API, because of too-many \("Counted wrong"\)\.$/,
    );
    const first = await auditor.getAt(`/v1/audit/orders/${orderId}/history?by=recorded&limit=5`, position);
    const next = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? '';
    expect((await auditor.get(next)).json().entries).toHaveLength(total - 5);
    expect((await asked(`orders/${orderId}/history?related=none&types=OrderAccepted`)).total).toBe(1);
  });

  it('shows the order as it was, what is different, and why', async () => {
    const then = await asked(`orders/${orderId}/as-of?position=${accepted}`);
    expect(then).toMatchObject({ order: { status: 'accepted', version: 3 }, position: accepted, presupposed: [] });
    const past = await auditor.get(`/v1/audit/orders/${orderId}/as-of?occurred=2001-01-01T00:00:00Z`);
    expect(past.statusCode).toBe(404);
    const { changes } = await asked(`orders/${orderId}/difference?fromPosition=${accepted}`);
    expect(changes.map(({ sentence }: { sentence: string }) => sentence)).toContain(
      'line 1: status accepted → promised, quantity 10 pieces → 8 pieces, promise none → 10 December 2026, commit date none → 10 December 2026, cancelled none → 2 pieces',
    );
    const { value, steps } = await asked(`orders/${orderId}/explain?field=lines/0/quantities/cancelled`);
    expect([value, steps.length, steps[0].event.type]).toEqual(['2', 1, 'QuantityCancelled']);
    expect((await asked(`orders/${orderId}/explain?kpi=on_time_rate&grain=line`)).steps.length).toBeGreaterThan(0);
  });

  it('shows rows of read models as they were, and the log', async () => {
    const now = await asked(`read-models/order_lines/rows/${orderId},1`);
    expect(now.row).toMatchObject({ ordered: '10', cancelled: '2', status: 'promised' });
    const then = await asked(`read-models/order_lines/rows/${orderId},1?position=${accepted}`);
    expect(then.row).toMatchObject({ cancelled: '0', status: 'accepted' });
    const { steps } = await asked(`read-models/order_lines/rows/${orderId},1/explain?field=promised_on`);
    expect(steps).toHaveLength(1);
    const { readModels } = await asked('read-models');
    expect(readModels.map(({ name }: { name: string }) => name)).toContain('kpi_daily');
    const { events } = await asked('events?types=QuantityCancelled&text=counted');
    expect(events).toHaveLength(1);
    for (const path of ['read-models/nope/rows/x', `read-models/order_lines/rows/${orderId},7`])
      expect((await auditor.get(`/v1/audit/${path}`)).statusCode).toBe(404);
    expect((await auditor.get('/v1/audit/read-models/order_lines/rows/x')).json().code).toBe('invalid-request');
  });

  it('is not for customers, and not for those who may not audit', async () => {
    const theirs = new ApiClient(running.app, await running.keyFor('customer', 'C-1'));
    const warehouse = new ApiClient(running.app, await running.keyFor('warehouse'));
    const desk = new ApiClient(running.app, await running.keyFor('order-desk'));
    const history = `/v1/audit/orders/${orderId}/history`;
    for (const client of [theirs, warehouse]) expect((await client.get(history)).statusCode).toBe(403);
    expect((await desk.get(history)).statusCode).toBe(200);
    expect((await desk.get('/v1/audit/events')).statusCode).toBe(403);
    expect((await auditor.get('/v1/audit/orders/SO-9-9/history')).json().code).toBe('order-unknown');
  });

  it('has pages for browsers', async () => {
    const signedIn = await running.app.inject({
      method: 'POST',
      url: '/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: `key=${await running.keyFor('order-desk')}`,
    });
    expect(signedIn.headers.location).toBe('/audit');
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    const get = (url: string) => running.app.inject({ url, headers: { cookie } });
    expect((await get('/audit')).body).toContain(`/audit/orders/${orderId}`);
    const page = await get(`/audit/orders/${orderId}?at=3&since=0`);
    expect(page.body).toContain('What the system knew after event 4 of 6');
    expect(page.body).toContain('opened the account C-1 of Customer C-1');
    expect((await get('/audit/events')).statusCode).toBe(403);
    expect((await get('/audit/orders/00000000-0000-4000-8000-000000000000')).statusCode).toBe(404);
  });
});
