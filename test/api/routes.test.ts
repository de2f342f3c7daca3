import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { can, type Role, roles } from '../../src/api/access.ts';
import { buildApi } from '../../src/api/build.ts';
import type { Api } from '../../src/api/http/api.ts';
import { type FakeApi, fakeApi, fakeDependencies } from '../support/fakeApi.ts';
import { operationsOf, type Route, recordRoutes } from '../support/routes.ts';

let fake: FakeApi;
let routes: Route[];
beforeAll(async () => {
  routes = [];
  fake = await fakeApi({ observeRoutes: (app: Api) => (routes = recordRoutes(app)) });
});
afterAll(() => fake.app.close());

const concrete = (url: string) => url.replace(':lineNo', '1').replaceAll(/:\w+/g, 'x');

function call(route: Route, key: string | undefined) {
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    'idempotency-key': 'k',
    'if-match': '*',
  };
  // Streams would stay open: what is wrong with this header is found only after the gate.
  const live = route.url.endsWith('/live') ? { 'last-event-id': 'no position' } : {};
  const body = route.method === 'POST' || route.method === 'PUT' ? { payload: {} } : {};
  return fake.app.inject({
    method: route.method as 'GET',
    url: concrete(route.url),
    headers: { ...headers, ...live },
    ...body,
  });
}

describe('access to every route', () => {
  it('is as the table says for every role, each cell called', async () => {
    const table: string[] = [];
    for (const route of routes) {
      const row: string[] = [];
      for (const role of Object.keys(roles) as Role[]) {
        const customer = role === 'customer' ? { customerId: 'mine' } : {};
        const { statusCode } = await call(route, fake.keyFor(role, customer));
        const open = route.action === 'public' || can({ id: 'x', role, ...customer }, route.action) === 'allowed';
        expect(statusCode === 403, `${role} ${route.method} ${route.url}: ${statusCode}`).toBe(!open);
        expect([401, 429]).not.toContain(statusCode);
        expect(statusCode).toBeLessThan(500);
        if (open) row.push(role);
      }
      table.push(`${route.method} ${route.url} (${route.action}): ${row.join(' ')}`);
    }
    await expect(`${table.sort().join('\n')}\n`).toMatchFileSnapshot('access.golden.txt');
  });

  it('needs a key, except where the route is public', async () => {
    for (const route of routes) {
      const { statusCode, headers } = await call(route, undefined);
      expect(statusCode === 401, `${route.method} ${route.url}: ${statusCode}`).toBe(route.action !== 'public');
      if (statusCode === 401) expect(headers['www-authenticate']).toContain('Bearer');
    }
  });

  it('is refused for keys that are wrong, expired or revoked', async () => {
    const expired = fake.keyFor('admin', { expiresAt: '2026-02-01T00:00:00.000Z' });
    const revoked = fake.keyFor('admin');
    const id = revoked.slice(4, 16);
    const stored = fake.keys.get(id);
    if (stored) fake.keys.set(id, { ...stored, revokedAt: '2026-02-01T00:00:00.000Z' });
    const good = fake.keyFor('admin');
    for (const key of [expired, revoked, `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`, 'ofk_', '', 'null']) {
      const answer = await fake.app.inject({ url: '/v1/orders', headers: { authorization: `Bearer ${key}` } });
      expect(answer.statusCode, key).toBe(401);
      expect(answer.json().code).toBe('unauthenticated');
    }
    const basic = await fake.app.inject({ url: '/v1/orders', headers: { authorization: `Basic ${good}` } });
    expect(basic.statusCode).toBe(401);
  });
});

it('the OpenAPI document has exactly the routes that are served', () => {
  const documented = operationsOf(fake.app).map(
    ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  expect(documented.sort()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).sort());
});

it('does not start when a route names no action', async () => {
  const app = buildApi(fakeDependencies(new Map()));
  app.get('/forgotten', () => 'oops');
  await expect(app.ready()).rejects.toThrow('/forgotten');
  await app.close();
});
