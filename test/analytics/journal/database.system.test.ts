import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { openDatabase } from '../../../src/database/open.ts';
import type { Position, Recorded } from '../../../src/events/envelope.ts';
import { type RawEvent, rawFrom } from '../../../src/events/log/bulk.ts';
import type { EventLog } from '../../../src/events/log/port.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { projections } from '../../../src/projections/all.ts';
import { projectionMigrations } from '../../../src/projections/migrations.ts';
import { rebuildProjection } from '../../../src/projections/rebuild.ts';
import { startChild } from '../../support/child.ts';
import { eachDatabase, kinds } from '../../support/databases.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { all, journalPlace, tiny } from '../../support/journal.ts';
import { typicalOrder } from '../../support/order-history.ts';
import { createTestDatabase, noPostgres } from '../../support/postgres.ts';
import { digestsOf, forgetProjections, projectAll } from '../../support/projecting.ts';

/** Every sync costs its time: not too many files. */
const limits = { ...tiny, batchEvents: 200, segmentEvents: 1_000 };
const noStream = { expected: 'no-stream' } as const;
const rounds = process.env.ORDERFOLD_SOAK ? 25 : 1;

async function heard(log: EventLog, after: Position | 'start' = 'start'): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const message of log.subscribe({ after, signal: new AbortController().signal })) {
    if (message.kind === 'event') events.push(message.event);
    else if (message.kind === 'caught-up') break;
  }
  return events;
}

async function copied(log: EventLog, after: Position | 'start' = 'start'): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  if (!log.bulk) throw new Error('This log has no bulk way');
  for await (const piece of log.bulk({ after, signal: new AbortController().signal })) events.push(...piece);
  return events;
}

/** Raw events carry JSON as the database has it: compared as what it says. */
const parsed = ({ data, metadata, ...rest }: RawEvent) => ({
  ...rest,
  data: JSON.parse(Buffer.from(data).toString()),
  metadata: JSON.parse(Buffer.from(metadata).toString()),
});

/** Appends orders; answers the position of the last of their events. */
async function append(log: EventLog, first: number, orders: number): Promise<Position | 'start'> {
  let last: Position | 'start' = 'start';
  for (let serial = first; serial < first + orders; serial += 50) {
    const some = Array.from({ length: Math.min(50, first + orders - serial) }, (_, i) => typicalOrder(serial + i));
    const done = await Promise.all(some.map((order) => log.append(order.stream, order.events, noStream)));
    for (const one of done) {
      if (one.kind !== 'appended') expect.fail(one.kind);
      if (last === 'start' || one.position > last) last = one.position;
    }
  }
  return last;
}

/** Transactions of other tests on the same server hide what is newer than they are: waits until they are through. */
async function visible(log: EventLog, position: Position | 'start'): Promise<void> {
  await vi.waitUntil(async () => position === 'start' || (await log.head()) >= position, { timeout: 30_000 });
}

async function place(log: EventLog, first: number, orders: number): Promise<void> {
  await visible(log, await append(log, first, orders));
}

let serials = 0;

eachDatabase('the journal of a log', (opened) => {
  let database: Database;
  let log: EventLog;
  beforeEach(async () => {
    database = opened().database;
    await migrate(database, [...postgresLogMigrations, ...projectionMigrations]);
    log = openPostgresLog(database);
    await place(log, serials, 120);
    serials += 120;
    return () => log.close();
  });

  test('COPY gives what a subscription gives, from any place', async () => {
    const stream = freshStream();
    const odd = { a: 'quote " nul \u0000 half \ud800 Größe 𝄞', orderNo: 'SO-Ä', lineNo: -7, n: [1.5e-7, null] };
    const [one, two] = sampleEvents(stream, 0, 2);
    if (!one || !two) expect.fail('no events');
    const early = { ...two.metadata, occurredAt: '1931-05-06T07:08:09.123Z' };
    const appended = await log.append(
      stream,
      [
        { ...one, type: 'NewerThanThisProgram', data: odd },
        { ...two, type: 'NewerThanThisProgram', data: { lineNo: 2 ** 31 }, metadata: early },
      ],
      noStream,
    );
    if (appended.kind !== 'appended') expect.fail(appended.kind);
    await visible(log, appended.position);
    const events = await heard(log);
    expect((await copied(log)).map(parsed)).toEqual(events.map(rawFrom).map(parsed));
    for (const from of [0, 999, 1000, events.length - 3, events.length - 1]) {
      const after = events[from]?.position ?? 'start';
      expect((await copied(log, after)).map(parsed)).toEqual(
        events
          .slice(from + 1)
          .map(rawFrom)
          .map(parsed),
      );
    }
  });

  test('refuses a position of another log', async () => {
    await expect(copied(log, "0'; drop table events; --")).rejects.toThrow('Not a position of this log');
  });

  test('holds what was appended while it caught up and afterwards', async () => {
    const folder = journalPlace();
    try {
      const journal = await folder.open(log, { limits });
      await place(log, serials, 100);
      serials += 100;
      await journal.caughtUp();
      expect(await all(journal.read('start'))).toEqual(await heard(log));
      for await (const finding of journal.verify()) expect(finding.ok).toBe(true);
      expect(journal.manifest().segments.length).toBeGreaterThan(1);
      expect(folder.problems).toEqual([]);
    } finally {
      await folder.remove();
    }
  });

  test('read models rebuilt from it are equal to those that were projected from the log', async () => {
    const folder = journalPlace();
    try {
      await forgetProjections(database);
      const journal = await folder.open(log, { limits });
      await journal.caughtUp();
      await place(log, serials, 20);
      serials += 20;
      await projectAll({ log, database });
      const before = await digestsOf(database);
      const source = await folder.open(log, { mode: 'read' });
      for (const projection of projections) {
        const done = await rebuildProjection({ log, archive: source, database, projection });
        expect(done).toMatchObject({ kind: 'switched', verdict: { equal: true, differing: [] } });
      }
      expect(await digestsOf(database)).toEqual(before);
    } finally {
      await folder.remove();
    }
  });

  test('COPY stops where an older transaction still runs, as subscriptions do', async ({ skip }) => {
    const rival = await opened().another?.();
    if (!rival) return skip();
    const before = await copied(log);
    const last = await rival.transaction(async (tx) => {
      await tx.query({ text: 'select pg_current_xact_id()' });
      const position = await append(log, serials, 5);
      expect((await copied(log)).length).toBe(before.length);
      return position;
    });
    serials += 5;
    await visible(log, last);
    expect((await copied(log)).length).toBe(before.length + 50);
    await rival.close();
  });

  test('follows through lost connections', async ({ skip }) => {
    const { killConnections } = opened();
    if (!killConnections) return skip();
    const folder = journalPlace();
    try {
      const journal = await folder.open(log, { limits });
      for (let round = 0; round < 2; round += 1) {
        await killConnections();
        await append(log, serials, 20).catch(() => {}); // some appends are lost, that is what they are told
        serials += 20;
      }
      await expect
        .poll(() =>
          journal.caughtUp().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      expect(await all(journal.read('start'))).toEqual(await heard(log));
    } finally {
      await folder.remove();
    }
  });
});

describe.each(['pglite', 'postgres'] as const)('a journal whose process is killed with -9 on %s', (kind) => {
  test.skipIf(!kinds().includes(kind))('says what the log says', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'orderfold-killed-'));
    const created = kind === 'postgres' ? await createTestDatabase() : undefined;
    if (kind === 'postgres' && !created) throw new Error(noPostgres);
    const [url, dataDirectory, directory] = [created?.url ?? '', join(parent, 'database'), join(parent, 'journal')];
    const folder = journalPlace();
    try {
      for (let round = 0; round < rounds; round += 1) {
        const program = new URL('./processes/journalling.ts', import.meta.url);
        const child = startChild(program, [url, dataDirectory, directory, String(round * 100_000)]);
        await child.untilLine(
          () => child.lines.filter((line) => line.startsWith('sealed')).length > 1 + ((round * 3) % 5),
        );
        await child.kill();
        expect(child.lines.filter((line) => line.startsWith('problem'))).toEqual([]);
      }
      const database = await openDatabase({ url: url || undefined, dataDirectory });
      try {
        const log = openPostgresLog(database);
        const reader = await folder.open(log, { directory, mode: 'read' });
        const head = await log.head();
        const events = await heard(log);
        expect(await all(reader.read('start', head))).toEqual(events);
        const journal = await folder.open(log, { directory, limits });
        await journal.caughtUp();
        expect(await all(journal.read('start'))).toEqual(events);
        for await (const finding of journal.verify()) expect(finding.ok).toBe(true);
        expect(folder.problems).toEqual([]);
        await folder.closeAll();
        await log.close();
      } finally {
        await database.close();
      }
    } finally {
      await folder.remove();
      await created?.drop();
      await rm(parent, { recursive: true, force: true });
    }
  });
});
