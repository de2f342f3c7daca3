import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import type { Analytics } from '../../src/analytics/engine.ts';
import type { Role } from '../../src/api/access.ts';
import { buildApi } from '../../src/api/build.ts';
import { type ApiSettings, defaultApiSettings } from '../../src/api/dependencies.ts';
import type { Api } from '../../src/api/http/api.ts';
import { readConfig } from '../../src/config.ts';
import { openAnalyticsRoom } from '../../src/main/analytics.ts';
import { apiDependencies } from '../../src/main/api.ts';
import { type House, openHouse } from '../../src/main/compose.ts';
import { createTestDatabase, noPostgres } from './postgres.ts';

export interface TestApp {
  readonly app: Api;
  readonly house: House;
  readonly analytics: Analytics;
  /** The text of a new key. */
  keyFor(role: Role, customerId?: string): Promise<string>;
  /** Listens on a free port; answers the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly database: 'pglite' | 'postgres';
  /** Another database than a fresh one. */
  readonly url?: string;
  readonly settings?: Partial<ApiSettings>;
  readonly logger?: Logger;
}

/** A server database has no folder of its own to keep a key in. */
export const testMasterKey = Buffer.alloc(32, 7).toString('base64');

/** The real rooms on a fresh database, with limits that tests do not run into. */
export async function startApp(o: AppOptions): Promise<TestApp> {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-app-'));
  const created = o.database === 'postgres' && o.url === undefined ? await createTestDatabase() : undefined;
  const url = o.url ?? created?.url;
  if (o.database === 'postgres' && url === undefined) throw new Error(noPostgres);
  const logger = o.logger ?? pino({ level: 'silent' });
  const config = readConfig({
    ORDERFOLD_DATA: directory,
    ...(url !== undefined && { DATABASE_URL: url, ORDERFOLD_MASTER_KEY: testMasterKey }),
  });
  const house = await openHouse(config, logger);
  const settings: ApiSettings = {
    ...defaultApiSettings,
    requestsPerMinute: 0,
    anonymousRequestsPerMinute: 0,
    maxEventLoopDelayMs: 0,
    ...o.settings,
  };
  const room = await openAnalyticsRoom(house);
  const app = buildApi({ ...apiDependencies(house, room), settings });
  await app.ready();
  house.runner.start();
  room.start();
  house.notary.start();
  return {
    app,
    house,
    analytics: room.analytics,
    keyFor: async (role, customerId) => {
      const customer = customerId === undefined ? {} : { customerId };
      const createdBy = { id: 'test', operator: true } as const;
      return (await house.keys.create({ label: role, role, ...customer, createdBy })).text;
    },
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    close: async () => {
      await app.close();
      await room.close();
      await house.close();
      await created?.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
