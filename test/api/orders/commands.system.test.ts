import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { kinds } from '../../support/databases.ts';

describe.each(kinds())('orders over HTTP on %s', (database) => {
  let running: TestApp;
  let desk: ApiClient;
  let admin: ApiClient;
  beforeAll(async () => {
    running = await startApp({ database });
    desk = new ApiClient(running.app, await running.keyFor('order-desk'));
    admin = new ApiClient(running.app, await running.keyFor('admin'));
    expect((await desk.post('/v1/customers', customer())).statusCode).toBe(201);
    expect((await desk.post('/v1/customers', customer('C-2'))).statusCode).toBe(201);
  });
  afterAll(() => running.close());

  const placed = async (more: object = {}) => {
    const answer = await desk.post('/v1/orders', order('C-1', more));
    expect(answer.statusCode, answer.body).toBe(201);
    return { ...answer.json(), etag: String(answer.headers.etag), position: answer.headers['orderfold-position'] };
  };

  it('are placed, promised, accepted, shipped and delivered, and read as they were written', async () => {
    const { orderId, orderNo, position } = await placed();
    const read = await desk.getAt(`/v1/orders/${orderNo}`, position);
    expect(read.statusCode).toBe(200);
    expect(read.headers.etag).toBe((await desk.getAt(`/v1/orders/${orderId}`, position)).headers.etag);
    expect(read.json().allowedCommands).toMatchObject({ accept: true, ship: 'order-not-accepted' });

    const at = `/v1/orders/${orderId}`;
    const promise = { deliverOn: '2026-12-10', zone: 'Europe/Berlin' };
    const steps: [string, object][] = [
      [
        'promises',
        {
          commit: [
            { lineNo: 1, promise },
            { lineNo: 2, promise },
          ],
        },
      ],
      ['accept', {}],
      ['holds', { holdType: 'credit', holdId: 'H-1' }],
      ['holds/H-1/release', {}],
      ['lines/2/cancel', { qty: { value: '0.5', uom: 'KGM' }, initiator: 'customer' }],
      ['shipments', { shipmentId: 'S-1', lines: [{ lineNo: 1 }, { lineNo: 2 }] }],
      ['shipments/S-1/deliveries', {}],
      ['delivery-errors', { kind: 'damage', lineNo: 1, shipmentId: 'S-1', qty: { value: '1', uom: 'C62' } }],
      ['close', { reason: { code: 'done' } }],
      ['reopen', { reason: { code: 'mistake', text: 'closed too early' } }],
    ];
    let last = await desk.get(at);
    for (const [path, body] of steps) {
      last = await admin.post(`${at}/${path}`, body, { 'if-match': String(last.headers.etag) });
      expect(last.statusCode, `${path}: ${last.body}`).toBe(200);
    }
    const final = await desk.getAt(at, last.headers['orderfold-position']);
    expect(final.json()).toEqual(last.json());
    expect(final.json().status).toBe('delivered');
    const { events } = (await desk.get(`${at}/events`)).json();
    expect(events.map((event: { revision: number }) => event.revision)).toEqual(
      events.map((_: unknown, n: number) => n),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'OrderReopened',
      metadata: { reason: { code: 'mistake', text: 'closed too early' }, actor: { kind: 'program', via: 'api' } },
    });
  });

  it('are shown as they were at a version and at an instant', async () => {
    const { orderId, version } = await placed();
    const at = `/v1/orders/${orderId}`;
    const accepted = (await admin.post(`${at}/accept`)).json();
    const { events } = (await desk.get(`${at}/events`)).json();
    const before = await desk.get(`${at}?version=${version}`);
    expect(before.json()).toMatchObject({ status: 'submitted', version });
    expect(before.headers.etag).toBe(`"${version}"`);
    expect((await desk.get(`${at}?version=${accepted.version}`)).json()).toEqual(accepted);
    expect((await desk.get(`${at}?version=999`)).json().code).toBe('invalid-request');
    const { recordedAt } = events.at(-1).metadata;
    expect((await desk.get(`${at}?asOf=${recordedAt}`)).json().version).toBe(accepted.version);
    expect((await desk.get(`${at}?asOf=2020-01-01T00:00:00.000Z`)).statusCode).toBe(404);
  });

  it('with the same key are placed once, and another body is refused', async () => {
    const once = { 'idempotency-key': randomUUID() };
    const first = await desk.post('/v1/orders', order(), once);
    const again = await desk.post('/v1/orders', order(), { 'idempotency-key': `"${once['idempotency-key']}"` });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.headers.etag).toBe(first.headers.etag);
    const other = await desk.post('/v1/orders', order('C-2'), once);
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('sent many times at once with one key are placed once', async () => {
    const once = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => desk.post('/v1/orders', order(), once)));
    const ids = answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json().orderId);
    expect(new Set(ids).size).toBe(1);
    for (const answer of answers) {
      if (answer.statusCode !== 201) expect(answer.json().code).toBe('command-in-flight');
    }
  });

  it('changed meanwhile are refused with the current version, and a repeat of a done command is not', async () => {
    const { orderId, etag } = await placed();
    const at = `/v1/orders/${orderId}`;
    const once = { 'idempotency-key': randomUUID(), 'if-match': etag };
    const first = await admin.post(`${at}/accept`, {}, once);
    expect(first.statusCode).toBe(200);
    const stale = await admin.post(`${at}/cancel`, { initiator: 'supplier' }, { 'if-match': etag });
    expect(stale.statusCode).toBe(412);
    expect(stale.json()).toMatchObject({ code: 'stale-version', currentVersion: first.json().version });
    const repeated = await admin.post(`${at}/accept`, {}, once);
    expect([repeated.statusCode, repeated.headers['idempotent-replayed']]).toEqual([200, 'true']);
  });

  it('are refused with the code, the words and the place of the refusal', async () => {
    const unknown = await desk.post('/v1/orders', order('NOBODY'));
    expect([unknown.statusCode, unknown.json().code]).toEqual([422, 'customer-unknown']);
    const negative = await desk.post(
      '/v1/orders',
      order('C-1', { lines: [{ sku: 'A', qty: { value: '-1', uom: 'C62' } }] }),
    );
    expect(negative.statusCode).toBe(422);
    expect(negative.json().errors[0].pointer).toMatch(/^\/lines\/0/);
    const lines = [{ sku: 'A', qty: { value: '1', uom: 'C62' }, requestedDate: '2026-02-30' }];
    expect((await desk.post('/v1/orders', order('C-1', { lines }))).json().code).toBe('date-impossible');
    const nowhere = await desk.post(`/v1/orders/${randomUUID()}/accept`);
    expect([nowhere.statusCode, nowhere.json().code]).toEqual([404, 'order-unknown']);
  });

  it('of a thousand lines fit into a body', async () => {
    const lines = Array.from({ length: 1000 }, (_, n) => ({
      sku: `ITEM-${n}`,
      description: 'x'.repeat(200),
      qty: { value: '1', uom: 'C62' },
      dimensions: { plant: 'north', colour: 'green' },
    }));
    expect((await placed({ lines })).lines).toHaveLength(1000);
  });

  it('are found page by page, and a cursor belongs to its filters', async () => {
    const customerPo = randomUUID();
    let position: unknown;
    for (let n = 0; n < 5; n += 1) position = (await placed({ customerPo })).position;
    const seen: string[] = [];
    let url: string | undefined = `/v1/orders?customerPo=${customerPo}&limit=2`;
    for (let pages = 0; url !== undefined && pages < 4; pages += 1) {
      const page = await desk.getAt(url, position);
      expect(page.statusCode, page.body).toBe(200);
      seen.push(...page.json().orders.map((found: { orderId: string }) => found.orderId));
      url = /^<([^>]+)>; rel="next"$/.exec(String(page.headers.link ?? ''))?.[1];
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
    const { next } = (await desk.get(`/v1/orders?customerPo=${customerPo}&limit=2`)).json();
    for (const wrong of [`/v1/orders?customerPo=other&cursor=${next}`, '/v1/orders?cursor=nonsense']) {
      const answer = await desk.get(wrong);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'malformed-cursor']);
    }
  });

  it('not changed since are not sent again', async () => {
    const { orderId, position } = await placed();
    const read = await desk.getAt(`/v1/orders/${orderId}`, position);
    const again = await desk.get(`/v1/orders/${orderId}`, { 'if-none-match': String(read.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('are found by an id in capitals, now and as they were', async () => {
    const { orderId, position } = await placed();
    for (const query of ['', '?version=0', '/events']) {
      const answer = await desk.getAt(`/v1/orders/${orderId.toUpperCase()}${query}`, position);
      expect(answer.statusCode, query).toBe(200);
    }
  });

  it('are not read before the wanted position: the reader is told so', async () => {
    const future = '99999999999999999999:99999999999999999999';
    const answer = await desk.get('/v1/orders', { 'orderfold-min-position': future, prefer: 'wait=0' });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'projection-lagging']);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json().wantedPosition).toBe(future);
  });

  it('of others are not there for a customer', async () => {
    const own = new ApiClient(running.app, await running.keyFor('customer', 'C-2'));
    const { orderId, orderNo, position } = await placed();
    await desk.getAt('/v1/orders', position);
    for (const url of [
      orderId,
      orderNo,
      `${orderId}?version=0`,
      `${orderId}?asOf=2030-01-01T00:00:00Z`,
      `${orderId}/live`,
    ]) {
      const answer = await own.get(`/v1/orders/${url}`);
      expect([answer.statusCode, answer.json().code], url).toEqual([404, 'order-unknown']);
    }
    for (const command of ['cancel', 'changes', 'lines/1/cancel']) {
      const answer = await own.post(`/v1/orders/${orderId}/${command}`);
      expect([answer.statusCode, answer.json().code], command).toEqual([404, 'order-unknown']);
    }
    const foreign = await own.post('/v1/orders', order('C-1'));
    expect([foreign.statusCode, foreign.json().code]).toEqual([422, 'customer-unknown']);
    expect((await own.get('/v1/customers/C-1')).statusCode).toBe(404);
    expect((await own.get('/v1/orders?customerId=C-1')).json().orders).toEqual([]);
    expect((await own.get('/v1/customers')).json().customers).toHaveLength(1);

    const mine = await own.post('/v1/orders', order('C-2'));
    expect(mine.statusCode, mine.body).toBe(201);
    const listed = await own.getAt('/v1/orders', mine.headers['orderfold-position']);
    expect(listed.json().orders.map((one: { customerId: string }) => one.customerId)).toEqual(['C-2']);
    const cancelled = await own.post(`/v1/orders/${mine.json().orderId}/cancel`, {});
    expect(cancelled.json().status).toBe('cancelled');
    const { events } = (await desk.get(`/v1/orders/${mine.json().orderId}/events`)).json();
    expect(events.at(-1).data.initiator).toBe('customer');
    expect(events.at(-1).metadata.actor).toEqual({ kind: 'customer', id: 'C-2', via: 'api' });
    const asSupplier = await own.post(`/v1/orders/${mine.json().orderId}/cancel`, { initiator: 'supplier' });
    expect(asSupplier.json().code).toBe('forbidden');
    const backdated = await own.post('/v1/orders', order('C-2', { occurredAt: '2026-01-01T00:00:00Z' }));
    expect(backdated.json().code).toBe('forbidden');
  });

  it('carry the trace of the request that caused them', async () => {
    const trace = randomUUID().replaceAll('-', '');
    const answer = await desk.post('/v1/orders', order(), { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(answer.headers['orderfold-trace']).toBe(trace);
    const { events } = (await desk.get(`/v1/orders/${answer.json().orderId}/events`)).json();
    expect(events[0].metadata.correlationId).toBe(trace);
  });
});
