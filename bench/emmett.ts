import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestDatabase } from '../test/support/postgres.ts';
import { startProcess } from './child.ts';
import { type Installation, postgresServer } from './installation.ts';
import { tell } from './measure.ts';
import { commitsOf, typicalOrders } from './orders.ts';

/** `@event-driven-io/emmett-postgresql` in a process of its own: it changes the type parsers of pg for everybody in its process. */
export interface EmmettRival {
  readonly name: string;
  /** Commands per second. */
  measure(clients: number, milliseconds: number): Promise<number>;
  stop(): Promise<void>;
}

/** Installs the rival away from the checkout. Undefined where it cannot take part; `remarks` then says why. */
export async function startEmmett({ name }: Installation, remarks: string[]): Promise<EmmettRival | undefined> {
  if (name !== 'PostgreSQL') return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-rivals-'));
  try {
    cpSync(fileURLToPath(new URL('rivals', import.meta.url)), directory, { recursive: true });
    tell('installing the rivals');
    await promisify(execFile)('npm', ['ci'], { cwd: directory });
    return await start(directory);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    remarks.push(`emmett-postgresql was left out, it could not be installed or started: ${firstLine(error)}`);
    return undefined;
  }
}

const firstLine = (error: unknown): string => String(error).split('\n', 1)[0] ?? '';

async function start(directory: string): Promise<EmmettRival> {
  const server = await postgresServer();
  const database = server && (await createTestDatabase(server.url));
  if (!database) throw new Error('no PostgreSQL server');
  const file = join(directory, 'commits.json');
  writeFileSync(file, JSON.stringify([...typicalOrders(1)].map(commitsOf)[0]));
  const child = startProcess(join(directory, 'emmett.mjs'), [database.url, file]);
  await child.line(/^ready$/);
  return {
    name: 'emmett-postgresql 0.42.0',
    async measure(clients, milliseconds) {
      child.send(JSON.stringify({ clients, milliseconds }));
      return Number((await child.line(/^rate (.*)$/))[1]);
    },
    async stop() {
      await child.stop();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
