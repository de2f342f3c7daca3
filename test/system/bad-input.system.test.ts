import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemTypes } from '../../src/api/problems.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { customer, order } from '../support/client.ts';
import { kinds } from '../support/databases.ts';

interface Sent {
  readonly path?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of the body as JSON. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly help: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

/** A sound order with one thing changed. */
const orderWith = (change: object) => ({ ...order(), ...change });
const lineWith = (change: object) => orderWith({ lines: [{ sku: 'A', qty: { value: '1', uom: 'C62' }, ...change }] });
const quantity = (value: unknown, uom = 'C62') => lineWith({ qty: { value, uom } });

/** What is sent, and the status, code and place that answer it. */
const placements: readonly [what: string, body: unknown, status: number, code: string, pointer?: string][] = [
  ['a number for a customer', orderWith({ customerId: 7 }), 400, 'invalid-request', '/customerId'],
  ['a list for an order', [order()], 400, 'invalid-request'],
  ['nothing for an order', null, 400, 'invalid-request'],
  ['lines that are no list', orderWith({ lines: {} }), 400, 'invalid-request', '/lines'],
  ['no lines', orderWith({ lines: [] }), 400, 'invalid-request', '/lines'],
  ['1,001 lines', orderWith({ lines: Array(1_001).fill(order().lines[0]) }), 400, 'invalid-request', '/lines'],
  ['a number for a quantity', quantity(10), 400, 'invalid-request', '/lines/0/qty/value'],
  ['a quantity in words', quantity('ten'), 400, 'invalid-request', '/lines/0/qty/value'],
  ['a quantity without end', quantity('9'.repeat(400)), 400, 'invalid-request', '/lines/0/qty/value'],
  ['an unknown field', orderWith({ discount: '10' }), 400, 'invalid-request', '/discount'],
  ['an unknown field of a line', lineWith({ colour: 'red' }), 400, 'invalid-request', '/lines/0/colour'],
  ['a customer that nobody knows', orderWith({ customerId: 'NOBODY' }), 422, 'customer-unknown', '/customerId'],
  ['a negative quantity', quantity('-1'), 422, 'quantity-not-positive', '/lines/0/qty'],
  ['a quantity of zero', quantity('0.000'), 422, 'quantity-not-positive', '/lines/0/qty'],
  [
    'a day that is not in the calendar',
    lineWith({ requestedDate: '2026-02-30' }),
    422,
    'date-impossible',
    '/lines/0/requestedDate',
  ],
  [
    'a day in other writing',
    lineWith({ requestedDate: '30.11.2026' }),
    400,
    'invalid-request',
    '/lines/0/requestedDate',
  ],
  ['an order of tomorrow', orderWith({ occurredAt: '2999-01-01T00:00:00Z' }), 422, 'occurred-in-future'],
  [
    'a line of tomorrow',
    lineWith({ orderedAt: '2999-01-01T00:00:00Z' }),
    422,
    'occurred-in-future',
    '/lines/0/orderedAt',
  ],
  [
    'an hour that does not exist',
    lineWith({ orderedAt: '2026-01-01T25:00:00Z' }),
    422,
    'instant-impossible',
    '/lines/0/orderedAt',
  ],
  [
    'a currency that does not exist',
    orderWith({ currency: 'EUX', lines: [{ sku: 'A', qty: { value: '1', uom: 'C62' } }] }),
    422,
    'currency-unknown',
    '/currency',
  ],
  [
    'a zone that does not exist',
    orderWith({ shipTo: { zone: 'Europe/Atlantis' } }),
    422,
    'zone-unknown',
    '/shipTo/zone',
  ],
];

describe.each(kinds())('bad input on %s', (database) => {
  let running: TestApp;
  let url: string;
  let key: string;
  let orderId: string;
  let etag: string;
  let events: number;

  async function send({ path = '/v1/orders', body, raw, headers = {} }: Sent): Promise<Response> {
    const asked = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'if-match': '*',
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
    return fetch(`${url}${path}`, { method: 'POST', headers: sent, body: raw ?? JSON.stringify(body ?? {}) });
  }

  async function problemOf(answer: Response): Promise<Problem> {
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const problem = (await answer.json()) as Problem;
    const documented = problemTypes.get(problem.code) ?? expect.fail(`${problem.code} is not documented`);
    expect(problem).toMatchObject({ ...documented, type: `/problems/${problem.code}` });
    return problem;
  }

  const inLog = async () => {
    const [row] = await running.house.database.query<{ n: string }>({ text: 'select count(*) as n from events' });
    return Number(row?.n);
  };

  beforeAll(async () => {
    running = await startApp({ database });
    url = await running.listen();
    key = await running.keyFor('admin');
    expect((await send({ path: '/v1/customers', body: customer() })).status).toBe(201);
    const placed = await send({ body: order() });
    expect(placed.status).toBe(201);
    ({ orderId } = (await placed.json()) as { orderId: string });
    etag = placed.headers.get('etag') ?? '';
    expect((await send({ path: `/v1/orders/${orderId}/accept`, headers: { 'if-match': etag } })).status).toBe(200);
    events = await inLog();
  });
  afterAll(async () => {
    expect(await inLog(), 'nothing of all this was recorded').toBe(events);
    await running.close();
  });

  test.each(placements)('%s is refused with its code and its place', async (_, body, status, code, pointer) => {
    const problem = await problemOf(await send({ body }));
    expect([problem.status, problem.code]).toEqual([status, code]);
    if (pointer !== undefined) expect(problem.errors?.map((fault) => fault.pointer).join()).toMatch(pointer);
  });

  test('a body of 10 MB is refused, whether it says so or not', async () => {
    const raw = `{"customerId": "${'x'.repeat(10 * 2 ** 20)}"}`;
    const announced = await fetch(`${url}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'large' },
      body: raw,
    }).catch((error: unknown) => error as Error);
    // The server may hang up before all of it was sent; it need not read on.
    if (announced instanceof Response) expect((await problemOf(announced)).code).toBe('body-too-large');
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let n = 0; n < 160; n += 1) controller.enqueue(new TextEncoder().encode('y'.repeat(65_536)));
        controller.close();
      },
    });
    const silent = await fetch(`${url}/v1/orders/${orderId}/accept`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'chunked' },
      body: chunks,
      duplex: 'half',
    } as RequestInit).catch((error: unknown) => error as Error);
    if (silent instanceof Response) expect((await problemOf(silent)).code).toBe('body-too-large');
    const small = await send({
      path: `/v1/orders/${orderId}/accept`,
      raw: `{"reason":{"code":"${'z'.repeat(70_000)}"}}`,
    });
    expect((await problemOf(small)).code).toBe('body-too-large');
  });

  test.each([
    ['half a document', { raw: '{"customerId": "C-1"' }, 400, 'malformed-request'],
    ['no document', { raw: '' }, 400, 'malformed-request'],
    ['a field of the prototype', { raw: '{"__proto__": {"admin": true}}' }, 400, 'malformed-request'],
    [
      'another kind of document',
      { raw: '<order/>', headers: { 'content-type': 'application/xml' } },
      415,
      'unsupported-media-type',
    ],
    ['no key', { body: order(), headers: { authorization: '' } }, 401, 'unauthenticated'],
    ['no idempotency key', { body: order(), headers: { 'idempotency-key': '' } }, 400, 'missing-idempotency-key'],
    [
      'an idempotency key that is too long',
      { body: order(), headers: { 'idempotency-key': 'k'.repeat(256) } },
      400,
      'malformed-idempotency-key',
    ],
  ] satisfies [string, Sent, number, string][])('%s is refused', async (_, sent, status, code) => {
    const problem = await problemOf(await send(sent));
    expect([problem.status, problem.code]).toEqual([status, code]);
  });

  test('a stale, a missing and a malformed version are refused, with the current one', async () => {
    const cancel = (ifMatch: string) =>
      send({ path: `/v1/orders/${orderId}/cancel`, headers: { 'if-match': ifMatch } });
    const stale = await problemOf(await cancel(etag));
    expect(stale).toMatchObject({ status: 412, code: 'stale-version', currentVersion: 3 });
    expect(await problemOf(await cancel('"99"'))).toMatchObject({ status: 412, code: 'stale-version' });
    expect(await problemOf(await cancel(''))).toMatchObject({ status: 428, code: 'missing-if-match' });
    for (const wrong of ['W/"3"', '3', '"3", "4"', '"three"'])
      expect(await problemOf(await cancel(wrong)), wrong).toMatchObject({ status: 400, code: 'malformed-if-match' });
  });

  test('a key that was used for something else is refused', async () => {
    const once = { 'idempotency-key': randomUUID() };
    const refused = await problemOf(await send({ body: quantity('-1'), headers: once }));
    expect(refused.code).toBe('quantity-not-positive');
    const other = await problemOf(await send({ body: quantity('-2'), headers: once }));
    expect(other).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    const elsewhere = await problemOf(await send({ path: `/v1/orders/${orderId}/cancel`, headers: once }));
    expect(elsewhere.code).toBe('idempotency-key-reused');
    const repeated = await problemOf(await send({ body: quantity('-1'), headers: once }));
    expect(repeated.code, 'the same again is answered as before').toBe('quantity-not-positive');
  });

  test.each([
    [
      'more than was ordered',
      'shipments',
      { lines: [{ lineNo: 1, qty: { value: '11', uom: 'C62' } }] },
      409,
      'quantity-exceeds-open',
    ],
    ['another unit', 'shipments', { lines: [{ lineNo: 1, qty: { value: '1', uom: 'KGM' } }] }, 422, 'unit-mismatch'],
    ['a line that is not there', 'shipments', { lines: [{ lineNo: 9 }] }, 422, 'line-unknown'],
    ['a shipment that is not there', 'shipments/NONE/deliveries', {}, 422, 'shipment-unknown'],
    [
      'a promise for a day that never comes',
      'promises',
      { commit: [{ lineNo: 1, promise: { deliverOn: '2027-02-29', zone: 'UTC' } }] },
      422,
      'date-impossible',
    ],
    ['an empty change', 'changes', {}, 422, 'nothing-asked'],
    ['a hold of a kind that is not known', 'holds', { holdType: 'mood' }, 400, 'invalid-request'],
    ['closing what is not finished', 'close', {}, 409, 'order-not-finished'],
    ['a line number in words', 'lines/one/cancel', {}, 400, 'invalid-request'],
  ])('an order refuses %s', async (_, path, body, status, code) => {
    const problem = await problemOf(await send({ path: `/v1/orders/${orderId}/${path}`, body }));
    expect([problem.status, problem.code]).toEqual([status, code]);
  });
});
