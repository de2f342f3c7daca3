import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { problemTypes } from '../../src/api/problems.ts';
import { LogUnavailable } from '../../src/events/log/port.ts';
import { type FakeApi, fakeApi } from '../support/fakeApi.ts';

let fake: FakeApi;
let key: string;
beforeAll(async () => {
  fake = await fakeApi();
  key = fake.keyFor('admin');
});
afterAll(() => fake.app.close());

const json = 'application/json';
const order = { customerId: 'C1', currency: 'EUR', lines: [{ sku: 'A', qty: { value: '1', uom: 'C62' } }] };

interface Call {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string | object;
}

async function call({ method = 'POST', url = '/v1/orders', headers = {}, payload }: Call) {
  const answer = await fake.app.inject({
    method: method as 'POST',
    url,
    headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'k-1', 'if-match': '*', ...headers },
    ...(payload !== undefined && { payload }),
  });
  return answer;
}

async function problemOf(request: Call) {
  const answer = await call(request);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const problem = answer.json();
  expect(problem.status).toBe(answer.statusCode);
  expect(problem.type).toBe(`/problems/${problem.code}`);
  expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
  const known = problemTypes.get(problem.code);
  expect(known, problem.code).toBeDefined();
  expect(known?.status).toBe(answer.statusCode);
  return { ...problem, headers: answer.headers };
}

describe('a bad request', () => {
  it.each([
    ['broken JSON', { payload: '{"a":', headers: { 'content-type': json } }, 400, 'malformed-request'],
    ['an empty JSON body', { payload: '', headers: { 'content-type': json } }, 400, 'malformed-request'],
    [
      'a prototype in the body',
      { payload: '{"__proto__":{"x":1}}', headers: { 'content-type': json } },
      400,
      'malformed-request',
    ],
    ['10 MB', { payload: { note: 'x'.repeat(10_000_000) } }, 413, 'body-too-large'],
    ['XML', { payload: '<order/>', headers: { 'content-type': 'application/xml' } }, 415, 'unsupported-media-type'],
    ['text', { payload: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
    ['an unknown address', { url: '/v1/nothing' }, 404, 'not-found'],
    ['a malformed address', { url: '/v1/orders/%ff', method: 'GET' }, 400, 'malformed-request'],
    ['no idempotency key', { payload: order, headers: { 'idempotency-key': '' } }, 400, 'missing-idempotency-key'],
    [
      'a long idempotency key',
      { payload: order, headers: { 'idempotency-key': 'k'.repeat(256) } },
      400,
      'malformed-idempotency-key',
    ],
    ['no If-Match', { url: '/v1/orders/x/accept', payload: {}, headers: { 'if-match': '' } }, 428, 'missing-if-match'],
    [
      'a weak tag',
      { url: '/v1/orders/x/accept', payload: {}, headers: { 'if-match': 'W/"1"' } },
      400,
      'malformed-if-match',
    ],
    ['an odd position', { method: 'GET', headers: { 'orderfold-min-position': 'then' } }, 400, 'malformed-position'],
    [
      'an odd event id',
      { method: 'GET', url: '/v1/orders/live', headers: { 'last-event-id': "'" } },
      400,
      'malformed-position',
    ],
    ['a limit of 0', { method: 'GET', url: '/v1/orders?limit=0' }, 400, 'invalid-request'],
    ['a limit of 201', { method: 'GET', url: '/v1/orders?limit=201' }, 400, 'invalid-request'],
    ...['1.5', '0x10', '', '1e2', '+5', '%205', '007', '1&limit=2'].map((limit): [string, Call, number, string] => [
      `a limit of ${limit}`,
      { method: 'GET', url: `/v1/orders?limit=${limit}` },
      400,
      'invalid-request',
    ]),
    ['a version that is empty', { method: 'GET', url: '/v1/orders/x?version=' }, 400, 'invalid-request'],
    [
      'a position that no log writes',
      { method: 'GET', headers: { 'orderfold-min-position': '1' } },
      400,
      'malformed-position',
    ],
    ['an unknown parameter', { method: 'GET', url: '/v1/orders?colour=red' }, 400, 'invalid-request'],
  ] as [string, Call, number, string][])('with %s is answered %#', async (_name, request, status, code) => {
    expect(await problemOf(request)).toMatchObject({ status, code });
  });

  it('is told where it is wrong and what is expected', async () => {
    const broken = {
      ...order,
      lines: [{ sku: 7, qty: { value: '1', uom: 'C62' } }],
      colour: 'red',
      currency: undefined,
    };
    const { code, errors } = await problemOf({ payload: broken });
    expect(code).toBe('invalid-request');
    expect(errors).toEqual(
      expect.arrayContaining([
        { pointer: '/currency', detail: 'is missing' },
        { pointer: '/colour', detail: 'is not known here' },
        { pointer: '/lines/0/sku', detail: expect.stringContaining('string') },
      ]),
    );
  });

  it('is never made to fit: numbers stay numbers', async () => {
    const { code } = await problemOf({ payload: { ...order, customerId: 1 } });
    expect(code).toBe('invalid-request');
  });

  it('that is too large learns how large it may be', async () => {
    const { detail } = await problemOf({ payload: { note: 'x'.repeat(10_000_000) } });
    expect(detail).toContain('1048576');
  });

  it('with another method learns which are allowed', async () => {
    const { status, headers } = await problemOf({ method: 'DELETE', url: '/v1/orders/x' });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
    expect((await problemOf({ method: 'PUT', url: '/v1/orders' })).headers.allow).toBe('GET, HEAD, POST');
  });

  it('names at most 20 faults', async () => {
    const { errors } = await problemOf({
      payload: { ...order, lines: Array.from({ length: 1000 }, () => ({ a: 1, b: 2 })) },
    });
    expect(errors.length).toBeLessThanOrEqual(20);
  });
});

it('bytes that are no HTTP are answered with a problem, too', async () => {
  await fake.app.listen({ port: 0, host: '127.0.0.1' });
  const address = fake.app.server.address();
  const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  socket.end('this is not HTTP\r\n\r\n');
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).code).toBe('malformed-request');
});

it('a failure inside is answered without a word of its cause', async () => {
  const failing = await fakeApi({
    orders: {
      statusJson: async () => Promise.reject(new Error('password=hunter2 at table orders')),
      search: async () => Promise.reject(new Error('password=hunter2')),
      changedSince: async () => [],
    },
  });
  for (const url of ['/v1/orders/X-1', '/v1/orders']) {
    const answer = await failing.app.inject({ url, headers: { authorization: `Bearer ${failing.keyFor('admin')}` } });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().code).toBe('internal-error');
    expect(answer.body).not.toContain('hunter2');
  }
  await failing.app.close();
});

it('a log that is away is answered like a database that is away', async () => {
  const away = async () => {
    throw new LogUnavailable('EventStoreDB cannot be reached');
  };
  const cut = await fakeApi({ handler: { execute: away, load: away, settle: async () => {} } });
  const answer = await cut.app.inject({
    method: 'POST',
    url: '/v1/customers',
    headers: { authorization: `Bearer ${cut.keyFor('admin')}`, 'idempotency-key': 'k' },
    payload: { customerId: 'C1', name: 'C1', zone: 'UTC' },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'database-unavailable']);
  await cut.app.close();
});

it('too many requests are refused with the time to wait, each principal for itself', async () => {
  const busy = await fakeApi({ settings: { requestsPerMinute: 2, anonymousRequestsPerMinute: 1 } });
  const [one, other] = [busy.keyFor('admin'), busy.keyFor('admin')];
  const get = (text?: string) =>
    busy.app.inject({ url: '/v1/kpis', headers: text === undefined ? {} : { authorization: `Bearer ${text}` } });
  expect([(await get(one)).statusCode, (await get(one)).statusCode]).toEqual([200, 200]);
  const refused = await get(one);
  expect(refused.statusCode).toBe(429);
  expect(refused.json().code).toBe('too-many-requests');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await get(other)).statusCode).toBe(200);
  expect((await get()).statusCode).toBe(401);
  expect((await get()).statusCode, 'guessing keys is limited by address').toBe(429);
  expect((await busy.app.inject('/healthz')).statusCode).toBe(200);
  await busy.app.close();
});

it('whoever guesses keys does not lock out a good key that shares the address', async () => {
  const busy = await fakeApi({ settings: { anonymousRequestsPerMinute: 1 } });
  const good = busy.keyFor('admin');
  const get = async (text: string) =>
    (await busy.app.inject({ url: '/v1/kpis', headers: { authorization: `Bearer ${text}` } })).statusCode;
  expect(await get(good)).toBe(200);
  expect([await get('guess'), await get('guess')]).toEqual([401, 429]);
  // The database is asked about the key again.
  const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
  try {
    expect(await get(good)).toBe(200);
    expect(await get(busy.keyFor('admin')), 'a key that was never seen').toBe(429);
  } finally {
    later.mockRestore();
  }
  await busy.app.close();
});

it('every answer carries headers that keep pages from using it', async () => {
  const { headers } = await call({ method: 'GET', url: '/v1/kpis' });
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'cache-control': 'private, no-cache',
  });
});

it('the pages of the problem registry name every code', async () => {
  const { problems } = (await fake.app.inject('/problems')).json();
  expect(problems.map((problem: { code: string }) => problem.code).sort()).toEqual([...problemTypes.keys()].sort());
  const one = (await fake.app.inject('/problems/stale-version')).json();
  expect(one).toMatchObject({ code: 'stale-version', status: 412 });
});
