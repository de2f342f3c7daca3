import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/api/access.ts';
import { type ApiKeys, KeyRefused } from '../../../src/api/keys/keys.ts';
import { apiKeyMigrations } from '../../../src/api/keys/migrations.ts';
import { createApiKeys } from '../../../src/api/keys/store.ts';
import { createKeyVerifier, type KeyVerifier } from '../../../src/api/keys/verifier.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../support/databases.ts';

const operator = { id: 'operator', operator: true } as const;
let opened: OpenTestDatabase;
let keys: ApiKeys;
let now = Date.parse('2026-03-01T08:00:00.000Z');
const clock = () => new Date(now).toISOString();
/** As another process would see it: nothing in memory. */
const fresh = (): KeyVerifier =>
  createKeyVerifier(keys, clock, (error) => {
    throw error;
  });

beforeAll(async () => {
  opened = await openTestDatabase('pglite');
  await migrate(opened.database, apiKeyMigrations);
  keys = createApiKeys(opened.database, clock);
});
afterAll(() => opened.remove());

describe('API keys', () => {
  it('are verified and then known without the database, until the belief is over', async () => {
    const { text, key } = await keys.create({ label: 'erp', role: 'integration', createdBy: operator });
    const verifier = fresh();
    expect(verifier.known(text)).toBeUndefined();
    expect(await verifier.verify(text)).toEqual(key.principal);
    expect(verifier.known(text)).toEqual(key.principal);
    expect(verifier.known(`${text}x`)).toBeUndefined();
    await verifier.flush();
    expect((await keys.find(key.keyId))?.lastUsedAt).toBe(clock());
  });

  it('never lie in the database', async () => {
    const { text } = await keys.create({ label: 'secret', role: 'auditor', createdBy: operator });
    const rows = await opened.database.query({ text: 'select * from api_keys' });
    expect(JSON.stringify(rows)).not.toContain(text.slice(-43));
    expect(JSON.stringify(await keys.list())).not.toContain('secretHash');
  });

  it('end at their expiry and at their revocation', async () => {
    const expiresAt = new Date(now + 1000).toISOString();
    const { text } = await keys.create({ label: 'short', role: 'analyst', expiresAt, createdBy: operator });
    expect(await fresh().verify(text)).toBeDefined();
    now += 1000;
    expect(await fresh().verify(text)).toBeUndefined();
    const other = await keys.create({ label: 'revoked', role: 'analyst', createdBy: operator });
    await keys.revoke(other.key.keyId);
    expect(await fresh().verify(other.text)).toBeUndefined();
    await expect(keys.revoke('nothing')).rejects.toMatchObject({ code: 'key-not-found' });
  });

  it('are rotated: both secrets work during the overlap, the principal stays the same', async () => {
    const old = await keys.create({ label: 'rotated', role: 'customer', customerId: 'C-1', createdBy: operator });
    const next = await keys.rotate(old.key.keyId, { overlapSeconds: 60 });
    expect(await fresh().verify(old.text)).toEqual(await fresh().verify(next.text));
    now += 60_000;
    expect(await fresh().verify(old.text)).toBeUndefined();
    expect(await fresh().verify(next.text)).toEqual(old.key.principal);
    await keys.revoke(next.key.keyId);
    await expect(keys.rotate(next.key.keyId, { overlapSeconds: 0 })).rejects.toMatchObject({ code: 'key-revoked' });
  });

  it('grant nothing that their creator or their role lacks', async () => {
    const analyst: Principal = { id: 'a', role: 'analyst' };
    await keys.create({ label: 'ok', role: 'auditor', scopes: ['kpi.read'], createdBy: analyst });
    const refused = [
      keys.create({ label: 'x', role: 'admin', createdBy: analyst }),
      keys.create({ label: 'x', role: 'auditor', scopes: ['order.place'], createdBy: operator }),
      keys.create({ label: 'x', role: 'auditor', createdBy: { ...analyst, scopes: ['kpi.read'] } }),
      keys.create({
        label: 'x',
        role: 'customer',
        customerId: 'C-2',
        createdBy: { id: 'c', role: 'customer', customerId: 'C-1' },
      }),
    ];
    for (const attempt of refused) await expect(attempt).rejects.toMatchObject({ code: 'key-grants-too-much' });
    await expect(keys.create({ label: 'x', role: 'customer', createdBy: operator })).rejects.toThrow(KeyRefused);
  });

  it('of auditors end: in 30 days unless told otherwise, in 90 at the latest', async () => {
    const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
    const auditor = (days?: number) =>
      keys.create({
        ...({ label: 'audit', role: 'auditor', createdBy: operator } as const),
        ...(days !== undefined && { expiresAt: inDays(days) }),
      });
    expect((await auditor()).key.expiresAt).toBe(inDays(30));
    expect((await auditor(90)).key.expiresAt).toBe(inDays(90));
    await expect(auditor(91)).rejects.toMatchObject({ code: 'key-lives-too-long' });
    const renewed = await keys.rotate((await auditor(7)).key.keyId, { overlapSeconds: 60 });
    expect(renewed.key.expiresAt).toBe(inDays(7));
  });

  it('without any scope allow nothing', async () => {
    const { text } = await keys.create({ label: 'none', role: 'admin', scopes: [], createdBy: operator });
    expect((await fresh().verify(text))?.scopes).toEqual([]);
  });
});
