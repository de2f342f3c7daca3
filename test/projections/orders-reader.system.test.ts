import { beforeAll, describe, expect, test } from 'vitest';
import { evolve } from '../../src/commands/order/evolve.ts';
import { noOrder, type OrderState } from '../../src/commands/order/state.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { orderDocument } from '../../src/projections/orders/document.ts';
import { createOrderReader, type OrderReader } from '../../src/projections/orders/reader.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { interleaved, typicalOrder } from '../support/order-history.ts';
import { projectAll } from '../support/projecting.ts';

const idOf = (serial: number): string => typicalOrder(serial).stream.slice('order-'.length);

eachDatabase('the order reader', (opened) => {
  let database: Database;
  let orders: OrderReader;
  const log = memoryLog();
  beforeAll(async () => {
    database = opened().database;
    await migrate(database, projectionMigrations);
    if (log.events.length === 0) for (const { stream, event } of interleaved(0, 60)) log.record(stream, event);
    await projectAll({ log, database });
    orders = createOrderReader(database);
  });

  test('gives the JSON of an order by id and by number, all lookups of a turn together', async () => {
    let statements = 0;
    const counting = createOrderReader({
      ...database,
      reader: {
        query: (statement) => {
          statements += 1;
          return database.reader.query(statement);
        },
      },
    });
    const found = await Promise.all([...Array(60).keys()].map((serial) => counting.statusJson(idOf(serial))));
    expect(statements).toBe(2);
    let state: OrderState = noOrder;
    for (const event of typicalOrder(7).events) state = evolve(state, event as never, event.metadata);
    expect(JSON.parse(found[7]?.json ?? '')).toEqual(JSON.parse(JSON.stringify(orderDocument(state, 9))));
    expect(found[7]).toMatchObject({ orderId: idOf(7), customerId: 'C7', revision: 9 });
    expect(found[7]?.position).toBe(log.events.findLast(({ stream }) => stream === typicalOrder(7).stream)?.position);
    expect(await orders.statusJson('T-7')).toEqual(found[7]);
    expect(await orders.statusJson('T-none')).toBeUndefined();
    expect(await orders.statusJson('00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  describe('search', () => {
    const numbers = async (query: object): Promise<string[]> =>
      (await orders.search({ limit: 200, ...query })).items.map(({ orderNo }) => orderNo);

    test('by each filter and by all together', async () => {
      expect(await numbers({ orderNo: 'T-9' })).toEqual(['T-9']);
      expect(await numbers({ customerId: 'C3' })).toEqual(['T-53', 'T-3']);
      expect(await numbers({ customerPo: 'PO-12' })).toEqual(['T-12']);
      expect((await numbers({ sku: 'SKU-50' })).sort()).toEqual(
        [...Array(60).keys()]
          .filter((n) => [1, 2, 3].some((line) => (n * 7 + line) % 200 === 50))
          .map((n) => `T-${n}`)
          .sort(),
      );
      expect(await numbers({ status: 'delivered' })).toHaveLength(60);
      expect(await numbers({ status: 'promised' })).toEqual([]);
      expect(await numbers({ orderedFrom: '2026-01-10', orderedTo: '2026-01-11' })).toEqual(['T-6', 'T-5']);
      expect(await numbers({ orderedFrom: '2026-01-10', orderedTo: '2026-01-11', customerId: 'C6' })).toEqual(['T-6']);
    });

    test('page by page gives every order once, newest first', async () => {
      const all: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await orders.search({ limit: 7, status: 'delivered', ...(cursor !== undefined && { cursor }) });
        all.push(...page.items.map(({ orderNo }) => orderNo));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(all).toEqual([...Array(60).keys()].map((n) => `T-${59 - n}`));
    });

    test('a cursor belongs to its filters, and is not made up', async () => {
      const { next = '' } = await orders.search({ limit: 1, customerId: 'C3' });
      const [print] = JSON.parse(Buffer.from(next, 'base64url').toString()) as [string];
      const forged = (...place: string[]) => Buffer.from(JSON.stringify([print, ...place])).toString('base64url');
      for (const query of [
        { cursor: forged('2026-13-45', 'x'), customerId: 'C3' },
        { cursor: forged('2026-01-05', 'a\u0000'), customerId: 'C3' },
        { cursor: next },
        { cursor: 'bm9uc2Vuc2U', customerId: 'C3' },
        { cursor: '%', customerId: 'C3' },
      ]) {
        await expect(orders.search({ limit: 1, ...query })).rejects.toMatchObject({ code: 'malformed-cursor' });
      }
    });
  });

  test('tells what changed since a position, in order, of one customer or one order', async () => {
    const all = await orders.changedSince('start', { limit: 100 });
    const positions = all.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort());
    expect(all).toHaveLength(60);
    const after = positions[49] ?? '';
    expect((await orders.changedSince(after, { limit: 100 })).map(({ position }) => position)).toEqual(
      positions.slice(50),
    );
    expect(await orders.changedSince('start', { customerId: 'C3', limit: 1 })).toMatchObject([{ customerId: 'C3' }]);
    expect(await orders.changedSince('start', { orderId: idOf(4), limit: 9 })).toMatchObject([{ orderId: idOf(4) }]);
    expect(await orders.changedSince(positions.at(-1) ?? '', { limit: 9 })).toEqual([]);
  });

  test('knows the highest of our own order numbers', async () => {
    expect(await orders.highestOrderNumber()).toBeUndefined();
    for (const [n, orderNo] of ['SO-99-4', 'SO-1000-7', 'SO-x', 'ZZ-5000-1'].entries()) {
      await database.query({
        text: `insert into order_status_g1 (order_id, order_no, customer_id, status, revision, position, doc) values ($1, $2, 'C', 'draft', 0, '0', '{}')`,
        values: [`extra-${n}`, orderNo],
      });
    }
    expect(await orders.highestOrderNumber()).toBe('SO-1000-7');
  });

  test('order lines carry the ledger', async () => {
    const [line] = await database.query<Record<string, unknown>>({
      text: 'select * from order_lines where order_id = $1 and line_no = 2',
      values: [idOf(7)],
    });
    expect(line).toMatchObject({
      sku: 'SKU-51',
      ordered: '12',
      promised: '12',
      shipped: '12',
      delivered: '12',
      cancelled: '0',
      status: 'delivered',
    });
  });
});
