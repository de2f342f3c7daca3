import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { customersProjection } from '../../src/projections/customers.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { createRunner, type Runner } from '../../src/projections/runner.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';

const registered = (n: number) => ({ type: 'CustomerRegistered', data: { customerId: `C${n}`, name: `Customer ${n}`, zone: 'UTC' } });

eachDatabase('runner', (opened) => {
  let database: Database;
  const runners: Runner[] = [];
  beforeAll(async () => {
    database = opened().database;
    await migrate(database, projectionMigrations);
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  });

  test('smoke', async () => {
    const log = memoryLog();
    for (let n = 0; n < 100; n++) log.recordRaw(`customer-C${n}`, registered(n));
    const problems: unknown[] = [];
    const runner = createRunner({ log, database, projections: [customersProjection], report: (p) => problems.push(p) });
    runners.push(runner);
    runner.start();
    expect(await runner.waitFor(await log.head() as string, { timeoutMs: 5000 })).toBe(true);
    await vi.waitFor(() => expect(runner.states()[0]?.state).toBe('live'));
    expect(await database.query({ text: 'select count(*) as n from customers' })).toEqual([{ n: '100' }]);
    expect(problems).toEqual([]);
  });
});
