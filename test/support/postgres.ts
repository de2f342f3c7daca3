import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

export interface PostgresServer {
  /** Of its own database `postgres`, as superuser. */
  readonly url: string;
  /** Freezes every process of the server, as a machine that swaps or a network that hangs would. */
  pause(): void;
  resume(): void;
  /** Ends the server as a power cut of its process would. */
  crash(): Promise<void>;
  /** Starts it again on the same files and address. */
  start(): Promise<void>;
  /** Both, one after the other. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all test files of one run share; empty when there is no PostgreSQL on this machine. */
    postgresUrl: string;
  }
}

export const noPostgres = 'skipped: no PostgreSQL server found (initdb is neither on PATH nor in /usr/lib/postgresql)';

/** Where initdb and postgres are; undefined when PostgreSQL is not installed. */
function findBinaries(): string | undefined {
  const versions = '/usr/lib/postgresql';
  const packaged = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = packaged.map((version) => join(versions, version, 'bin'));
  try {
    candidates.push(execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim());
  } catch {
    // Not installed: the PATH decides.
  }
  candidates.push(...(process.env.PATH ?? '').split(':'));
  return candidates.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')));
}

/** PostgreSQL refuses to run as root; then it runs as the user its package made. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Starts a server of its own in a temporary directory, reachable over a Unix socket. `durable` keeps its fsync on.
 * It ends with `stop` or with this process, whatever ends that. Undefined when PostgreSQL is not installed.
 */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<PostgresServer | undefined> {
  const binaries = findBinaries();
  if (!binaries) return undefined;
  const user = serverUser();
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-pg-'));
  if (user) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), initdb, { ...user, cwd: directory, stdio: 'pipe' });
  const settings = ['listen_addresses=', `unix_socket_directories=${directory}`, 'max_connections=300'];
  if (!options.durable) settings.push('fsync=off', 'full_page_writes=off');
  const command = [join(binaries, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const url = `postgres://postgres@localhost/postgres?host=${directory}`;

  const run = () => {
    // The shell outlives this process just long enough to end the server and clean up: its input closes in any case.
    const script = 'dir=$1; shift; "$@" & read -r word; kill -INT $!; wait $!; [ "$word" = keep ] || rm -rf "$dir"';
    const shell = spawn('sh', ['-c', script, 'sh', directory, ...command], {
      ...user,
      cwd: directory,
      detached: true, // not killed together with the group of this process
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
    return { shell, ended };
  };
  const leader = () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const signalAll = (signal: NodeJS.Signals) => {
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(leader())], { encoding: 'utf8' });
    for (const pid of [leader(), ...children.trim().split(/\s+/).map(Number)]) process.kill(pid, signal);
  };

  let running = run();
  await untilReachable(url);
  const crash = async () => {
    process.kill(leader(), 'SIGQUIT');
    running.shell.stdin?.end('keep\n');
    await running.ended;
  };
  const start = async () => {
    running = run();
    await untilReachable(url);
  };
  return {
    url,
    crash,
    start,
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    async restart() {
      await crash();
      await start();
    },
    async stop() {
      running.shell.stdin?.end();
      await running.ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilReachable(url: string): Promise<void> {
  for (const until = Date.now() + 30_000; ; ) {
    const client = new pg.Client(url);
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** Runs one statement as superuser beside the code under test. */
export async function asAdmin(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  client.on('error', () => {}); // the statement may be the one that ends every connection
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection to this database but its own. */
  killConnections(): Promise<void>;
  drop(): Promise<void>;
}

/** A new, empty database on the server that this run shares; undefined when there is none (see `noPostgres`). */
export async function createTestDatabase(serverUrl = inject('postgresUrl')): Promise<TestDatabase | undefined> {
  if (!serverUrl) return undefined;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(serverUrl, `create database ${name}`);
  const kill = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()';
  return {
    url: serverUrl.replace('/postgres?', `/${name}?`),
    killConnections: async () => void (await asAdmin(serverUrl, kill, [name])),
    drop: async () => void (await asAdmin(serverUrl, `drop database ${name} with (force)`)),
  };
}
