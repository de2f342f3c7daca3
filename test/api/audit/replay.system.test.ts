import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { kinds } from '../../support/databases.ts';

describe.each(kinds())('rebuilds and quarantine over HTTP on %s', (kind) => {
  let service: TestApp;
  let admin: string;
  let auditor: string;
  beforeAll(async () => {
    service = await startApp({ database: kind });
    admin = await service.keyFor('admin');
    auditor = await service.keyFor('auditor');
    const body = { customerId: 'C1', name: 'Acme', zone: 'UTC' };
    const { headers } = await call('POST', '/v1/customers', body);
    position = String(headers['orderfold-position']);
    expect(await service.house.runner.waitFor(position, { timeoutMs: 30_000 })).toBe(true);
  });
  afterAll(() => service.close());

  let position = '';
  let serial = 0;
  const call = (method: 'GET' | 'POST', url: string, body?: object, key = admin) => {
    serial += 1;
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': `k${serial}` };
    return service.app.inject({ method, url, headers, ...(body && { payload: body }) });
  };
  const standing = async () => {
    const { readModels } = (await call('GET', '/v1/audit/rebuilds', undefined, auditor)).json();
    return readModels.find(({ projection }: { projection: string }) => projection === 'customers');
  };
  const step = (word: string) => call('POST', '/v1/audit/rebuilds/customers', { step: word });
  const ended = async (state: string) => {
    await vi.waitUntil(async () => (await standing()).work?.state !== 'running', { timeout: 30_000 });
    expect((await standing()).work).toMatchObject({ state });
    return (await standing()).work.certificate as string;
  };
  const states = async () =>
    (await standing()).generations.map(
      (one: { generation: number; state: string }) => `${one.generation} ${one.state}`,
    );

  test('an admin compares, switches and goes back; the certificate is kept for auditors', async () => {
    expect((await step('switch')).json()).toMatchObject({ code: 'nothing-built', status: 409 });
    expect((await step('rollback')).json()).toMatchObject({ code: 'no-previous-generation' });
    expect((await step('compare')).statusCode).toBe(202);
    const id = await ended('compared');
    expect(await states()).toEqual(['2 building', '1 active']);
    const { certificates } = (
      await call('GET', '/v1/audit/certificates?projection=customers', undefined, auditor)
    ).json();
    expect(certificates).toMatchObject([{ id, projection: 'customers', verdict: 'equal', events: 1, differing: 0 }]);
    const one = await call('GET', `/v1/audit/certificates/${id}`, undefined, auditor);
    expect(one.headers['content-disposition']).toBe(`attachment; filename="customers-${id}.json"`);
    expect(one.json()).toMatchObject({ id, tables: [{ table: 'customers', rows: 1 }] });
    expect((await call('GET', '/v1/audit/certificates/none')).statusCode).toBe(404);
    await step('switch');
    await ended('switched');
    expect(await states()).toEqual(['2 active', '1 previous']);
    expect((await step('rollback')).statusCode).toBe(202);
    expect(await states()).toEqual(['2 previous', '1 active']);
    await step('compare');
    await ended('compared');
    expect((await step('drop')).statusCode).toBe(202);
    expect((await step('drop')).json()).toMatchObject({ code: 'nothing-built' });
    expect((await call('POST', '/v1/audit/rebuilds/nothing', { step: 'compare' })).statusCode).toBe(404);
  });

  test('a parked stream is shown with its event; an admin retries and skips, the log tells who and why', async () => {
    const { database, log } = service.house;
    // As the runner parks them: the second customer is in the way of nothing but itself.
    await call('POST', '/v1/customers', { customerId: 'C2', name: 'Two', zone: 'UTC' });
    await database.execute(`
      insert into parked_streams (projection, generation, stream, code, cause)
        select 'customers', generation, 'customer-C2', 'handler-failed', 'odd' from projection_generations
        where projection = 'customers' and state = 'active';
      insert into parked_events (projection, generation, stream, revision, position, type)
        select 'customers', generation, 'customer-C2', 0, '1', 'CustomerRegistered' from projection_generations
        where projection = 'customers' and state = 'active'`);
    const url = '/v1/audit/quarantine/customers/customer-C2';
    const { parked } = (await call('GET', '/v1/audit/quarantine', undefined, auditor)).json();
    expect(parked).toMatchObject([
      { projection: 'customers', stream: 'customer-C2', events: 1, tables: ['customers'] },
    ]);
    expect((await call('GET', url, undefined, auditor)).json()).toMatchObject({
      ...{ cause: 'odd', firstRevision: 0 },
      event: { type: 'CustomerRegistered', data: { name: 'Two' } },
    });
    expect((await call('POST', `${url}/skip`, { revision: 0, reason: 'x' }, auditor)).statusCode).toBe(403);
    expect((await call('POST', `${url}/skip`, { revision: 4, reason: 'x' })).json()).toMatchObject({
      ...{ code: 'not-first-parked', firstRevision: 0 },
    });
    const skipped = await call('POST', `${url}/skip`, { revision: 0, reason: 'A test of the migration' });
    expect(skipped.json()).toEqual({ kind: 'repaired', events: 0, skipped: 1 });
    expect((await call('POST', `${url}/retry`, {})).statusCode).toBe(404);
    const told = [];
    for await (const event of log.readStream('quarantine-customers')) told.push(event);
    expect(told).toMatchObject([
      {
        type: 'EventSkipped',
        data: { stream: 'customer-C2', reason: 'A test of the migration' },
        metadata: { actor: { via: 'api' } },
      },
    ]);
  });
});
