import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projections } from '../../src/projections/all.ts';
import { customersProjection } from '../../src/projections/customers.ts';
import { kpiProjection } from '../../src/projections/kpi/projection.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { rebuildProjection, rollBackGeneration } from '../../src/projections/rebuild.ts';
import { generationsOf } from '../../src/projections/registry.ts';
import { eachDatabase } from '../support/databases.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { randomLife } from '../support/order-commands.ts';
import { interleaved } from '../support/order-history.ts';
import { digestsOf, forgetProjections, projectAll, runnerOn } from '../support/projecting.ts';
import { eventsOfLife } from '../support/random-history.ts';

const customer = (n: number) => ({
  type: 'CustomerRegistered',
  data: { customerId: `C${n}`, name: `Customer ${n}`, zone: 'UTC' },
});

eachDatabase('a rebuild', (opened) => {
  let database: Database;
  let log: MemoryLog;
  beforeEach(async () => {
    database = opened().database;
    log = memoryLog();
    await migrate(database, projectionMigrations);
    await forgetProjections(database);
  });
  const record = (count: number): void => {
    for (const { stream, event } of interleaved(log.events.length, count, 20)) log.record(stream, event);
  };
  const generations = async (name: string): Promise<string[]> =>
    (await generationsOf(database, name)).map(({ generation, state }) => `${generation} ${state}`);
  const names = async (): Promise<unknown[]> =>
    (await database.query<{ name: string }>({ text: 'select name from customers order by name' })).map(
      ({ name }) => name,
    );

  test('is equal to the live tables, is shown, and can be taken back', async () => {
    record(30);
    await projectAll({ log, database, limits: { batchWeight: 25, cachedDocuments: 3 } });
    const before = await digestsOf(database);
    const counts: number[] = [];
    for (const projection of projections) {
      const done = await rebuildProjection({
        log,
        database,
        projection,
        total: 300,
        onProgress: ({ count }) => counts.push(count),
      });
      expect(done).toMatchObject({ kind: 'switched', generation: 2, verdict: { equal: true, differing: [] } });
    }
    expect(counts, 'orders and KPIs are told all of it').toContain(300);
    expect(await digestsOf(database)).toEqual(before);
    expect(await generations('kpi')).toEqual(['2 active', '1 previous']);
    expect(await rollBackGeneration({ database, log }, kpiProjection)).toEqual({ kind: 'rolled-back', generation: 1 });
    expect(await generations('kpi')).toEqual(['2 previous', '1 active']);
    record(2);
    await projectAll({ log, database });
    const [row] = await database.query<{ n: number }>({ text: 'select count(*)::integer as n from kpi_orders' });
    expect(row?.n).toBe(32);
    await rebuildProjection({ log, database, projection: kpiProjection });
    expect(await generations('kpi')).toEqual(['3 active', '1 previous']);
  });

  test.each([
    ['far ahead', '99999999999999999999'],
    ['of another kind of log', '00000000000000000005/00000000000000000005'],
  ])('ends although the log was moved and the positions of before are %s', async (_, position) => {
    record(10);
    await projectAll({ log, database });
    const before = await digestsOf(database);
    await database.query({ text: 'update projection_generations set position = $1', values: [position] });
    const head = log.events.at(-1)?.position;
    for (const projection of projections) {
      const done = await rebuildProjection({ log, database, projection });
      expect(done).toMatchObject({ kind: 'switched', position: head, verdict: { equal: true } });
    }
    expect(await digestsOf(database)).toEqual(before);
    // What was made of the other log could never be brought up to date with this one.
    const back = await rollBackGeneration({ database, log }, kpiProjection);
    expect(back).toEqual({ kind: 'of-another-log', generation: 1 });
    record(2);
    await projectAll({ log, database });
    const [row] = await database.query<{ n: number }>({ text: 'select count(*)::integer as n from kpi_orders' });
    expect(row?.n).toBe(12);
  });

  test('refuses to show tables that differ from the live ones of the same version, unless told to', async () => {
    for (const n of [1, 2]) log.recordRaw(`customer-C${n}`, customer(n));
    await projectAll({ log, database });
    await database.execute(`update customers_g1 set name = 'Tampered' where customer_id = 'C2'`);
    const refused = await rebuildProjection({ log, database, projection: customersProjection });
    expect(refused).toMatchObject({ kind: 'different', verdict: { equal: false, differing: ['customers'] } });
    expect(await names()).toEqual(['Customer 1', 'Tampered']);
    const accepted = await rebuildProjection({
      log,
      database,
      projection: customersProjection,
      acceptDifferences: true,
    });
    expect(accepted).toMatchObject({ kind: 'switched', generation: 2, verdict: { equal: false } });
    expect(await names()).toEqual(['Customer 1', 'Customer 2']);
  });

  test('a new version is shown in one step while the old one keeps serving, and a running runner takes it up', async () => {
    log.recordRaw('customer-C1', customer(1));
    await projectAll({ log, database });
    const shouting = {
      ...customersProjection,
      version: 2,
      tables: customersProjection.tables.map((table) => ({
        ...table,
        rows: (after: unknown, before: unknown) =>
          table.rows(after, before).map((row) => ({ ...row, name: String(row.name).toUpperCase() })),
      })),
    };
    const runner = runnerOn({ log, database, projections: [shouting] });
    runner.start();
    await vi.waitFor(() => expect(runner.states()[0]?.state).toBe('failed'), 10_000);
    expect(await names()).toEqual(['Customer 1']);
    const done = await rebuildProjection({ log, database, projection: shouting });
    expect(done).toMatchObject({ kind: 'switched', generation: 2, verdict: { differing: [] } });
    expect(await names()).toEqual(['CUSTOMER 1']);
    const position = log.recordRaw('customer-C2', customer(2));
    expect(await runner.waitFor(position, { timeoutMs: 10_000 })).toBe(true);
    await runner.stop();
    expect(await names()).toEqual(['CUSTOMER 1', 'CUSTOMER 2']);
  });

  test('stops when told to and goes on where it was', async () => {
    record(40);
    await projectAll({ log, database });
    const stop = new AbortController();
    const limits = { batchWeight: 50 };
    const first = await rebuildProjection({
      log,
      database,
      projection: kpiProjection,
      limits,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(first).toMatchObject({ kind: 'interrupted', generation: 2 });
    expect(await generations('kpi')).toEqual(['2 building', '1 active']);
    let rest = 0;
    const done = await rebuildProjection({
      log,
      database,
      projection: kpiProjection,
      onProgress: ({ count }) => (rest = count),
    });
    expect(done).toMatchObject({ kind: 'switched', generation: 2, verdict: { equal: true } });
    expect(rest).toBeGreaterThan(0);
    expect(rest).toBeLessThan(400);
  });

  test('catches up with a live runner that never rests', async () => {
    record(20);
    const runner = runnerOn({ log, database });
    runner.start();
    const busy = setInterval(() => record(1), 2);
    try {
      const done = await rebuildProjection({ log, database, projection: kpiProjection });
      expect(done).toMatchObject({ kind: 'switched', verdict: { equal: true } });
    } finally {
      clearInterval(busy);
    }
    expect(await runner.waitFor((await log.head()) as string, { timeoutMs: 20_000 })).toBe(true);
    await runner.stop();
    expect(await rebuildProjection({ log, database, projection: kpiProjection })).toMatchObject({
      verdict: { equal: true },
    });
  });

  test('any history: read models kept up to date in small batches equal a fold from scratch', async () => {
    const runs = process.env.ORDERFOLD_SOAK ? 60 : 4;
    const lives = fc.array(randomLife, { minLength: 5, maxLength: 25 });
    const property = fc.asyncProperty(lives, fc.integer({ min: 5, max: 60 }), async (histories, batchWeight) => {
      await forgetProjections(database);
      log = memoryLog();
      const queues = histories.map((life, serial) => eventsOfLife(life, serial));
      for (let step = 0; queues.some(({ events }) => step < events.length); step += 1) {
        for (const { stream, events } of queues) {
          const event = events[step];
          if (event) log.record(stream, event);
        }
      }
      await projectAll({ log, database, limits: { batchWeight, cachedDocuments: 4 } });
      for (const projection of projections) {
        const done = await rebuildProjection({ log, database, projection });
        expect(done).toMatchObject({ verdict: { equal: true, differing: [] } });
      }
    });
    await fc.assert(property, { numRuns: runs, endOnFailure: true });
  });
});
