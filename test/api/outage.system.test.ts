import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { ApiClient, customer, order } from '../support/client.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';

describe.skipIf(!inject('postgresUrl'))('a database that goes away and comes back', () => {
  let server: PostgresServer | undefined;
  let running: TestApp;
  let desk: ApiClient;
  let orderId: string;
  beforeAll(async () => {
    server = await startPostgres();
    running = await startApp({ database: 'postgres', url: server?.url ?? '' });
    desk = new ApiClient(running.app, await running.keyFor('order-desk'));
    await desk.post('/v1/customers', customer());
    const placed = await desk.post('/v1/orders', order());
    orderId = placed.json().orderId;
    await desk.getAt(`/v1/orders/${orderId}`, placed.headers['orderfold-position']);
  });
  afterAll(async () => {
    await running.close();
    await server?.stop();
  });

  it('gives reads and commands stable codes meanwhile, and loses and doubles nothing', async () => {
    let up = false;
    const back = server?.restart().then(() => {
      up = true;
    });
    const codes = new Set<string>();
    const commands: { readonly key: string; readonly po: string }[] = [];
    let readiness = 200;
    while (!up) {
      const command = { key: randomUUID(), po: randomUUID() };
      commands.push(command);
      const answers = await Promise.all([
        desk.get(`/v1/orders/${orderId}`),
        desk.get('/v1/orders'),
        desk.get('/v1/kpis/on_time_rate'),
        desk.post('/v1/orders', order('C-1', { customerPo: command.po }), { 'idempotency-key': command.key }),
      ]);
      for (const answer of answers) {
        if (answer.statusCode < 300) continue;
        expect(answer.statusCode, answer.body).toBe(503);
        expect(answer.headers['retry-after']).toBeDefined();
        codes.add(answer.json().code);
      }
      readiness = Math.max(readiness, (await running.app.inject('/readyz')).statusCode);
    }
    await back;
    expect(codes).toContain('database-unavailable');
    for (const code of codes) expect(['database-unavailable', 'outcome-unknown', 'command-in-flight']).toContain(code);
    expect(readiness).toBe(503);

    let position = '';
    for (const { key, po } of commands) {
      await expect
        .poll(
          async () => {
            const answer = await desk.post('/v1/orders', order('C-1', { customerPo: po }), { 'idempotency-key': key });
            const at = String(answer.headers['orderfold-position'] ?? '');
            if (at > position) position = at;
            return answer.statusCode;
          },
          { timeout: 40_000 },
        )
        .toBe(201);
    }
    const caughtUp = () => desk.getAt('/v1/orders', position);
    await expect.poll(async () => (await caughtUp()).statusCode, { timeout: 30_000 }).toBe(200);
    for (const { po } of commands) {
      const found = (await desk.get(`/v1/orders?customerPo=${po}`)).json().orders;
      expect(found, po).toHaveLength(1);
    }
    await expect.poll(async () => (await running.app.inject('/readyz')).statusCode, { timeout: 30_000 }).toBe(200);
  });
});
