import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { type House, openHouse } from '../src/main/compose.ts';
import { createLogger } from '../src/main/logger.ts';
import { createTestDatabase, noPostgres, type PostgresServer, startPostgres } from '../test/support/postgres.ts';
import { tell } from './measure.ts';

/** An empty installation of the product, as a user would set it up, in temporary places. */
export interface Installation {
  readonly name: 'PGlite' | 'PostgreSQL';
  /** The settings of the service. */
  readonly environment: Readonly<Record<string, string>>;
  open(): Promise<House>;
  remove(): Promise<void>;
}

let server: Promise<PostgresServer | undefined> | undefined;

/** The PostgreSQL server of this run, with fsync on and otherwise as it comes; undefined when there is none. */
export function postgresServer(): Promise<PostgresServer | undefined> {
  server ??= startPostgres({ durable: true }).then((started) => {
    if (!started) tell(noPostgres);
    return started;
  });
  return server;
}

export async function stopPostgresServer(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}

/** A new installation on each kind of database that there is here. Each is removed after its turn. */
export async function eachInstallation(work: (installation: Installation) => Promise<void>): Promise<void> {
  for (const create of [embeddedInstallation, postgresInstallation]) {
    const installation = await create();
    if (!installation) continue;
    try {
      await work(installation);
    } finally {
      await installation.remove();
    }
  }
}

export async function embeddedInstallation(): Promise<Installation> {
  return installationOf('PGlite', {}, async () => {});
}

export async function postgresInstallation(): Promise<Installation | undefined> {
  const running = await postgresServer();
  const created = running && (await createTestDatabase(running.url));
  return created && installationOf('PostgreSQL', { DATABASE_URL: created.url }, created.drop);
}

function installationOf(
  name: Installation['name'],
  database: Readonly<Record<string, string>>,
  drop: () => Promise<void>,
): Installation {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-bench-'));
  const environment = {
    ORDERFOLD_DATA: directory,
    ORDERFOLD_PORT: '0',
    ORDERFOLD_DEMO: 'off',
    ORDERFOLD_LOG: 'error',
    ORDERFOLD_RATE_LIMIT: '0',
    ...database,
  };
  return {
    name,
    environment,
    open: () => openHouse(readConfig(environment), createLogger('error')),
    async remove() {
      await drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
