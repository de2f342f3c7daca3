import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Idempotency } from '../../src/commands/handle.ts';
import type { Answer } from '../../src/commands/receipts.ts';
import { postgresReceipts, receiptMigrations } from '../../src/commands/receipts-postgres.ts';
import type { Database, Statement } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { eachDatabase } from '../support/databases.ts';

const asked = (bodyHash = 'body', key: string = randomUUID()): Idempotency => ({ principal: 'P', key, bodyHash });
const done: Answer = { kind: 'done', stream: 'order-1', revision: 3, position: '7', events: [] };

/** Counts what is sent. */
function counting(database: Database): Database & { statements: Statement[] } {
  const statements: Statement[] = [];
  return {
    ...database,
    statements,
    query: (statement) => {
      statements.push(statement);
      return database.query(statement);
    },
  };
}

eachDatabase('receipts', (opened) => {
  beforeAll(() => migrate(opened().database, receiptMigrations));
  /** Every call is another process. */
  const receipts = (o?: Parameters<typeof postgresReceipts>[1]) => postgresReceipts(opened().database, o);

  describe.each([false, true])('synced by the log: %s', (syncedByLog) => {
    test('a key is claimed once, and answered for ever', async () => {
      const [first, second] = [receipts({ syncedByLog }), receipts({ syncedByLog })];
      const one = asked();
      expect(await first.claim(one)).toEqual({ kind: 'fresh' });
      expect(await first.claim(one)).toEqual({ kind: 'in-flight' });
      expect(await second.claim(one)).toEqual({ kind: 'in-flight' });
      await first.answer(one, done);
      expect(await first.claim(one)).toEqual({ kind: 'answered', answer: done });
      expect(await second.claim(one)).toEqual({ kind: 'answered', answer: done });
      expect(await second.claim({ ...one, principal: 'Q' })).toEqual({ kind: 'fresh' });
    });
  });

  test('an answer on its way to the table is waited for', async () => {
    const own = receipts();
    const one = asked();
    await own.claim(one);
    const written = own.answer(one, done);
    expect(await own.claim(one)).toEqual({ kind: 'answered', answer: done });
    await written;
  });

  test('another body is told from a repeat, answered or not', async () => {
    const [first, second] = [receipts(), receipts()];
    const one = asked();
    await first.claim(one);
    const other = { ...one, bodyHash: 'other' };
    expect([await first.claim(other), await second.claim(other)]).toEqual([{ kind: 'reused' }, { kind: 'reused' }]);
    await first.answer(one, done);
    expect(await second.claim(other)).toEqual({ kind: 'reused' });
  });

  test('a claim whose lease has run out is taken over, by one only and with the same body only', async () => {
    const one = asked();
    await receipts({ leaseMs: 0 }).claim(one);
    expect(await receipts().claim({ ...one, bodyHash: 'other' })).toEqual({ kind: 'reused' });
    const claims = await Promise.all([receipts().claim(one), receipts().claim(one), receipts().claim(one)]);
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['in-flight', 'in-flight', 'taken-over']);
  });

  test('a claim whose answer was lost is taken over by the same process at once', async () => {
    const { database } = opened();
    let lost = true;
    const query: typeof database.query = async (statement) => {
      const rows = await database.query(statement);
      if (lost) throw new Error('connection lost');
      return rows as never;
    };
    const own = postgresReceipts({ ...database, query });
    const one = asked();
    await expect(own.claim(one)).rejects.toThrow('connection lost');
    lost = false;
    expect(await receipts().claim(one)).toEqual({ kind: 'in-flight' });
    expect(await own.claim(one)).toEqual({ kind: 'taken-over' });
  });

  test('a claim left open is taken over at once; a dropped one was never there', async () => {
    const [first, second] = [receipts(), receipts()];
    const [open, gone] = [asked(), asked()];
    await Promise.all([first.claim(open), first.claim(gone)]);
    await Promise.all([first.leaveOpen(open), first.drop(gone)]);
    expect(await second.claim(open)).toEqual({ kind: 'taken-over' });
    expect(await second.claim({ ...gone, bodyHash: 'other' })).toEqual({ kind: 'fresh' });
  });

  test('a late answer of a first claimant does not disturb: the answer given first stays', async () => {
    const [first, second] = [receipts({ leaseMs: 0 }), receipts()];
    const one = asked();
    await first.claim(one);
    await second.claim(one);
    await second.answer(one, done);
    await first.answer(one, { ...done, revision: 99 });
    await first.drop(one);
    expect(await receipts().claim(one)).toEqual({ kind: 'answered', answer: done });
  });

  test('many at once are written by few statements', async () => {
    const database = counting(opened().database);
    const own = postgresReceipts(database);
    const many = Array.from({ length: 300 }, () => asked());
    const claims = await Promise.all(many.map((one) => own.claim(one)));
    await Promise.all(many.map((one) => own.answer(one, done)));
    expect(claims.every(({ kind }) => kind === 'fresh')).toBe(true);
    expect(database.statements.length).toBeLessThanOrEqual(4);
  });

  test('two processes that claim the same keys at once get each key once', async () => {
    const many = Array.from({ length: 200 }, () => asked());
    const [a, b] = [receipts(), receipts()];
    const claims = await Promise.all([
      ...many.map((one) => a.claim(one)),
      ...[...many].reverse().map((one) => b.claim(one)),
    ]);
    const kinds = claims.map(({ kind }) => kind);
    expect([
      kinds.filter((kind) => kind === 'fresh').length,
      kinds.filter((kind) => kind === 'in-flight').length,
    ]).toEqual([200, 200]);
  });

  test('a claim that is synced by the log does not wait for the disk; nothing else is changed by that', async () => {
    const { database } = opened();
    const shown = async (work: (own: ReturnType<typeof postgresReceipts>) => Promise<unknown>) =>
      database.transaction(async (tx) => {
        await work(postgresReceipts({ ...database, query: (statement) => tx.query(statement) }, { syncedByLog: true }));
        const [row] = await tx.query<{ synchronous_commit: string }>({ text: 'show synchronous_commit' });
        return row?.synchronous_commit;
      });
    expect(await shown((own) => own.claim(asked()))).toBe('off');
    const [row] = await database.query<{ synchronous_commit: string }>({ text: 'show synchronous_commit' });
    expect(row?.synchronous_commit).toBe('on');
  });

  test('old receipts are purged, open ones only when nobody holds them', async () => {
    const own = receipts();
    const [answered, held] = [asked(), asked()];
    await Promise.all([own.claim(answered), own.claim(held)]);
    await own.answer(answered, done);
    expect(await own.purge('2000-01-01T00:00:00.000Z')).toBe(0);
    expect(await own.purge('2999-01-01T00:00:00.000Z')).toBeGreaterThan(0);
    expect(await receipts().claim({ ...answered, bodyHash: 'other' })).toEqual({ kind: 'fresh' });
    expect(await receipts().claim(held)).toEqual({ kind: 'in-flight' });
  });
});
