import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { templateDirectory } from '../../src/database/embedded/directory.ts';
import { EmbeddedSession } from '../../src/database/embedded/session.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openPostgresLog } from '../../src/events/log/postgres.ts';
import { all } from '../contract/log-support.ts';
import { type Child, startChild } from '../support/child.ts';

const rounds = process.env.ORDERFOLD_SOAK ? 60 : 2;
const timeout = 60_000 + rounds * 20_000;
const writer = new URL('./processes/writer.ts', import.meta.url);
const locker = new URL('./processes/locker.ts', import.meta.url);

const directories: string[] = [];
const children: Child[] = [];

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-embedded-'));
  directories.push(directory);
  return directory;
}

function start(file: URL, directory: string): Child {
  const child = startChild(file, [directory]);
  children.push(child);
  return child;
}

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

test('a writer killed at any moment has lost nothing that was acknowledged', { timeout }, async () => {
  const dataDirectory = temporaryDirectory();
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const child = start(writer, dataDirectory);
    const enough = 20 + Math.floor(Math.random() * 400);
    await child.untilLine(() => child.lines.length >= enough);
    await child.kill();
    for (const line of child.lines) {
      const [stream = '', revision = ''] = line.split(' ');
      acknowledged.set(stream, Number(revision));
    }
  }
  const database = await openDatabase({ dataDirectory });
  const log = openPostgresLog(database);
  for (const [stream, last] of acknowledged) {
    const revisions = (await all(log.readStream(stream))).map((event) => event.revision);
    expect(revisions).toEqual(revisions.map((_, i) => i));
    expect(revisions.length).toBeGreaterThan(last);
  }
  expect(acknowledged.size).toBe(8 * rounds);
  await log.close();
  await database.close();
});

test('killed during its first start, it starts like new', { timeout }, async () => {
  const dataDirectory = temporaryDirectory();
  for (let round = 0; round < rounds; round++) {
    const child = start(writer, dataDirectory);
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700)); // any moment is the right one
    await child.kill();
  }
  const database = await openDatabase({ dataDirectory });
  expect(await database.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
  expect(readdirSync(dataDirectory).filter((name) => name.includes('.new-'))).toEqual([]);
  await database.close();
});

test('a second process is told who works in the directory, and takes over when that one is dead', async () => {
  const dataDirectory = temporaryDirectory();
  const child = start(writer, dataDirectory);
  await child.untilLine(() => true);
  const { pid } = child.process;
  await expect(openDatabase({ dataDirectory })).rejects.toMatchObject({
    code: 'data-directory-in-use',
    message: expect.stringMatching(new RegExp(`${dataDirectory} is in use by process ${pid} on \\S+ since 2\\d{3}-`)),
  });
  await child.kill();
  const database = await openDatabase({ dataDirectory });
  await expect(openDatabase({ dataDirectory })).rejects.toThrow(`by process ${process.pid} on`);
  await database.close();
  await (await openDatabase({ dataDirectory })).close();
});

test('of many processes that find the lock of a dead one, exactly one gets it', async () => {
  const directory = temporaryDirectory();
  const dead = start(locker, directory);
  dead.process.stdin?.write('now\n');
  await dead.untilLine((line) => line === 'locked');
  await dead.kill();
  const rivals = Array.from({ length: 6 }, () => start(locker, directory));
  await Promise.all(rivals.map((rival) => rival.untilLine((line) => line === 'ready')));
  for (const rival of rivals) rival.process.stdin?.write('now\n');
  const said = await Promise.all(rivals.map((rival) => rival.untilLine((line) => line !== 'ready')));
  expect(said.filter((line) => line === 'locked')).toHaveLength(1);
  expect(said.filter((line) => line.includes('is in use by process'))).toHaveLength(5);
});

test('without the prepared template it initialises itself', async () => {
  const dataDirectory = temporaryDirectory();
  const { openEmbedded } = await import('../../src/database/embedded/open.ts');
  const database = await openEmbedded({ dataDirectory, template: join(dataDirectory, 'none'), report: () => {} });
  expect(await database.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
  await database.close();
});

test('files that are no database are refused with the reason', async () => {
  const directory = join(temporaryDirectory(), 'database');
  cpSync(templateDirectory(), directory, { recursive: true });
  writeFileSync(join(directory, 'PG_VERSION'), '9.4\n');
  await expect(openDatabase({ dataDirectory: join(directory, '..') })).rejects.toThrow(/embedded database/);
});

test('an answer that comes after its client has left is not given to the next one', async () => {
  const directory = join(temporaryDirectory(), 'database');
  cpSync(templateDirectory(), directory, { recursive: true });
  const session = await EmbeddedSession.start(directory);
  const connect = async () => {
    const client = new pg.Client({
      stream: () => session.connect(),
      user: 'postgres',
      database: 'postgres',
      ssl: false,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const first = await connect();
  const slow = first.query('begin; select count(*) from generate_series(1, 1000000)');
  const dropped = expect(slow).rejects.toThrow();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve))); // the statement has left by then
  const second = await connect();
  await dropped;
  expect((await second.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  const transaction = 'select now() = statement_timestamp() as none';
  expect((await second.query(transaction)).rows).toEqual([{ none: true }]);
  await second.end();
  await session.close();
});

test('when its thread dies, statements fail with the reason and do not hang', async () => {
  const directory = join(temporaryDirectory(), 'database');
  cpSync(templateDirectory(), directory, { recursive: true });
  const session = await EmbeddedSession.start(directory);
  const socket = session.connect();
  const reason = new Promise<Error>((resolve) => socket.once('error', resolve));
  socket.write(Buffer.alloc(16)); // no startup packet: the thread cannot go on
  expect((await reason).message).toMatch(/^The embedded database stopped: /);
  const next = new Promise<Error>((resolve) => session.connect().once('error', resolve));
  expect((await next).message).toMatch(/^The embedded database stopped: /);
  await session.close();
});
