import { expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { eachDatabase } from '../support/databases.ts';

eachDatabase('database', (opened) => {
  test('types arrive as agreed, whatever other users of pg in this process have set', async () => {
    const [row] = await opened().database.query({
      text: `select 9007199254740993::bigint as big, 1.50::numeric as amount, date '2026-03-01' as day, 7 as small, true as yes,
        timestamptz '2026-03-01 07:05:03.123456+02' as instant, '{"b": 1, "a": 2}'::json as doc, array['x', 'ÿ'] as words`,
    });
    expect(row).toEqual({
      big: '9007199254740993',
      amount: '1.50',
      day: '2026-03-01',
      small: 7,
      yes: true,
      instant: '2026-03-01T05:05:03.123Z',
      doc: '{"b": 1, "a": 2}',
      words: ['x', 'ÿ'],
    });
  });

  test('a transaction that rejects leaves nothing, one that resolves is there', async () => {
    const { database } = opened();
    await database.execute(
      'create table notes (id int primary key, text text); insert into notes values (0, $$zero$$)',
    );
    const insert = (id: number) => ({ text: 'insert into notes values ($1, $2)', values: [id, `note ${id}`] });
    const refused = database.transaction(async (tx) => {
      await tx.query(insert(1));
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    await database.transaction((tx) => tx.query(insert(2)));
    expect(await database.query({ text: 'select id from notes order by id' })).toEqual([{ id: 0 }, { id: 2 }]);
  });

  test('a transaction that its caller refuses keeps the connection and its prepared statements', async () => {
    const { database } = opened();
    await database.query({ name: 'kept', text: 'select 1' });
    const refused = database.transaction(() => Promise.reject(new Error('no')));
    await expect(refused).rejects.toThrow('no');
    const kept = { text: "select name from pg_prepared_statements where name = 'kept'" };
    expect(await database.query(kept)).toEqual([{ name: 'kept' }]);
  });

  test('concurrent transactions do not mix', async () => {
    const { database } = opened();
    await database.execute('create table sums (id int primary key, total int); insert into sums values (1, 0)');
    const addOne = (fail: boolean) =>
      database.transaction(async (tx) => {
        await tx.query({ text: 'update sums set total = total + 1 where id = 1' });
        if (fail) throw new Error('rolled back');
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => addOne(i % 2 === 1)));
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(20);
    expect(await database.query({ text: 'select total from sums' })).toEqual([{ total: 20 }]);
  });

  test('an error of one point read does not touch its neighbours', async () => {
    const { database } = opened();
    const read = (by: number) =>
      database.reader.query({ name: 'divide', text: 'select 12 / $1::int as n', values: [by] });
    const outcomes = await Promise.allSettled([1, 0, 3, 0, 4].map(read));
    expect(outcomes.map((o) => (o.status === 'fulfilled' ? o.value : 'error'))).toEqual([
      [{ n: 12 }],
      'error',
      [{ n: 4 }],
      'error',
      [{ n: 3 }],
    ]);
  });

  test('reads that never pause do not keep a transaction waiting', async () => {
    const { database } = opened();
    let reading = true;
    const readOn = async (): Promise<void> => {
      while (reading) await database.reader.query({ name: 'one', text: 'select 1 as one' });
    };
    const readers = Array.from({ length: 8 }, readOn);
    const answer = await database.transaction((tx) => tx.query({ text: 'select 2 as two' }));
    reading = false;
    await Promise.all(readers);
    expect(answer).toEqual([{ two: 2 }]);
  });

  test('a failed statement does not cost the connection its prepared statements', async () => {
    const { database } = opened();
    const half = (n: number) => database.query({ name: 'half', text: 'select $1::int / 2 as n', values: [n] });
    await half(2);
    await expect(database.query({ text: 'select 1 / 0' })).rejects.toThrow('division by zero');
    expect(await half(8)).toEqual([{ n: 4 }]);
  });

  test('a listener hears what is notified, until it stops', async () => {
    const { database } = opened();
    const heard: string[] = [];
    let wake = () => {};
    const stop = await database.listen('news', (payload) => {
      heard.push(payload);
      wake();
    });
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await database.query({ text: "select pg_notify('news', 'one')" });
    await woken;
    await stop();
    await database.query({ text: "select pg_notify('news', 'two')" });
    expect(heard).toEqual(['one']);
  });

  test('migrations are applied once, in order, and each whole or not at all', async () => {
    const { database } = opened();
    const first = { name: 'one', sql: 'create table one (id int); insert into one values (1)' };
    const broken = { name: 'two', sql: 'create table two (id int); insert into nowhere values (1)' };
    await Promise.all([migrate(database, [first]), migrate(database, [first])]);
    await expect(migrate(database, [first, broken])).rejects.toThrow(/Migration two failed: .*nowhere/);
    expect(await database.query({ text: 'select id from one' })).toEqual([{ id: 1 }]);
    await migrate(database, [first, { name: 'two', sql: 'create table two (id int)' }]);
    expect(await database.query({ text: 'select id from two' })).toEqual([]);
  });
});
