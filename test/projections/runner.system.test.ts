import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projections } from '../../src/projections/all.ts';
import { customersProjection } from '../../src/projections/customers.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import type { Projection } from '../../src/projections/projection.ts';
import type { Runner } from '../../src/projections/runner.ts';
import { watchCheckpoints } from '../../src/projections/waiting.ts';
import { eachDatabase } from '../support/databases.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { interleaved } from '../support/order-history.ts';
import { digestsOf, forgetProjections, projectAll, quick, type RunnerSetup, runnerOn } from '../support/projecting.ts';

const timeoutMs = 20_000;
const customer = (n: number) => ({
  type: 'CustomerRegistered',
  data: { customerId: `C${n}`, name: `Customer ${n}`, zone: 'UTC' },
});

eachDatabase('the projection runner', (opened) => {
  let database: Database;
  let log: MemoryLog;
  const runners: Runner[] = [];
  const start = (setup: Partial<RunnerSetup> = {}): Runner => {
    const runner = runnerOn({ log, database, ...setup });
    runners.push(runner);
    runner.start();
    return runner;
  };
  const record = (count: number): string => {
    let last = '';
    for (const { stream, event } of interleaved(log.events.length, count, 20)) last = log.record(stream, event);
    return last;
  };
  const rebuiltFromScratch = async (): Promise<object> => {
    await forgetProjections(database);
    await projectAll({ log, database });
    return digestsOf(database);
  };

  beforeEach(async () => {
    database = opened().database;
    log = memoryLog();
    await migrate(database, projectionMigrations);
    await forgetProjections(database);
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  });

  test('catches up, goes live, and stops', async () => {
    record(20);
    const runner = runnerOn({ log, database });
    runners.push(runner);
    const all = (state: string) =>
      expect(runner.states().map((one) => one.state)).toEqual(projections.map(() => state));
    all('stopped');
    runner.start();
    all('catching-up');
    await vi.waitFor(() => all('live'), timeoutMs);
    const position = record(1);
    expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    await vi.waitFor(() => {
      const standing = runner.states().find(({ name }) => name === 'kpi');
      expect(standing).toMatchObject({ state: 'live', position, lagSeconds: 0, lagEvents: 0, stalled: false });
    }, timeoutMs);
    await runner.stop();
    all('stopped');
  });

  test('announces each checkpoint, to watchers without a runner too', async () => {
    const watch = watchCheckpoints(database, { pollMs: 50, report: () => {} });
    try {
      const position = record(5);
      expect(await watch.waitFor(position, { projection: 'orders', timeoutMs: 1 })).toBe(false);
      const heard: string[] = [];
      const runner = start();
      runner.checkpoints.subscribe(({ projection, position: at }) => heard.push(`${projection} ${at}`));
      expect(await watch.waitFor(position, { projection: 'orders', timeoutMs })).toBe(true);
      await runner.waitFor(position, { timeoutMs });
      expect(heard).toContain(`orders ${position}`);
    } finally {
      await watch.close();
    }
  });

  test('two runners on the same projections give exact totals', async () => {
    record(60);
    const limits = { batchWeight: 40 };
    const [one, two] = [start({ limits }), start({ limits })];
    for (let round = 0; round < 5; round += 1) {
      const position = record(10);
      await Promise.all([one.waitFor(position, { timeoutMs }), two.waitFor(position, { timeoutMs })]);
    }
    await Promise.all([one.stop(), two.stop()]);
    const together = await digestsOf(database);
    expect(together).toEqual(await rebuiltFromScratch());
  });

  test('a prefix of the log that is delivered again changes nothing', async () => {
    const stuttering: MemoryLog = { ...log, subscribe: (options) => log.subscribe({ ...options, after: 'start' }) };
    record(15);
    await projectAll({ log: stuttering, database });
    record(15);
    await projectAll({ log: stuttering, database, limits: { batchWeight: 70 } });
    const twice = await digestsOf(database);
    expect(twice).toEqual(await rebuiltFromScratch());
  });

  test('a lost subscription is taken up again where the last commit was', async () => {
    record(10);
    const problems: string[] = [];
    const runner = start({ report: ({ message }) => problems.push(message) });
    await vi.waitFor(() => expect(runner.states()[0]?.state).toBe('live'), timeoutMs);
    log.disconnect();
    const position = record(10);
    expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    expect(problems.some((problem) => /interrupted; attempt 1/.test(problem))).toBe(true);
    expect(log.subscriptions).toBeGreaterThan(1);
  });

  test('says why it is retrying while the database refuses', async () => {
    record(3);
    let down = true;
    const failing: Database = {
      ...database,
      transaction: (work) =>
        down ? Promise.reject(new Error('the database is shutting down')) : database.transaction(work),
    };
    const runner = start({ database: failing });
    await vi.waitFor(() => {
      const { detail } = runner.states()[1] ?? {};
      expect(detail).toMatchObject({ kind: 'retrying', cause: 'the database is shutting down' });
      expect(detail?.kind === 'retrying' && detail.attempt).toBeGreaterThan(2);
    }, timeoutMs);
    down = false;
    expect(await runner.waitFor((await log.head()) as string, { timeoutMs })).toBe(true);
    await vi.waitFor(() => expect(runner.states()[1]?.state).toBe('live'), timeoutMs);
  });

  test('survives that its connections are killed', async ({ skip }) => {
    const { killConnections } = opened();
    if (!killConnections) return skip();
    record(50);
    const runner = start({ limits: { batchWeight: 60 } });
    for (let round = 0; round < 3; round += 1) {
      await killConnections();
      const position = record(20);
      expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    }
    await runner.stop();
    const survived = await digestsOf(database);
    expect(survived).toEqual(await rebuiltFromScratch());
  });

  test('does not touch tables of another version, and feeds the others', async () => {
    record(3);
    await projectAll({ log, database });
    const newer = (version: number): Projection => ({ ...customersProjection, version });
    const position = log.recordRaw('customer-C1', customer(1));
    const outdated = start({ projections: [newer(2)] });
    await vi.waitFor(() => {
      expect(outdated.states()[0]?.detail).toMatchObject({ kind: 'failed', code: 'projection-outdated' });
    }, timeoutMs);
    const superseded = start({ projections: [newer(0)] });
    await vi.waitFor(() => {
      expect(superseded.states()[0]?.detail).toMatchObject({ kind: 'failed', code: 'projection-superseded' });
    }, timeoutMs);
    const runner = start();
    expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    expect(await database.query({ text: 'select name from customers' })).toEqual([{ name: 'Customer 1' }]);
  });

  test('finishes the batch in hand when it is stopped', async () => {
    record(30);
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(async (tx) => {
          const result = await work(tx);
          entered();
          await held;
          return result;
        }),
    };
    await projectAll({ log: memoryLog(), database });
    const runner = start({ database: slow });
    await inside;
    const stopping = runner.stop();
    release();
    await stopping;
    const [kpi] = await database.query<{ position: string }>({
      text: `select position from projection_generations where projection = 'kpi' and state = 'active'`,
    });
    expect(kpi?.position).toBe(await log.head());
  });

  test('rolls the batch in hand back when stopping takes too long', async () => {
    await projectAll({ log: memoryLog(), database });
    record(30);
    const slow: Database = {
      ...database,
      transaction: (work) =>
        database.transaction((tx) =>
          work({
            query: async (statement) => {
              if (statement.name?.startsWith('upsert')) await new Promise((resolve) => setTimeout(resolve, 100));
              return tx.query(statement);
            },
          }),
        ),
    };
    const runner = start({ database: slow, stopTimeoutMs: 10, backoff: quick });
    await vi.waitFor(() => expect(runner.states()[1]?.state).toBe('catching-up'), timeoutMs);
    await new Promise(setImmediate);
    await runner.stop();
    expect(await database.query({ text: 'select count(*)::integer as n from kpi_orders' })).toEqual([{ n: 0 }]);
  });
});
