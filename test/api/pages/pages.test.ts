import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { can, type Role, roles } from '../../../src/api/access.ts';
import type { Pages } from '../../../src/api/pages/page.ts';
import { sessionSeconds } from '../../../src/api/pages/sessions.ts';
import { InvalidValue } from '../../../src/values/refusal.ts';
import { type FakeApi, fakeApi, fakeDependencies } from '../../support/fakeApi.ts';

const pages: Pages = {
  pages: [
    {
      path: '/analytics',
      action: 'analytics.read',
      answer: async ({ query }) => {
        if (query.bad) throw new InvalidValue('invalid-date', 'There is no such day');
        if (query.broken) throw new Error('secret of the house');
        return query.missing ? undefined : `<p>numbers of ${query.from ?? 'always'}</p>`;
      },
    },
    {
      path: '/analytics/orders/:orderId',
      action: 'order.events',
      answer: async ({ params }) => `<p>${params.orderId}</p>`,
    },
    {
      path: '/audit/:orderId',
      action: 'order.history',
      scripted: true,
      answer: async ({ principal }) => `<p>for ${principal.role}</p>`,
    },
  ],
  actions: [
    {
      path: '/audit/:orderId',
      action: 'audit.read',
      act: async ({ params, form, principal }) => {
        if (!form.has('why')) throw new InvalidValue('no-reason', 'Say why');
        return `/audit/${params.orderId}?by=${principal.role}&why=${form.get('why')}`;
      },
    },
  ],
  files: [{ path: '/analytics/style.css', contentType: 'text/css', body: 'p {}' }],
  signIn: ({ next, fault }) => `<form data-next="${next}">${fault ?? ''}</form>`,
  problem: ({ title, detail, help }) => `<h1>${title}</h1>${detail ?? ''} ${help}`,
};

let fake: FakeApi;
let now = Date.parse('2026-03-01T08:00:00.000Z');
beforeAll(async () => {
  fake = await fakeApi({ pages, clock: () => new Date(now).toISOString() });
});
afterAll(() => fake.app.close());

const get = (url: string, headers: Record<string, string> = {}) => fake.app.inject({ url, headers });
const own = { 'sec-fetch-site': 'same-origin' };
const post = (url: string, form: Record<string, string>, headers: Record<string, string> = own) =>
  fake.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: String(new URLSearchParams(form)),
  });

const cookieOf = (answer: { headers: Record<string, unknown> }): string => String(answer.headers['set-cookie'] ?? '');
const sent = (setCookie: string): Record<string, string> => ({ cookie: `other=1; ${setCookie.split(';')[0] ?? ''}` });

async function signedIn(role: Role = 'analyst'): Promise<Record<string, string>> {
  return sent(cookieOf(await post('/sign-in', { key: fake.keyFor(role) })));
}

describe('signing in', () => {
  it('takes a key and gives a session of limited time that no script and no other site can use', async () => {
    const key = fake.keyFor('analyst');
    const answer = await post('/sign-in', { key, next: '/analytics?from=2026-01-01' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/analytics?from=2026-01-01']);
    const cookie = cookieOf(answer);
    expect(cookie).toMatch(/^__Host-orderfold=\S+; Max-Age=28800; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(key.slice(17));
    const page = await get('/analytics?from=2026-01-01', sent(cookie));
    expect([page.statusCode, page.body]).toEqual([200, '<p>numbers of 2026-01-01</p>']);
  });

  it('is the form in the place of the page for who has no session', async () => {
    const answer = await get('/analytics?from=2026-01-01');
    expect([answer.statusCode, answer.body]).toEqual([401, '<form data-next="/analytics?from=2026-01-01"></form>']);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it.each(['', 'ofk_', 'nonsense'])('refuses the key %j', async (key) => {
    const answer = await post('/sign-in', { key });
    expect([answer.statusCode, cookieOf(answer)]).toEqual([401, '']);
    expect(answer.body).toContain('not valid');
  });

  it('refuses keys that may see neither numbers nor the history of orders', async () => {
    for (const role of Object.keys(roles) as Role[]) {
      const customer = role === 'customer' ? { customerId: 'mine' } : {};
      const answer = await post('/sign-in', { key: fake.keyFor(role, customer) });
      const principal = { id: 'x', role, ...customer };
      const [numbers, history] = (['analytics.read', 'order.history'] as const).map(
        (action) => can(principal, action) === 'allowed',
      );
      expect(answer.statusCode, role).toBe(numbers || history ? 303 : 403);
      if (numbers || history) expect(answer.headers.location, role).toBe(numbers ? '/analytics' : '/audit');
    }
    const narrow = await post('/sign-in', { key: fake.keyFor('admin', { scopes: ['metrics.read'] }) });
    expect(narrow.statusCode).toBe(403);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/analytics@evil.example',
    '/\\evil.example',
    '/analytics\\..\\x',
    '/analytics\r\nset-cookie: x=1',
    '/v1/orders',
    'javascript:alert(1)',
  ])('goes to no other place: %j', async (next) => {
    const answer = await post('/sign-in', { key: fake.keyFor('analyst'), next });
    expect(answer.headers.location).toBe('/analytics');
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{}],
  ])('does nothing for other sites: %j', async (headers) => {
    for (const url of ['/sign-in', '/sign-out']) {
      const answer = await post(url, { key: fake.keyFor('analyst') }, headers as Record<string, string>);
      expect([answer.statusCode, cookieOf(answer)]).toEqual([403, '']);
    }
  });

  it('works for browsers that tell their origin only', async () => {
    const answer = await post(
      '/sign-in',
      { key: fake.keyFor('analyst') },
      { origin: 'http://localhost:80', host: 'localhost' },
    );
    expect(answer.statusCode).toBe(303);
  });
});

describe('a session', () => {
  it('ends with its time', async () => {
    const session = await signedIn();
    now += (sessionSeconds - 1) * 1000;
    expect((await get('/analytics', session)).statusCode).toBe(200);
    now += 1000;
    expect((await get('/analytics', session)).statusCode).toBe(401);
  });

  it('ends with its key', async () => {
    const key = fake.keyFor('analyst');
    const session = sent(cookieOf(await post('/sign-in', { key })));
    const stored = fake.keys.get(key.slice(4, 16));
    if (!stored) throw new Error('no key');
    fake.keys.set(stored.keyId, { ...stored, revokedAt: '2026-02-01T00:00:00.000Z' });
    expect((await get('/analytics', session)).statusCode).toBe(401);
  });

  it('cannot be made up, prolonged or passed to another key', async () => {
    const { cookie = '' } = await signedIn();
    const [, id = '', end = '', signature = ''] = /=([a-z0-9]{12})\.(\d+)\.(\S+)$/.exec(cookie) ?? [];
    const other = fake.keyFor('admin').slice(4, 16);
    const forged = [
      `${id}.${Number(end) + 1}.${signature}`,
      `${other}.${end}.${signature}`,
      `${id}.${end}.${signature.slice(0, -2)}AA`,
      `${id}.${end}.`,
      `${id}.${end}`,
      '',
    ];
    for (const value of forged)
      expect((await get('/analytics', { cookie: `__Host-orderfold=${value}` })).statusCode, value).toBe(401);
    expect((await get('/analytics', { cookie })).statusCode).toBe(200);
  });

  it('holds in another process, and after a restart', async () => {
    const session = await signedIn();
    const secret = vi.fn(async () => Buffer.alloc(32, 7));
    const keys = { ...fakeDependencies(fake.keys).keys };
    const other = await fakeApi({ pages, keys, sessionSecret: secret, clock: () => new Date(now).toISOString() });
    const there = (headers: Record<string, string>) => other.app.inject({ url: '/analytics', headers });
    expect((await there(session)).statusCode).toBe(200);
    secret.mockResolvedValue(Buffer.alloc(32, 8));
    expect((await there(session)).statusCode).toBe(401);
    await other.app.close();
  });

  it('ends when its visitor signs out', async () => {
    const answer = await post('/sign-out', {}, { ...own, ...(await signedIn()) });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in']);
    expect(cookieOf(answer)).toMatch(/^__Host-orderfold=; Max-Age=0; /);
  });

  it('opens pages only, no part of the API', async () => {
    const session = await signedIn('admin');
    for (const url of ['/v1/orders', '/v1/analytics/kpis', '/v1/customers', '/metrics'])
      expect((await get(url, session)).statusCode, url).toBe(401);
  });
});

describe('pages', () => {
  it('take a key too, and follow the table of access for every role', async () => {
    for (const role of Object.keys(roles) as Role[]) {
      const customer = role === 'customer' ? { customerId: 'mine' } : {};
      const bearer = { authorization: `Bearer ${fake.keyFor(role, customer)}` };
      for (const [url, action] of [
        ['/analytics', 'analytics.read'],
        ['/analytics/orders/1', 'order.events'],
      ] as const) {
        const allowed = can({ id: 'x', role, ...customer }, action) === 'allowed';
        expect((await get(url, bearer)).statusCode, `${role} ${url}`).toBe(allowed ? 200 : 403);
      }
    }
  });

  it('run nothing, come from nowhere else, and are not kept', async () => {
    const session = await signedIn();
    for (const url of ['/analytics', '/analytics?missing=1', '/sign-in']) {
      const { headers } = await get(url, session);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
        expect(policy).toContain(rule);
      expect(policy).not.toMatch(/script|unsafe|\*/);
    }
  });

  it('may bring a script of our own, and are told who looks', async () => {
    const { headers, body } = await get('/audit/1', await signedIn('auditor'));
    expect(String(headers['content-security-policy'])).toMatch(
      /^default-src 'none'; .*; script-src 'self'; connect-src 'self'$/,
    );
    expect(body).toBe('<p>for auditor</p>');
  });

  it('act on what their forms send, for who may, and only from here', async () => {
    const session = await signedIn('auditor');
    const answer = await post('/audit/1', { why: 'because' }, { ...own, ...session });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/audit/1?by=auditor&why=because']);
    expect((await post('/audit/1', {}, { ...own, ...session })).statusCode).toBe(400);
    expect((await post('/audit/1', { why: 'x' }, { 'sec-fetch-site': 'cross-site', ...session })).statusCode).toBe(403);
    expect((await post('/audit/1', { why: 'x' }, { ...own, ...(await signedIn('order-desk')) })).statusCode).toBe(403);
    expect((await post('/audit/1', { why: 'x' })).statusCode).toBe(401);
  });

  it('tell what is wrong in words, and nothing of the inside', async () => {
    const session = await signedIn();
    const bad = await get('/analytics?bad=1', session);
    expect([bad.statusCode, bad.body]).toEqual([400, expect.stringContaining('There is no such day')]);
    expect((await get('/analytics?missing=1', session)).statusCode).toBe(404);
    const broken = await get('/analytics?broken=1', session);
    expect(broken.statusCode).toBe(500);
    expect(broken.body).not.toContain('secret of the house');
  });

  it('have their files for everybody, to be kept', async () => {
    const { statusCode, headers, body } = await get('/analytics/style.css');
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/css', 'p {}']);
    expect(headers['cache-control']).toContain('immutable');
  });
});

it.each([
  ['PUT', '/analytics', 'GET, HEAD'],
  ['POST', '/analytics/orders/x', 'GET, HEAD'],
  ['DELETE', '/sign-in', 'GET, HEAD, POST'],
  ['GET', '/sign-out', 'POST'],
  ['POST', '/analytics/style.css', 'GET, HEAD'],
] as const)('%s %s is not allowed, and what is stands beside it', async (method, url, allow) => {
  const answer = await fake.app.inject({ method, url, headers: own });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
});
