import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCommandHandler } from '../../src/commands/handle.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { customersProjection } from '../../src/projections/customers.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { defineProjection } from '../../src/projections/projection.ts';
import { openQuarantineDesk } from '../../src/projections/quarantine/desk.ts';
import { listParked } from '../../src/projections/quarantine/parked.ts';
import { retryParked } from '../../src/projections/quarantine/repair.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import type { Runner } from '../../src/projections/runner.ts';
import { eachDatabase } from '../support/databases.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { forgetProjections, runnerOn } from '../support/projecting.ts';

interface Trail {
  readonly stream: string;
  readonly seen: readonly number[];
}

/** Keeps the revisions of each stream in the order in which they were folded. */
let poison: (stream: string, revision: number) => boolean = () => false;
let unstorable: (trail: Trail) => boolean = () => false;
const follow = (doc: Trail | undefined, { stream, revision }: { stream: string; revision: number }): Trail => {
  if (poison(stream, revision)) throw new Error(`cannot fold ${revision}`);
  return { stream, seen: [...(doc?.seen ?? []), revision] };
};
const trails = defineProjection<Trail>({
  name: 'trails',
  version: 1,
  handles: { OrderAccepted: follow, OrderReopened: follow },
  tables: [
    {
      name: 'trails',
      columns: { stream: 'text', seen: 'text', length: 'integer' },
      key: ['stream'],
      rows: (after) => [
        {
          stream: after.stream,
          seen: after.seen.join(' '),
          length: unstorable(after) ? 'many' : after.seen.length,
        },
      ],
    },
  ],
  totals: [
    {
      name: 'trail_totals',
      key: { parity: 'text' },
      measures: ['events'],
      contributions: ({ seen }) => [{ parity: seen.length % 2 ? 'odd' : 'even', events: seen.length }],
    },
  ],
});
const projections = [trails, customersProjection];
const timeoutMs = 20_000;
const accepted = { type: 'OrderAccepted', data: { orderNo: 'T-1' } };
const malformed = { type: 'OrderAccepted', data: { orderNo: 17 } };

eachDatabase('quarantine', (opened) => {
  let database: Database;
  let log: MemoryLog;
  let runner: Runner;

  beforeEach(async () => {
    database = opened().database;
    log = memoryLog();
    poison = () => false;
    unstorable = () => false;
    await migrate(database, projectionMigrations);
    await forgetProjections(database, projections);
    runner = runnerOn({ log, database, projections });
  });
  afterEach(() => runner.stop());

  const projected = async (): Promise<void> => {
    runner.start();
    expect(await runner.waitFor((await log.head()) as string, { timeoutMs })).toBe(true);
  };
  const seen = async (): Promise<Record<string, string>> => {
    const rows = await database.query<{ stream: string; seen: string }>({
      text: 'select stream, seen from trails order by stream',
    });
    return Object.fromEntries(rows.map((row) => [row.stream, row.seen]));
  };
  const total = async (): Promise<number> => {
    const [row] = await database.query<{ n: number }>({
      text: 'select coalesce(sum(events), 0)::integer as n from trail_totals',
    });
    return row?.n ?? 0;
  };

  describe.each([
    ['a malformed event', 'malformed-event', () => {}, malformed],
    [
      'an event whose handler throws',
      'handler-failed',
      () => {
        poison = (stream, revision) => stream === 'order-b' && revision === 2;
      },
      accepted,
    ],
    [
      'a row that the database rejects',
      '22P02',
      () => {
        unstorable = ({ stream, seen: all }) => stream === 'order-b' && all.length > 2;
      },
      accepted,
    ],
  ] as const)('%s', (_, code, arm, third) => {
    test('parks its stream from there on; all else flows', async () => {
      arm();
      for (let round = 0; round < 5; round += 1) {
        for (const stream of ['order-a', 'order-b', 'order-c'])
          log.recordRaw(stream, round === 2 && stream === 'order-b' ? third : accepted);
      }
      log.recordRaw('customer-C1', {
        type: 'CustomerRegistered',
        data: { customerId: 'C1', name: 'One', zone: 'UTC' },
      });
      await projected();
      expect(await seen()).toEqual({ 'order-a': '0 1 2 3 4', 'order-b': '0 1', 'order-c': '0 1 2 3 4' });
      expect(await total()).toBe(12);
      expect(await listParked(database)).toMatchObject([
        { projection: 'trails', stream: 'order-b', code, events: 3, firstRevision: 2 },
      ]);
      await vi.waitFor(() => {
        const states = runner.states().map(({ state, parkedStreams }) => [state, parkedStreams]);
        expect(states).toEqual([
          ['quarantined', 1],
          ['live', 0],
        ]);
      }, timeoutMs);
    });
  });

  test('what comes later is parked too, also after a restart, and replayed in order once the cause is fixed', async () => {
    poison = (stream, revision) => stream === 'order-b' && revision === 1;
    for (let n = 0; n < 3; n += 1) log.recordRaw('order-b', accepted);
    await projected();
    await runner.stop();
    log.recordRaw('order-b', accepted);
    log.recordRaw('order-a', accepted);
    runner = runnerOn({ log, database, projections });
    await projected();
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0' });
    const options = { log, database, projection: trails, stream: 'order-b' };
    expect(await retryParked(options)).toEqual({ kind: 'still-poisonous', revision: 1, cause: 'cannot fold 1' });
    expect(await listParked(database)).toMatchObject([{ stream: 'order-b', events: 3 }]);

    poison = () => false;
    expect(await retryParked(options)).toEqual({ kind: 'repaired', events: 3, skipped: 0 });
    expect(await retryParked(options)).toEqual({ kind: 'not-parked' });
    expect(await listParked(database)).toEqual([]);
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0 1 2 3' });
    // The running runner held the short document in memory: it must go on from the repaired one.
    const position = log.recordRaw('order-b', accepted);
    expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0 1 2 3 4' });
    expect(await total()).toBe(6);
  });

  test('a cause that carries what PostgreSQL cannot store is parked all the same', async () => {
    log.recordRaw('customer-C1', {
      type: 'CustomerRegistered',
      data: { customerId: 'C1', name: 'No\u0000ne', zone: 'UTC' },
    });
    log.recordRaw('customer-C2', { type: 'CustomerRegistered', data: { customerId: 'C2', name: 'Two', zone: 'UTC' } });
    await projected();
    expect(await database.query({ text: 'select customer_id from customers' })).toEqual([{ customer_id: 'C2' }]);
    expect(await listParked(database)).toMatchObject([{ projection: 'customers', stream: 'customer-C1' }]);
  });

  test('an event can be skipped with a reason, and what came after it is folded; rebuilds skip it too', async () => {
    poison = (stream, revision) => stream === 'order-b' && (revision === 1 || revision === 3);
    for (let n = 0; n < 5; n += 1) log.recordRaw('order-b', accepted);
    log.recordRaw('order-a', accepted);
    await projected();
    const handler = createCommandHandler({ log, clock: () => '2026-03-01T08:00:00.000Z' });
    const desk = openQuarantineDesk({ database, log, handler, projections });
    const skip = (revision: number) =>
      desk.skip(
        { projection: 'trails', stream: 'order-b', revision, reason: 'told twice' },
        { commandId: randomUUID(), actor: { kind: 'user', id: 'anna', via: 'cli' } },
      );
    expect(await desk.find('trails', 'order-b')).toMatchObject({
      ...{ events: 4, firstRevision: 1, cause: 'cannot fold 1', tables: ['trails', 'trail_totals'] },
      event: { type: 'OrderAccepted', revision: 1 },
    });
    expect(await skip(2)).toEqual({ kind: 'not-first', firstRevision: 1 });
    expect(await skip(1)).toEqual({ kind: 'still-poisonous', revision: 3, cause: 'cannot fold 3' });
    const [still] = await desk.list();
    expect(still).toMatchObject({ firstRevision: 3, events: 2, cause: 'cannot fold 3' });
    expect(still?.triedAt).not.toBeNull();
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0 2' });
    expect(await skip(3)).toEqual({ kind: 'repaired', events: 1, skipped: 1 });
    expect(await desk.list()).toEqual([]);
    expect(await desk.find('trails', 'order-b')).toBeUndefined();
    expect(await skip(1)).toEqual({ kind: 'not-parked' });
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0 2 4' });
    const position = log.recordRaw('order-b', accepted);
    expect(await runner.waitFor(position, { timeoutMs })).toBe(true);
    expect(await seen()).toEqual({ 'order-a': '0', 'order-b': '0 2 4 5' });
    const rebuilt = await rebuildProjection({ log, database, projection: trails });
    expect(rebuilt).toMatchObject({
      kind: 'switched',
      certificate: {
        verdict: 'equal',
        skipped: [
          { stream: 'order-b', revision: 1, eventType: 'OrderAccepted', reason: 'told twice', by: 'anna' },
          { stream: 'order-b', revision: 3 },
        ],
      },
    });
  });

  test('a rebuild leaves nothing out: it fails at the first poison event', async () => {
    poison = (stream, revision) => stream === 'order-b' && revision === 1;
    for (let n = 0; n < 3; n += 1) log.recordRaw('order-b', accepted);
    await projected();
    const rebuilding = rebuildProjection({ log, database, projection: trails });
    await expect(rebuilding).rejects.toMatchObject({ code: 'poison-event', stream: 'order-b' });
  });
});
