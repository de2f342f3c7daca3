import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { EventStream } from '../../support/eventStream.ts';

/** The real rooms: what is written through the commands is what analysts see. */

let running: TestApp;
let desk: ApiClient;
let analyst: ApiClient;
let address: string;
let position: unknown;
const orders: { id: string; late: boolean }[] = [];

async function send(url: string, body: object) {
  const answer = await desk.post(url, body);
  expect(answer.statusCode, `${url}: ${answer.body}`).toBeLessThan(300);
  position = answer.headers['orderfold-position'] ?? position;
  return answer.json();
}

const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

/** Placed, promised, shipped and delivered today; late when it was promised for last week. */
async function delivered(late: boolean): Promise<string> {
  const { orderId: id } = await send('/v1/orders', order());
  await send(`/v1/orders/${id}/accept`, {});
  const promise = { deliverOn: days(late ? -7 : 7), zone: 'Europe/Berlin' };
  await send(`/v1/orders/${id}/promises`, {
    initiator: 'supplier',
    commit: [1, 2].map((lineNo) => ({ lineNo, promise })),
  });
  await send(`/v1/orders/${id}/shipments`, { shipmentId: `S-${id}`, lines: [{ lineNo: 1 }, { lineNo: 2 }] });
  await send(`/v1/orders/${id}/shipments/S-${id}/deliveries`, {});
  orders.push({ id, late });
  return id;
}

beforeAll(async () => {
  running = await startApp({ database: 'pglite' });
  desk = new ApiClient(running.app, await running.keyFor('admin'));
  analyst = new ApiClient(running.app, await running.keyFor('analyst'));
  address = await running.listen();
  await send('/v1/customers', customer());
  for (const late of [false, false, true]) await delivered(late);
});
afterAll(() => running.close());

const question = '/v1/analytics/query?kpis=on_time_rate,order_cycle_time&grain=order&group=currency';

describe('a question', () => {
  it('counts what was just written, and leads to the orders behind it and to their events', async () => {
    const answer = (await analyst.getAt(question, position)).json();
    expect(answer.rows).toHaveLength(1);
    const [row] = answer.rows;
    const table = (await analyst.getAt('/v1/kpis/on_time_rate?grain=order', position)).json();
    expect(row.kpis.on_time_rate).toMatchObject({ num: table.rows[0].num, den: table.rows[0].den });
    expect(table.rows[0]).toMatchObject({ num: 2, den: 3 });

    const cell = (await analyst.get(row.links.on_time_rate)).json();
    expect(cell.total).toBe(3);
    const failed = cell.units.filter(({ good }: { good: boolean }) => !good);
    expect(failed.map(({ orderId }: { orderId: string }) => orderId)).toEqual(
      orders.filter(({ late }) => late).map(({ id }) => id),
    );
    const [unit] = failed;
    expect((await analyst.get(unit.links.order)).json().orderId).toBe(unit.orderId);
    expect((await analyst.get(unit.links.events)).json().events.length).toBeGreaterThan(5);
    expect((await analyst.get(unit.links.facts)).json()).toMatchObject([{ order_id: unit.orderId }]);
  });

  it.each(['order', 'line', 'schedule-line', 'shipment'])('leads to the facts of every %s', async (grain) => {
    const answer = (await analyst.getAt(`/v1/analytics/query?kpis=on_time_rate&grain=${grain}`, position)).json();
    const { units } = (await analyst.get(answer.rows[0].links.on_time_rate)).json();
    expect(units.length).toBeGreaterThan(2);
    for (const { links } of units) expect((await analyst.get(links.facts)).json()).toHaveLength(1);
  });

  it('has an earlier answer at an earlier position, and tells what changed', async () => {
    const before = (await analyst.getAt(question, position)).json();
    const id = await delivered(true);
    const now = (await analyst.getAt(question, position)).json();
    expect(now.rows[0].kpis.on_time_rate.den).toBe(before.rows[0].kpis.on_time_rate.den + 1);
    const then = await analyst.get(`${question}&asOf=${before.position}`);
    expect(then.json().rows[0].kpis).toEqual(before.rows[0].kpis);
    expect(then.headers['cache-control']).toContain('immutable');
    const changes = await analyst.get(`/v1/analytics/changes?kpi=on_time_rate&grain=order&since=${before.position}`);
    const changed = changes.json();
    expect(changed.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([id]);
    expect(changed.orders[0].events.map(({ type }: { type: string }) => type)).toContain('LinesDelivered');
  });
});

describe('facts', () => {
  it.each(['orders', 'lines', 'schedule-lines', 'shipments'])(
    'of %s are the same in Arrow and in JSON',
    async (table) => {
      const url = `/v1/analytics/facts/${table}`;
      const rows = (await analyst.getAt(url, position)).json();
      const arrow = await analyst.getAt(`${url}?format=arrows`, position);
      expect(rows.length).toBeGreaterThan(2);
      expect(tableFromIPC(arrow.rawPayload).numRows).toBe(rows.length);
      expect(arrow.headers['content-length']).toBe(String(arrow.rawPayload.length));
      const part = await analyst.get(`${url}?format=arrows&asOf=${arrow.headers['orderfold-position']}`, {
        range: 'bytes=8-99',
      });
      expect(part.statusCode).toBe(206);
      expect(part.rawPayload.length).toBe(92);
    },
  );
});

it('live KPIs come at once, and again when an order moves them', async () => {
  const stream = await EventStream.open(
    `${address}/v1/analytics/live?kpis=on_time_rate&grain=order`,
    await running.keyFor('analyst'),
  );
  const first = (await stream.next())?.data as unknown as { rows: { kpis: { on_time_rate: { den: number } } }[] };
  await delivered(false);
  let next = first;
  const counted = ({ rows }: typeof first): number => rows[0]?.kpis.on_time_rate.den ?? 0;
  while (counted(next) === counted(first)) next = (await stream.next())?.data as unknown as typeof first;
  expect(counted(next)).toBe(counted(first) + 1);
  stream.close();
});

it('an event log for process mining holds every order', async () => {
  const log = (await analyst.getAt('/v1/analytics/ocel?objectTypes=order,shipment', position)).json();
  const ids = log.objects.filter(({ type }: { type: string }) => type === 'order').map(({ id }: { id: string }) => id);
  expect(ids).toEqual(orders.map(({ id }) => `order:${id}`));
});

describe('events', () => {
  it('are rows in the order of the log, after a position and up to one', async () => {
    const all = (await analyst.getAt('/v1/analytics/facts/events', position)).json();
    expect(all.map((row: { position: string }) => row.position)).toEqual(
      all.map((row: { position: string }) => row.position).toSorted(),
    );
    expect(all.at(-1).position).toBe(position);
    const part = await analyst.get(`/v1/analytics/facts/events?after=${all[2].position}&upTo=${all[5].position}`);
    expect(part.json()).toEqual(all.slice(3, 6));
    expect(part.headers['cache-control']).toContain('immutable');
    const promises = '/v1/analytics/facts/events?where=type:PromiseCommitted&columns=stream&format=arrows&limit=2';
    const table = tableFromIPC((await analyst.get(promises)).rawPayload);
    expect(table.toArray().map((row) => row.stream)).toEqual(orders.slice(0, 2).map(({ id }) => `order-${id}`));
  });

  it('name who acted to auditors alone, and only when asked', async () => {
    const auditor = new ApiClient(running.app, await running.keyFor('auditor'));
    const url = '/v1/analytics/facts/events?limit=1';
    expect((await auditor.get(url)).json()[0]).not.toHaveProperty('actor');
    expect((await auditor.get(`${url}&columns=type,actor`)).json()[0]).toMatchObject({
      type: 'CustomerRegistered',
      actor: expect.any(String),
    });
    expect((await analyst.get(`${url}&columns=type,actor`)).statusCode).toBe(400);
  });
});

it('the journal can be listed', async () => {
  const answer = await desk.get('/v1/analytics/segments');
  expect([answer.statusCode, Array.isArray(answer.json().segments)]).toEqual([200, true]);
});
