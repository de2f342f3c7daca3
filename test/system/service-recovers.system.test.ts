import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { problemTypes } from '../../src/api/problems.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { customer, order } from '../support/client.ts';
import { asAdmin, type PostgresServer, startPostgres } from '../support/postgres.ts';

/** What may be answered while the database is away. Anything that is not of success must be one of these. */
const excuses = ['database-unavailable', 'outcome-unknown', 'command-in-flight', 'projection-lagging', 'not-ready'];

const clients = 6;

describe.skipIf(!inject('postgresUrl'))('a service whose database goes away and comes back', () => {
  let server: PostgresServer;
  let running: TestApp;
  let url: string;
  let key: string;
  let orderId: string;
  const orders = new Map<string, string>(); // idempotency key of each order tried -> its purchase order number

  const ask = (path: string, more: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...more, headers: { authorization: `Bearer ${key}`, ...more.headers } });
  const post = (path: string, body: object, once: string) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': once },
    });
  const place = (once: string) => {
    const customerPo = orders.get(once) ?? randomUUID();
    orders.set(once, customerPo);
    return post('/v1/orders', order('C-1', { customerPo }), once);
  };
  const readiness = async () => (await ask('/readyz')).status;

  beforeAll(async () => {
    server = (await startPostgres()) ?? expect.fail('there was a server before');
    // A server that does not answer is given up after 45 s; here after 2, so that the test can wait for it.
    running = await startApp({ database: 'postgres', url: `${server.url}&query_timeout=2000` });
    url = await running.listen();
    key = await running.keyFor('order-desk');
    expect((await post('/v1/customers', customer(), randomUUID())).status).toBe(201);
    ({ orderId } = (await (await place(randomUUID())).json()) as { orderId: string });
    await vi.waitUntil(async () => (await readiness()) === 200, { timeout: 30_000 });
    await vi.waitUntil(async () => (await ask(`/v1/orders/${orderId}`)).ok, { timeout: 30_000 });
  });
  afterAll(async () => {
    await running.close();
    await server.stop();
  });

  /** Clients that ask for everything all the time; gives the codes of what was not a success. */
  async function underLoad(during: (answered: () => number) => Promise<void>): Promise<Set<string>> {
    let over = false;
    let answered = 0;
    const codes = new Set<string>();
    const look = async (asked: Promise<Response>) => {
      const answer = await asked;
      answered += 1;
      if (answer.ok) return void (await answer.arrayBuffer());
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
      const { code, status } = (await answer.json()) as { code: string; status: number };
      expect(status, code).toBe(problemTypes.get(code)?.status);
      if (status === 503) expect(answer.headers.get('retry-after'), code).not.toBeNull();
      codes.add(code);
    };
    const client = async () => {
      while (!over) {
        await look(place(randomUUID()));
        await look(ask(`/v1/orders/${orderId}`));
        await look(ask('/v1/orders?limit=5'));
        await look(ask('/v1/kpis/on_time_rate'));
      }
    };
    const all = Promise.all(Array.from({ length: clients }, client));
    await during(() => answered);
    over = true;
    await all;
    return codes;
  }

  const more = async (answered: () => number, count: number) => {
    const enough = answered() + count;
    await expect.poll(answered, { timeout: 60_000 }).toBeGreaterThan(enough);
  };

  const absences: readonly [what: string, goes: () => Promise<unknown>, comes: () => Promise<unknown>][] = [
    ['is cut off', () => terminate(), async () => {}],
    ['crashes and stays away', () => server.crash(), () => server.start()],
    ['freezes', async () => server.pause(), async () => server.resume()],
  ];
  const terminate = () =>
    asAdmin(server.url, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');

  test.each(absences)('answers with stable codes while it %s, and works again by itself', async (what, goes, comes) => {
    const codes = await underLoad(async (answered) => {
      await more(answered, clients);
      await goes();
      if (what !== 'is cut off') await expect.poll(readiness, { timeout: 60_000 }).toBe(503);
      await more(answered, clients);
      await comes();
      await expect.poll(readiness, { timeout: 60_000 }).toBe(200);
      await more(answered, clients);
    });
    for (const code of codes) expect(excuses, `while it ${what}`).toContain(code);
    if (what !== 'is cut off') expect(codes).toContain('database-unavailable');
    expect((await place(randomUUID())).status).toBe(201);
  });

  test('did nothing by halves and nothing twice', async () => {
    for (const once of orders.keys()) {
      const answer = async () => (await place(once)).status;
      await expect.poll(answer, { timeout: 60_000 }).toBe(201);
    }
    const rows = await running.house.database.query<{ po: string; types: string }>({
      text: `select min(data->>'customerPo') as po, string_agg(type, ' ' order by revision) as types
             from events where stream like 'order-%' group by stream`,
    });
    expect(new Set(rows.map(({ types }) => types))).toEqual(new Set(['OrderStarted OrderLinesAdded OrderSubmitted']));
    expect(rows.map(({ po }) => po).sort()).toEqual([...orders.values()].sort());
  });
});
