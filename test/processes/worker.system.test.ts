import { randomUUID } from 'node:crypto';
import { Subject } from 'rxjs';
import { beforeEach, expect, test } from 'vitest';
import { customerAggregate } from '../../src/commands/customer/aggregate.ts';
import { type CommandHandler, createCommandHandler } from '../../src/commands/handle.ts';
import { orderAggregate } from '../../src/commands/order/aggregate.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { openPostgresLog, postgresLogMigrations } from '../../src/events/log/postgres.ts';
import { holdExpiry } from '../../src/processes/hold-expiry.ts';
import { defineProcess, type Process } from '../../src/processes/process.ts';
import { taskList } from '../../src/processes/tasks/list.ts';
import { TaskWorker } from '../../src/processes/tasks/worker.ts';
import type { Checkpoint } from '../../src/projections/checkpoint.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { eachDatabase } from '../support/databases.ts';
import { customer, line } from '../support/orders.ts';
import { runnerOn } from '../support/projecting.ts';
import { shownHead } from '../support/shown.ts';

const actor = { kind: 'user', id: 'u-1', via: 'api' } as const;
const morning = '2026-03-10T08:00:00.000Z';
const noon = '2026-03-10T12:00:00.000Z';
const evening = '2026-03-10T18:00:00.000Z';

/** Closes what is accepted, which is refused while something is open, and tells that to the customer's purchase order. */
const closer = defineProcess<null>({
  name: 'closer',
  version: 1,
  about: 'Only here',
  instanceOf: ({ stream }) => stream.slice('order-'.length),
  handles: {
    OrderAccepted: (_, { stream }) => ({
      state: null,
      todo: [
        {
          name: 'close',
          command: { family: 'order', id: stream.slice('order-'.length), command: { kind: 'close', body: {} } },
        },
      ],
    }),
  },
  refused: (_, { data: { instance } }) => ({
    state: null,
    todo: [
      {
        name: 'hold',
        command: {
          family: 'order',
          id: instance,
          command: { kind: 'hold', body: { holdType: 'manual', holdId: 'H9' } },
        },
      },
    ],
  }),
});

eachDatabase('the worker of processes', (opened) => {
  let database: Database;
  let log: EventLog;
  let handler: CommandHandler;
  let now: string;
  let problems: string[];
  const checkpoints = new Subject<Checkpoint>();
  const processes: readonly Process[] = [holdExpiry, closer];
  const lists = processes.map(taskList);

  beforeEach(async () => {
    database = opened().database;
    await migrate(database, [...postgresLogMigrations, ...projectionMigrations]);
    log = openPostgresLog(database);
    now = morning;
    problems = [];
    handler = createCommandHandler({ log, clock: () => now });
    await projected();
    return () => log.close();
  });

  const report = ({ message }: { message: string }) => void problems.push(message);
  const workerOn = (more: object = {}) =>
    new TaskWorker({ database, handler, runner: { checkpoints }, processes, clock: () => now, report, ...more });

  /** Brings the lists up to the end of the log. */
  async function projected(): Promise<void> {
    const head = await shownHead({ database, log });
    const runner = runnerOn({ log, database, projections: lists });
    runner.start();
    if (head !== 'start') expect(await runner.waitFor(head, { timeoutMs: 30_000 })).toBe(true);
    await runner.stop();
  }

  async function placed(): Promise<string> {
    const id = randomUUID();
    const meta = () => ({ commandId: randomUUID(), actor });
    await handler.execute(customerAggregate, 'ACME', { kind: 'register', body: { ...customer, name: 'Acme' } }, meta());
    const placement = { orderId: id, orderNo: `SO-${id.slice(0, 8)}`, customer };
    const body = { customerId: 'ACME', currency: 'EUR', lines: [line(1, 5)] };
    const outcome = await handler.execute(orderAggregate, id, { kind: 'place', body, placement }, meta());
    expect(outcome.kind).toBe('done');
    return id;
  }

  const order = (id: string) => handler.load(orderAggregate, id).then(({ state }) => state);
  const tell = (id: string, command: Parameters<typeof orderAggregate.decide>[1]) =>
    handler.execute(orderAggregate, id, command, { commandId: randomUUID(), actor });
  const eventsOf = async (id: string) => {
    const types: string[] = [];
    for await (const { type } of log.readStream(`order-${id}`)) types.push(type);
    return types;
  };

  test('does what is due, when it is due, and once', async () => {
    const id = await placed();
    await tell(id, { kind: 'hold', body: { holdType: 'manual', holdId: 'H1', expiresAt: noon } });
    await projected();
    const worker = workerOn();
    expect(await worker.look()).toBe(0);
    now = evening;
    expect(await worker.look()).toBe(1);
    expect(await worker.look()).toBe(0); // the list has not heard of it yet
    expect((await order(id)).holds).toEqual([]);
    await projected();
    expect(await workerOn().look()).toBe(0);
    expect((await eventsOf(id)).filter((type) => type === 'HoldReleased')).toHaveLength(1);
  });

  test('two workers, and one that was killed before its list heard of it, change nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, placed));
    for (const id of ids) await tell(id, { kind: 'hold', body: { holdType: 'manual', holdId: 'H1', expiresAt: noon } });
    await projected();
    now = evening;
    await Promise.all([
      workerOn().look(),
      workerOn({ handler: createCommandHandler({ log, clock: () => now }) }).look(),
    ]);
    await workerOn().look();
    for (const id of ids) expect((await eventsOf(id)).filter((type) => type === 'HoldReleased')).toHaveLength(1);
  });

  test('a refusal is an event, and the process answers it', async () => {
    const id = await placed();
    await tell(id, { kind: 'accept', body: {} });
    await projected();
    const worker = workerOn();
    expect(await worker.look()).toBe(1);
    expect(problems).toEqual(['closer: close was refused: order-not-finished']);
    await projected();
    expect(await worker.look()).toBe(1);
    expect((await order(id)).holds).toMatchObject([{ holdId: 'H9' }]);
    // No event that the process hears of came of the hold: that is recorded, too, and nothing is left.
    await projected();
    expect(await workerOn().look()).toBe(0);
  });

  test('works by itself when a list has changed', async () => {
    const id = await placed();
    await tell(id, { kind: 'hold', body: { holdType: 'manual', holdId: 'H1', expiresAt: noon } });
    now = evening;
    const worker = workerOn({ pauseMs: 60_000 });
    worker.start();
    await projected();
    checkpoints.next({ projection: 'hold-expiry', position: await log.head() });
    await expect.poll(async () => (await order(id)).holds, { timeout: 10_000 }).toEqual([]);
    await worker.stop();
  });
});
