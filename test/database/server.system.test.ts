import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { kinds } from '../support/databases.ts';
import { asAdmin, type PostgresServer, startPostgres } from '../support/postgres.ts';

const one = { name: 'one', text: 'select 1 as one' };

describe.skipIf(!kinds().includes('postgres'))('a server that goes away', () => {
  let server: PostgresServer;
  let database: Database;
  const problems: string[] = [];

  beforeAll(async () => {
    server = (await startPostgres()) ?? expect.fail('there was a server before');
    const report = ({ message }: { message: string }) => problems.push(message);
    database = await openDatabase({ url: server.url, dataDirectory: '', report });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const killAll = () =>
    asAdmin(server.url, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');
  const works = async (query: Database['query']) => {
    try {
      return (await query<{ one: number }>(one))[0]?.one === 1;
    } catch {
      return false;
    }
  };

  test('cut connections are replaced, idle or in use, and reported', async () => {
    await Promise.all([database.query(one), database.reader.query(one), database.query(one)]);
    const busy = database.query({ text: 'select pg_sleep(60)' });
    const refused = expect(busy).rejects.toThrow(/terminat|ECONNRESET/);
    const active = "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'";
    await vi.waitUntil(async () => (await asAdmin(server.url, active)).rowCount === 1);
    await killAll();
    await refused;
    await vi.waitUntil(() => works(database.query));
    await vi.waitUntil(() => works(database.reader.query));
    await vi.waitUntil(() => problems.includes('A database connection was lost'));
    await vi.waitUntil(() => problems.includes('The reading database connection was lost'));
  });

  test('a transaction whose connection is cut rejects and leaves nothing', async () => {
    await database.execute('create table cut (id int)');
    const broken = database.transaction(async (tx) => {
      await tx.query({ text: 'insert into cut values (1)' });
      await killAll();
      await tx.query({ text: 'insert into cut values (2)' });
    });
    await expect(broken).rejects.toThrow('connection to the database was lost inside a transaction');
    await vi.waitUntil(() => works(database.query));
    expect(await database.query({ text: 'select id from cut' })).toEqual([]);
  });

  test('a listener hears that it may have missed something, and then hears again', async () => {
    const heard: string[] = [];
    const stop = await database.listen('news', (payload) => heard.push(payload));
    await killAll();
    await vi.waitUntil(() => heard.includes(''));
    await vi.waitUntil(() => works(database.query));
    await database.query({ text: "select pg_notify('news', 'again')" });
    await vi.waitUntil(() => heard.includes('again'));
    await stop();
  });

  test('after a crash of the server everything works again, without a restart of ours', async () => {
    const heard: string[] = [];
    const stop = await database.listen('news', (payload) => heard.push(payload));
    await server.restart();
    await vi.waitUntil(() => works(database.query), { timeout: 10_000 });
    await vi.waitUntil(() => works(database.reader.query), { timeout: 10_000 });
    await vi.waitUntil(() => heard.includes(''), { timeout: 10_000 });
    await stop();
  });

  test('a statement that takes too long is ended by the server', async () => {
    const slow = database.transaction(async (tx) => {
      await tx.query({ text: "set local statement_timeout = '50ms'" });
      await tx.query({ text: 'select pg_sleep(60)' });
    });
    await expect(slow).rejects.toThrow('statement timeout');
    const [settings] = await database.query({
      text: `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle, current_setting('timezone') as zone`,
    });
    expect(settings).toEqual({ statement: '30s', lock: '10s', idle: '1min', zone: 'UTC' });
  });

  test('a server that is not there makes statements fail with the reason', async () => {
    const nowhere = await openDatabase({ url: server.url.replace('host=', 'host=/nowhere'), dataDirectory: '' });
    await expect(nowhere.query(one)).rejects.toThrow(/ENOENT/);
    await expect(nowhere.reader.query(one)).rejects.toThrow(/ENOENT/);
    await nowhere.close();
    await nowhere.close(); // closing again is nothing
  });
});
