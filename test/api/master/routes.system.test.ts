import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { masterPaths } from '../../../src/api/master/kinds.ts';
import { startApp, type TestApp } from '../../support/app.ts';

const kinds = inject('postgresUrl') ? (['pglite', 'postgres'] as const) : (['pglite'] as const);

describe.each(kinds)('master data over HTTP on %s', (database) => {
  let running: TestApp;
  let key: string;
  beforeAll(async () => {
    running = await startApp({ database });
    key = await running.keyFor('admin');
  });
  afterAll(() => running.close());

  const ask = (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object, more: Record<string, string> = {}) =>
    running.app.inject({
      method,
      url,
      ...(payload && { payload }),
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID(), ...more },
    });
  const readAt = (url: string, position: unknown) =>
    ask('GET', url, undefined, { 'orderfold-min-position': String(position), prefer: 'wait=10' });

  const pump = { description: 'Pump', uom: 'C62', sourcing: 'stock' };

  test('what holds from a date on is put, and read as of any date', async () => {
    const first = await ask('PUT', '/v1/items/PUMP', { effectiveFrom: '2026-01-01', specification: pump });
    expect(first.statusCode, first.body).toBe(200);
    const dearer = { ...pump, description: 'Pump 2' };
    await ask('PUT', '/v1/items/PUMP', { effectiveFrom: '2099-01-01', specification: dearer });
    const gone = await ask('POST', '/v1/items/PUMP/withdraw', { effectiveFrom: '2100-01-01' });
    const { 'orderfold-position': position } = gone.headers;
    const now = (await readAt('/v1/items/PUMP', position)).json();
    expect(now).toMatchObject({ id: 'PUMP', effectiveFrom: '2026-01-01', specification: pump });
    expect(now.versions).toEqual(['2026-01-01', '2099-01-01', '2100-01-01']);
    expect((await ask('GET', '/v1/items/PUMP?on=2099-06-01')).json().specification).toEqual(dearer);
    expect((await ask('GET', '/v1/items/PUMP?on=2100-06-01')).json()).not.toHaveProperty('specification');
    expect((await ask('GET', '/v1/items/PUMP?on=2025-06-01')).json()).not.toHaveProperty('specification');
  });

  test('pages follow one another', async () => {
    let position: unknown;
    for (const id of ['A', 'B', 'C'])
      position = (await ask('PUT', `/v1/sites/${id}`, { specification: { name: id, zone: 'UTC' } })).headers[
        'orderfold-position'
      ];
    const first = await readAt('/v1/sites?limit=2', position);
    expect(first.json().things.map(({ id }: { id: string }) => id)).toEqual(['A', 'B']);
    const next = /<([^>]*)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? expect.fail('no link');
    expect((await ask('GET', next)).json().things.map(({ id }: { id: string }) => id)).toEqual(['C']);
  });

  test('what cannot be is a problem with its code, and records nothing', async () => {
    const self = { sku: 'X', components: [{ sku: 'X', quantityPer: { value: '1', uom: 'C62' } }] };
    const refused = await ask('PUT', '/v1/bills-of-material/X', { specification: self });
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'master-contradictory']);
    const unknown = await ask('PUT', '/v1/items/X', { specification: { ...pump, colour: 'red' } });
    expect([unknown.statusCode, unknown.json().code]).toEqual([400, 'invalid-request']);
    for (const url of ['/v1/items/X', '/v1/bills-of-material/X'])
      expect((await ask('GET', url)).json().code).toBe('master-unknown');
  });

  test('every kind has its place', async () => {
    for (const { path } of Object.values(masterPaths)) expect((await ask('GET', `/v1/${path}`)).statusCode).toBe(200);
  });
});
