import { afterAll, beforeAll, expect, test } from 'vitest';
import { pastOf } from '../../../src/analytics/source.ts';
import { orderAt } from '../../../src/audit/past/orders.ts';
import { openPast, type Past, rowKeyOf } from '../../../src/audit/past/past.ts';
import type { Database } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import type { AlertFact, ContactFact } from '../../../src/events/catalog/index.ts';
import type { Position } from '../../../src/events/envelope.ts';
import { projections } from '../../../src/projections/all.ts';
import { projectionMigrations } from '../../../src/projections/migrations.ts';
import { orderDocument } from '../../../src/projections/orders/document.ts';
import type { Runner } from '../../../src/projections/runner.ts';
import { eachDatabase } from '../../support/databases.ts';
import { type LiveRow, someRows } from '../../support/live-rows.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { runnerOn } from '../../support/projecting.ts';
import { seedFor, soak } from '../../support/seed.ts';
import { simulatedHistory } from '../../support/simulated-history.ts';
import { defined, raised, readingAt } from '../../support/watches.ts';

const until = '2026-04-08T12:00:00.000Z';
const person = '0f3f4f0c-3f57-4d7a-8c43-0d9f8f6b8a11';
const chunks = soak ? 350 : 8;
const rowsPerTable = soak ? 4 : 2;

interface Captured extends LiveRow {
  readonly table: string;
  readonly position: Position;
  /** When the last event before it was recorded, where the next one was recorded later. */
  readonly recorded: string | undefined;
}

eachDatabase('the past of read models', (opened) => {
  let database: Database;
  let log: MemoryLog;
  let runner: Runner;
  let past: Past;
  const captured: Captured[] = [];

  beforeAll(async () => {
    ({ database } = opened());
    await migrate(database, projectionMigrations);
    log = memoryLog();
    past = openPast({ log, archive: pastOf(log), models: projections });
    runner = runnerOn({ log, database });
    runner.start();
    const history = await simulatedHistory(seedFor('past'), soak ? 600 : 20, until, 30);
    const size = Math.ceil(history.length / chunks);
    for (let from = 0; from < history.length; from += size) {
      const chunk = history.slice(from, from + size);
      recordOthers(from);
      for (const { stream, revision: _, position: __, ...event } of chunk) log.record(stream, event);
      await capture(chunk.at(-1)?.metadata.recordedAt, history[from + size]?.metadata.recordedAt);
    }
  });
  afterAll(() => runner.stop());

  function recordOthers(serial: number): void {
    const facts: AlertFact[] = serial === 0 ? [defined()] : [raised(`A${serial}`, readingAt(serial))];
    log.recordRaw('watch-W', ...facts);
    const specification = { description: `As of ${serial}`, uom: 'C62', sourcing: 'stock' };
    const data = { id: '4711', effectiveFrom: '2026-01-01', specification };
    log.recordRaw('item-4711', { type: 'ItemSpecified', data });
    log.recordRaw(`contact-${person}`, contactFact(serial));
    const reader = { kind: 'program', id: 'k-1', via: 'api' } as const;
    const read = { reader, readAt: until, subject: `contact-${person}`, persons: [person] };
    log.recordRaw(`access-${serial}`, { type: 'PersonalDataRead', data: read });
  }

  function contactFact(serial: number): ContactFact {
    if (serial > 0) return { type: 'ContactChanged', data: { contactId: person, role: `role-${serial}` } };
    const name = { person, key: 1, box: 'c2VhbGVk' } as never;
    return { type: 'ContactAdded', data: { contactId: person, customerId: 'C-1', name } };
  }

  async function capture(recordedAt: string | undefined, next: string | undefined): Promise<void> {
    const position = (await log.head()) as Position;
    if (!(await runner.waitFor(position, { timeoutMs: 30_000 }))) throw new Error('not projected in time');
    const recorded = recordedAt !== undefined && next !== undefined && next > recordedAt ? recordedAt : undefined;
    for (const table of past.tables.values()) {
      for (const row of await someRows(database, table, table.summed ? 1 : rowsPerTable))
        captured.push({ table: table.name, position, recorded, ...row });
    }
  }

  test('every row is at its position what stood in the table then', async () => {
    expect(new Set(captured.map(({ table }) => table)).size).toBe(past.tables.size);
    for (const { table, key, cells, position } of captured) {
      const { row } = await past.rowAt(table, rowKeyOf(past.tableNamed(table), key), { position });
      // A total that came and went is a row of zeros; readers pass over it.
      if (row === null)
        expect(Object.values(cells).filter((cell) => typeof cell === 'number' && cell !== 0)).toEqual([]);
      else expect(row, `${table} ${key} at ${position}`).toEqual(cells);
    }
  });

  test('every order is at its position, and as recorded by then, what was shown', async () => {
    const orders = captured.filter(({ table }) => table === 'order_status');
    expect(orders.length).toBeGreaterThan(soak ? 1_000 : 10);
    for (const { key, cells, position, recorded } of orders) {
      const moments = [{ position }, ...(recorded === undefined ? [] : [{ recorded }])];
      for (const moment of moments) {
        const order = await orderAt(log, key, moment);
        expect(order && JSON.parse(JSON.stringify(orderDocument(order.state, order.revision)))).toEqual(cells.doc);
      }
    }
  });

  test('nothing is there before its first event', async () => {
    const [first] = log.events;
    for (const table of past.tables.values()) {
      const key = captured.find((row) => row.table === table.name)?.key ?? '';
      const moment = { recorded: '1990-01-01T00:00:00.000Z', position: first?.position ?? '' };
      expect((await past.rowAt(table.name, rowKeyOf(table, key), moment)).row).toBeNull();
    }
  });
});
