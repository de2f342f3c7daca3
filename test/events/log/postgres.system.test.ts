import { describe, expect, test, vi } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { appendedChannel } from '../../../src/events/log/postgres/schema.ts';
import { openPostgresLog, type PostgresLogOptions, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { eventLogContract, type OpenedLog } from '../../contract/eventLog.ts';
import { appended, eventsOf, expectOneOrder, follow, here, untilSeen } from '../../contract/log-support.ts';
import { eachDatabase, kinds, openTestDatabase } from '../../support/databases.ts';
import { freshStream, sampleEvents } from '../../support/events.ts';
import { startPostgres } from '../../support/postgres.ts';

for (const kind of kinds()) {
  eventLogContract(kind, async (): Promise<OpenedLog> => {
    const { database, another, killConnections, remove } = await openTestDatabase(kind);
    await migrate(database, postgresLogMigrations);
    const log = openPostgresLog(database);
    return {
      log,
      second: async () => {
        const rival = (await another?.()) ?? database;
        const other = openPostgresLog(rival);
        return {
          append: other.append,
          readStream: (...args) => other.readStream(...args),
          subscribe: (options) => other.subscribe(options),
          head: other.head,
          close: async () => {
            await other.close();
            if (rival !== database) await rival.close();
          },
        };
      },
      ...(killConnections ? { killConnections } : {}),
      close: async () => {
        await log.close();
        await remove();
      },
    };
  });
}

eachDatabase('the log in a database', (opened) => {
  const open = async (options: PostgresLogOptions = {}) => {
    await migrate(opened().database, postgresLogMigrations);
    return openPostgresLog(opened().database, options);
  };

  test('an append with content that the database refuses fails alone', async () => {
    const log = await open();
    const good = Array.from({ length: 8 }, freshStream);
    const bad = freshStream();
    const [event] = sampleEvents(bad, 0, 1);
    if (!event) expect.fail('no event');
    const spoiled = { ...event, metadata: { ...event.metadata, occurredAt: 'some time' } };
    const outcomes = await Promise.allSettled([
      ...good.map((stream) => log.append(stream, sampleEvents(stream, 0, 2), { expected: 'no-stream' })),
      log.append(bad, [spoiled], { expected: 'no-stream' }),
    ]);
    expect(outcomes.slice(0, 8).every((o) => o.status === 'fulfilled' && o.value.kind === 'appended')).toBe(true);
    expect(String((outcomes[8] as PromiseRejectedResult).reason)).toMatch('invalid input syntax for type timestamp');
    await log.close();
  });

  test('JSON is kept byte for byte, and the columns beside it are filled', async () => {
    const log = await open();
    const stream = freshStream();
    const [event] = sampleEvents(stream, 0, 1);
    if (!event) expect.fail('no event');
    const data = { z: '1', a: 'quote " backslash \\ nul \u0000 half \ud800', orderNo: 'SO-1', lineNo: 7 };
    await log.append(stream, [{ ...event, data }], { expected: 'no-stream' });
    const [row] = await opened().database.query({
      text: 'select data, order_no, line_no, occurred_at, recorded_at from events where stream = $1',
      values: [stream],
    });
    const { occurredAt, recordedAt } = event.metadata;
    expect(row).toEqual({
      data: JSON.stringify(data),
      order_no: 'SO-1',
      line_no: 7,
      occurred_at: occurredAt,
      recorded_at: recordedAt,
    });
    await log.close();
  });

  test('closing the log ends its subscriptions', async () => {
    const log = await open();
    const kinds: string[] = [];
    for await (const message of log.subscribe({ after: await here(log), signal: new AbortController().signal })) {
      kinds.push(message.kind);
      setImmediate(() => void log.close());
    }
    expect(kinds).toEqual(['caught-up']);
  });

  test('a caller that gives up gets an unknown outcome and leaves the others alone', async () => {
    const log = await open();
    const stop = new AbortController();
    const streams = Array.from({ length: 5 }, freshStream);
    const outcomes = streams.map((stream, i) =>
      log.append(stream, sampleEvents(stream, 0, 1), {
        expected: 'no-stream',
        ...(i === 2 ? { signal: stop.signal } : {}),
      }),
    );
    stop.abort();
    expect((await Promise.all(outcomes)).map((o) => o.kind)).toEqual([
      'appended',
      'appended',
      'unknown',
      'appended',
      'appended',
    ]);
    await log.close();
  });

  test('every append is announced to other processes', async () => {
    const log = await open();
    let heard = () => {};
    const announced = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const stop = await opened().database.listen(appendedChannel, heard);
    await appended(log.append(freshStream(), sampleEvents('order-x', 0, 1), { expected: 'no-stream' }));
    await announced;
    await stop();
    await log.close();
  });

  test('a subscription whose notifications get lost still sees what others append', async () => {
    const log = await open();
    const deaf = openPostgresLog({ ...opened().database, listen: async () => async () => {} });
    const [event] = sampleEvents('order-x', 0, 1);
    if (!event) expect.fail('no event');
    const seen = follow(deaf, { after: await here(log) }, (_, last) => {
      if (last.kind === 'caught-up') void log.append(freshStream(), [event], { expected: 'no-stream' });
      return last.kind === 'event';
    });
    expect(eventsOf(await seen)[0]?.eventId).toBe(event.eventId);
    await deaf.close();
    await log.close();
  });

  test('a position of another log is refused', async () => {
    const log = await open();
    const stop = new AbortController();
    const reading = log.subscribe({ after: '12/34', signal: stop.signal })[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toThrow('Not a position of this log: 12/34');
    await log.close();
  });
});

describe.skipIf(!kinds().includes('postgres'))('the log on a server', () => {
  test('transactions that commit in random order are read in one order, none missed', async () => {
    const { database, another, remove } = await openTestDatabase('postgres');
    await migrate(database, postgresLogMigrations);
    const log = openPostgresLog(database);
    const writers = (await another?.()) ?? expect.fail('a server has room for another pool');
    const total = 64;
    const last = sampleEvents('order-last', 0, 1);
    const reader = follow(log, { after: 'start' }, untilSeen(last[0]?.eventId));
    const order = shuffled(total);
    for (let from = 0; from < total; from += 8) await commitInOrder(writers, order.slice(from, from + 8));
    await appended(log.append(freshStream(), last, { expected: 'no-stream' }));
    const messages = await reader;
    expectOneOrder(messages);
    const ids = eventsOf(messages).map((event) => event.eventId);
    expect(ids.length).toBe(total + 1);
    expect(new Set(ids).size).toBe(total + 1);
    const again = await follow(log, { after: 'start' }, untilSeen(last[0]?.eventId));
    expect(eventsOf(again).map((event) => event.eventId)).toEqual(ids);
    await log.close();
    await writers.close();
    await remove();
  });

  test('two processes that append to the same streams at once: one wins each, nobody fails', async () => {
    const { database, another, remove } = await openTestDatabase('postgres');
    await migrate(database, postgresLogMigrations);
    const rival = (await another?.()) ?? expect.fail('a server has room for another pool');
    const logs = [openPostgresLog(database), openPostgresLog(rival)];
    for (let round = 0; round < 20; round++) {
      const streams = Array.from({ length: 30 }, freshStream);
      const outcomes = await Promise.all(
        logs.map((log) =>
          Promise.all(streams.map((s) => log.append(s, sampleEvents(s, 0, 2), { expected: 'no-stream' }))),
        ),
      );
      for (const i of streams.keys()) {
        expect(outcomes.map((of) => of[i]?.kind).sort()).toEqual(['appended', 'conflict']);
      }
    }
    for (const log of logs) await log.close();
    await rival.close();
    await remove();
  });

  test('a server that does not answer makes appends unknown in time; afterwards everything goes on', async () => {
    const server = (await startPostgres()) ?? expect.fail('there was a server before');
    const database = await openDatabase({ url: server.url, dataDirectory: '' });
    await migrate(database, postgresLogMigrations);
    const log = openPostgresLog(database, { appendTimeoutMs: 300 });
    const stream = freshStream();
    const events = sampleEvents(stream, 0, 1);
    await appended(log.append(freshStream(), sampleEvents('order-x', 0, 1), { expected: 'no-stream' }));
    const seen = follow(log, { after: await here(log) }, (messages) => eventsOf(messages).length === 1);
    server.pause();
    expect((await log.append(stream, events, { expected: 'no-stream' })).kind).toBe('unknown');
    server.resume();
    await vi.waitUntil(async () => (await log.append(stream, events, { expected: 'no-stream' })).kind === 'appended');
    expect(eventsOf(await seen).map((event) => event.eventId)).toEqual([events[0]?.eventId]);
    await log.close();
    await database.close();
    await server.stop();
  });
});

const shuffled = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ i, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ i }) => i);

/** Holds a transaction open for each number, all with an event in them, and commits them in the given order. */
async function commitInOrder(database: Database, order: readonly number[]): Promise<void> {
  const releases = new Map<number, () => void>();
  const commits = new Map<number, Promise<void>>();
  for (const number of [...order].sort((a, b) => a - b)) {
    await new Promise<void>((inserted) => {
      commits.set(
        number,
        database.transaction(async (tx) => {
          const stream = freshStream();
          const [event] = sampleEvents(stream, 0, 1);
          const { occurredAt, recordedAt } = event?.metadata ?? expect.fail('no event');
          const member = [
            event?.eventId,
            event?.type,
            null,
            null,
            occurredAt,
            recordedAt,
            '{}',
            JSON.stringify(event?.metadata),
          ];
          await tx.query({
            text: 'select * from append_events($1::jsonb)',
            values: [JSON.stringify([[stream, -1, [member]]])],
          });
          inserted();
          await new Promise<void>((release) => releases.set(number, release));
        }),
      );
    });
  }
  for (const number of order) {
    await vi.waitUntil(() => releases.has(number));
    releases.get(number)?.();
    await commits.get(number);
  }
}
