import { once } from 'node:events';
import { NEVER } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { JournalState } from '../../src/analytics/journal/standing.ts';
import type { ProjectionStanding } from '../../src/projections/runner.ts';
import { type FakeApi, fakeApi } from '../support/fakeApi.ts';

let fake: FakeApi;
afterEach(() => fake.app.close());

const standing = (more: Partial<ProjectionStanding> = {}): ProjectionStanding => ({
  name: 'orders',
  state: 'live',
  detail: { kind: 'live' },
  position: '00000000000000000001:00000000000000000001',
  lagSeconds: 0,
  lagEvents: 0,
  stalled: false,
  parkedStreams: 0,
  ...more,
});

const runner = (...states: ProjectionStanding[]) => ({
  states: () => states,
  checkpoints: NEVER,
  waitFor: async () => true,
});
const journal = (state: JournalState) => ({
  manifest: async () => undefined,
  fileOf: (segment: string) => segment,
  standing: () => ({
    state,
    directory: 'journal',
    position: 'start' as const,
    events: 70,
    sealedEvents: 64,
    eventsInMemory: 2,
    segments: 4,
    bytes: 9_000,
  }),
});
const secretCause = new Error('password=hunter2');

describe('/readyz', () => {
  it('says ready with what was checked', async () => {
    fake = await fakeApi({ runner: runner(standing()) });
    const answer = await fake.app.inject('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json().checks.map((check: { name: string }) => check.name)).toEqual([
      'database',
      'log',
      'projection orders',
      'prepared',
      'accepting',
    ]);
  });

  it('tells of a journal that is behind, and is ready all the same', async () => {
    fake = await fakeApi({ journal: journal({ kind: 'catching-up' }) });
    const answer = await fake.app.inject('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json().checks).toContainEqual({ name: 'journal', ok: true, state: 'catching-up' });
  });

  it.each([
    ['the database is away', { database: { query: () => Promise.reject(secretCause) } }, 'database'],
    ['the projection lags', { runner: runner(standing({ lagSeconds: 31 })) }, 'projection orders'],
    ['the projection failed', { runner: runner(standing({ state: 'failed' })) }, 'projection orders'],
    ['it is not prepared', { prepared: () => false }, 'prepared'],
  ])('says 503 and what is missing when %s, but not why', async (_when, broken, missing) => {
    fake = await fakeApi(broken);
    const answer = await fake.app.inject('/readyz');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'not-ready']);
    const failed = answer.json().checks.filter((check: { ok: boolean }) => !check.ok);
    expect(failed.map((check: { name: string }) => check.name)).toEqual([missing]);
    expect(answer.body).not.toContain('hunter2');
    expect((await fake.app.inject('/healthz')).statusCode, 'the process is alive all the same').toBe(200);
  });
});

describe('/metrics', () => {
  it('tells what the journal holds and does, where one is kept', async () => {
    fake = await fakeApi({ journal: journal({ kind: 'live' }) });
    const headers = { authorization: `Bearer ${fake.keyFor('admin')}` };
    const { body } = await fake.app.inject({ url: '/metrics', headers });
    for (const line of ['segments 4', 'events 70', 'bytes 9000', 'events_in_memory 2', 'state{state="live"} 1'])
      expect(body).toContain(`orderfold_journal_${line}`);
  });

  it('counts requests by method, route and class of status', async () => {
    fake = await fakeApi({ runner: runner(standing({ lagSeconds: 3 })) });
    const headers = { authorization: `Bearer ${fake.keyFor('admin')}` };
    await fake.app.inject({ url: '/v1/orders', headers });
    await fake.app.inject({ url: '/v1/orders', headers });
    await fake.app.inject({ url: '/v1/orders/secret-number', headers });
    await fake.app.inject({ url: '/v1/orders', method: 'HEAD', headers });
    const { body } = await fake.app.inject({ url: '/metrics', headers });
    const count = (labels: string) =>
      new RegExp(`orderfold_http_request_duration_seconds_count{${labels}} (\\d+)`).exec(body)?.[1];
    expect(count('method="GET",route="/v1/orders",status="2xx"')).toBe('2');
    expect(count('method="HEAD",route="/v1/orders",status="2xx"')).toBe('1');
    expect(count('method="GET",route="/v1/orders/:id",status="4xx"')).toBe('1');
    expect(body).toContain(
      'orderfold_http_request_duration_seconds_bucket{method="GET",route="/v1/orders",status="2xx",le="+Inf"} 2',
    );
    expect(body).toContain('orderfold_projection_lag_seconds{projection="orders",state="live"} 3');
    expect(body).not.toContain('secret-number');
  });
});

describe('/docs', () => {
  it('shows the OpenAPI 3.1 document under a policy of its own', async () => {
    fake = await fakeApi();
    const page = await fake.app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect((await fake.app.inject('/openapi.json')).json().openapi).toBe('3.1.0');
  });

  it('is not there when documents are not public', async () => {
    fake = await fakeApi({ settings: { publicDocs: false } });
    for (const url of ['/docs', '/docs/', '/openapi.json'])
      expect((await fake.app.inject(url)).statusCode, url).toBe(404);
  });
});

it('more live streams than allowed are refused until one ends', async () => {
  fake = await fakeApi({ settings: { maxLiveStreams: 1 } });
  const address = await fake.app.listen({ port: 0, host: '127.0.0.1' });
  const live = (signal?: AbortSignal) =>
    fetch(`${address}/v1/orders/live`, {
      headers: { authorization: `Bearer ${fake.keyFor('admin')}` },
      ...(signal && { signal }),
    });
  const connected = once(fake.app.server, 'connection');
  const leave = new AbortController();
  expect((await live(leave.signal)).status).toBe(200);
  const refused = await live();
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'overloaded']);
  const [socket] = await connected;
  const gone = once(socket, 'close');
  leave.abort();
  await gone;
  expect((await live()).status).toBe(200);
});

it('the scheme of a key may be written in any case, and there is no other scheme', async () => {
  fake = await fakeApi({});
  const key = fake.keyFor('analyst');
  const status = async (authorization: string) =>
    (await fake.app.inject({ url: '/v1/kpis', headers: { authorization } })).statusCode;
  expect(await Promise.all([`Bearer ${key}`, `bearer ${key}`, `BEARER ${key}`].map(status))).toEqual([200, 200, 200]);
  expect(await Promise.all([`Basic ${key}`, key, `Bearer${key}`, ''].map(status))).toEqual([401, 401, 401, 401]);
});
