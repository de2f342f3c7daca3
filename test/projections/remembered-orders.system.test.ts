import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database, Statement } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { Checkpoint } from '../../src/projections/checkpoint.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { createOrderReader, type OrderReader, type OrderStatus } from '../../src/projections/orders/reader.ts';
import { rememberOrders } from '../../src/projections/orders/remembered.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { typicalOrder } from '../support/order-history.ts';
import { forgetProjections, projectAll } from '../support/projecting.ts';

const { stream, events } = typicalOrder(1);
const orderId = stream.slice('order-'.length);

let now = 1_000;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now));
afterEach(() => void vi.restoreAllMocks());

eachDatabase('orders in memory', (opened) => {
  let database: Database;
  let orders: OrderReader;
  let statements: number;
  let checkpoints: Subject<Checkpoint>;
  let log: ReturnType<typeof memoryLog>;
  const revision = async () => (await orders.statusJson(orderId))?.revision;

  beforeEach(async () => {
    log = memoryLog();
    await migrate(opened().database, projectionMigrations);
    await forgetProjections(opened().database);
    for (const event of events.slice(0, 4)) log.record(stream, event);
    await projectAll({ log, database: opened().database });
    statements = 0;
    checkpoints = new Subject();
    const { reader } = opened().database;
    const query = <Row>(statement: Statement) => {
      statements += 1;
      return reader.query<Row>(statement);
    };
    database = { ...opened().database, reader: { query } };
    orders = createOrderReader(database, checkpoints);
  });

  const projectTheRest = async () => {
    for (const event of events.slice(4)) log.record(stream, event);
    await projectAll({ log, database: opened().database });
  };

  test('are told again without asking, and compared when that is too long ago', async () => {
    expect(await revision()).toBe(3);
    expect(statements).toBe(2);
    expect(await revision()).toBe(3);
    expect(statements).toBe(2);
    now += 1_000;
    expect(await revision()).toBe(3);
    expect(statements).toBe(3);
  });

  test('are as new as the last checkpoint that was announced', async () => {
    await revision();
    await projectTheRest();
    expect(await revision()).toBe(3);
    checkpoints.next({ projection: 'kpi', position: '9' });
    expect(await revision()).toBe(3);
    checkpoints.next({ projection: 'orders', position: '9' });
    expect(await revision()).toBe(9);
  });

  test('are as new as the database when nothing was announced for a while', async () => {
    await revision();
    await projectTheRest();
    now += 1_000;
    expect(await revision()).toBe(9);
  });

  test('are forgotten when a repair or another generation changed rows behind the checkpoint', async () => {
    for (const column of ['edition', 'generation']) {
      await revision();
      await database.execute(
        `update order_status_g1 set revision = revision + 100;
         update projection_generations set ${column} = ${column} + 1 where projection = 'orders'`,
      );
      now += 1_000;
    }
    expect(await revision()).toBe(203);
    await database.execute(`update projection_generations set generation = 1 where projection = 'orders'`);
  });
});

describe('orders in memory', () => {
  test('are not remembered when memory moved on while they were being loaded', async () => {
    const compared: ((position: string) => void)[] = [];
    const loaded: (() => void)[] = [];
    const query = () =>
      new Promise<never>((resolve) => {
        compared.push((position) => resolve([{ generation: 1, edition: 0, position, changed: [] }] as never));
      });
    const load = (ids: readonly string[]) =>
      new Promise<OrderStatus[]>((resolve) => {
        loaded.push(() =>
          resolve(ids.map((id) => ({ orderId: id, json: '{}', customerId: 'C', revision: 0, position: '1' }))),
        );
      });
    const remembered = rememberOrders({
      database: { kind: 'postgres', reader: { query } } as unknown as Database,
      load,
    });
    const first = remembered.current(['a']);
    compared[0]?.('1');
    const second = remembered.current(['b']);
    compared[1]?.('2');
    loaded[1]?.();
    await second;
    loaded[0]?.();
    expect((await first).has('a')).toBe(true);
    expect((await remembered.current(['b'])).has('b')).toBe(true);
    expect(loaded).toHaveLength(2);
    void remembered.current(['a']);
    expect(loaded).toHaveLength(3);
  });
});
