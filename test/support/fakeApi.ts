import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { NEVER } from 'rxjs';
import type { Action, Principal, Role } from '../../src/api/access.ts';
import { buildApi } from '../../src/api/build.ts';
import { type ApiDependencies, type ApiSettings, defaultApiSettings } from '../../src/api/dependencies.ts';
import type { Api } from '../../src/api/http/api.ts';
import { hashOf, newKey } from '../../src/api/keys/format.ts';
import type { ApiKeys, StoredKey } from '../../src/api/keys/keys.ts';
import { TreeInconsistent } from '../../src/audit/checkpoint/issuer.ts';
import { InvalidValue } from '../../src/values/refusal.ts';
import { fakeAnalytics } from './fakeAnalytics.ts';
import { fakeAudit } from './fakeAudit.ts';

/** Nothing behind the edge: for tests of what happens before a command or a read model is reached. */

const start = '2026-03-01T08:00:00.000Z';
const missing = { kind: 'refused', refusal: { code: 'order-unknown', message: 'There is no such order.' } } as const;

const unknownKpi = async (): Promise<never> => {
  throw new InvalidValue('unknown-kpi', 'There are no KPIs here', 'kpi');
};

export interface FakeApi {
  readonly app: Api;
  /** The text of a new key. */
  keyFor(role: Role, o?: { customerId?: string; scopes?: readonly Action[]; expiresAt?: string }): string;
  readonly keys: Map<string, StoredKey>;
}

export function fakeDependencies(
  keys: Map<string, StoredKey>,
  o: { settings?: Partial<ApiSettings>; logger?: Logger } & Partial<Omit<ApiDependencies, 'settings' | 'logger'>> = {},
): ApiDependencies {
  const never = async (): Promise<never> => {
    throw new Error('not here');
  };
  const apiKeys: ApiKeys = {
    find: async (keyId) => keys.get(keyId),
    create: never,
    rotate: never,
    revoke: never,
    list: never,
    markUsed: async () => {},
  };
  const { settings, logger, ...rest } = o;
  return {
    handler: {
      execute: async () => missing,
      load: async (aggregate) => ({ state: aggregate.initial, revision: 'no-stream' }),
      settle: async () => {},
    },
    placeOrder: async () => missing,
    orders: { statusJson: async () => undefined, search: async () => ({ items: [] }), changedSince: async () => [] },
    alerts: {
      watch: async () => undefined,
      watches: async () => [],
      alert: async () => undefined,
      alerts: async () => ({ alerts: [] }),
      changedSince: async () => [],
    },
    contacts: { contact: async () => undefined, ofCustomer: async () => [] },
    accesses: { reads: async () => [] },
    viewing: { show: async (document) => document, evidence: async () => {} },
    erasing: { erase: async () => undefined, resume: async () => 0, unfinished: async () => 0 },
    subjects: { about: async () => undefined },
    seals: { blind: async (_, text) => text },
    customers: { customer: async () => undefined, list: async () => [] },
    master: {
      thing: async () => undefined,
      list: async () => [],
      holding: async () => new Map(),
      allHolding: async () => new Map(),
    },
    prices: {
      bookOf: async () => ({
        items: new Map(),
        lists: new Map(),
        promotions: new Map(),
        surcharges: new Map(),
        taxRates: new Map(),
        exchangeRates: new Map(),
      }),
    },
    kpis: { catalogue: () => [], query: unknownKpi, daily: async () => [] },
    analytics: fakeAnalytics(),
    audit: fakeAudit(),
    past: { async *read() {} },
    journal: { manifest: async () => undefined, fileOf: (segment) => segment, standing: () => undefined },
    notary: {
      publicKey: async () => undefined,
      standing: () => ({ state: { kind: 'live' }, size: 0, position: 'start' }),
      checkpoint: async () => {
        throw new TreeInconsistent('nothing to sign');
      },
      checkpoints: async () => [],
      latest: async () => undefined,
      at: async () => undefined,
      inclusion: async () => undefined,
      consistency: async () => ({ from: { size: 0, root: '' }, to: { size: 0, root: '' }, proof: [] }),
      verifyOrder: async () => undefined,
      evidence: async () => undefined,
    },
    certificates: { list: async () => [], find: async () => undefined },
    rebuilds: {
      standings: async () => [],
      start: async () => 'unknown',
      drop: async () => false,
      rollBack: async () => ({ kind: 'unknown' }),
    },
    quarantine: {
      list: async () => [],
      find: async () => undefined,
      retry: async () => ({ kind: 'not-parked' }),
      skip: async () => ({ kind: 'not-parked' }),
    },
    runner: { states: () => [], checkpoints: NEVER, waitFor: async () => true },
    log: { head: async () => 'start', async *readStream() {} },
    database: { query: async () => [] },
    keys: apiKeys,
    sessionSecret: async () => Buffer.alloc(32, 7),
    clock: () => start,
    prepared: () => true,
    metrics: new Registry(),
    logger: logger ?? pino({ level: 'silent' }),
    settings: {
      ...defaultApiSettings,
      requestsPerMinute: 0,
      anonymousRequestsPerMinute: 0,
      maxEventLoopDelayMs: 0,
      ...settings,
    },
    ...rest,
  };
}

export async function fakeApi({
  observeRoutes,
  ...o
}: Parameters<typeof fakeDependencies>[1] & { observeRoutes?: (app: Api) => void } = {}): Promise<FakeApi> {
  const keys = new Map<string, StoredKey>();
  const app = buildApi(fakeDependencies(keys, o));
  observeRoutes?.(app);
  await app.ready();
  return {
    app,
    keys,
    keyFor: (role, { customerId, scopes, expiresAt } = {}) => {
      const fresh = newKey();
      const principal: Principal = {
        id: `key:${fresh.keyId}`,
        role,
        ...(customerId !== undefined && { customerId }),
        ...(scopes && { scopes }),
      };
      keys.set(fresh.keyId, {
        keyId: fresh.keyId,
        label: role,
        principal,
        secretHash: hashOf(fresh.secret),
        createdAt: start,
        createdBy: 'test',
        expiresAt: expiresAt ?? null,
        revokedAt: null,
        lastUsedAt: null,
      });
      return fresh.text;
    },
  };
}
