import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyMigrations } from '../../../src/api/keys/migrations.ts';
import { storedSessionSecret } from '../../../src/api/keys/session-secret.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { kinds, type OpenTestDatabase, openTestDatabase } from '../../support/databases.ts';

const clock = () => '2026-03-01T08:00:00.000Z';

describe.each(kinds())('the secret of sessions on %s', (kind) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    await migrate(opened.database, apiKeyMigrations);
  });
  afterAll(() => opened.remove());

  it('is the same for all who begin at once, and later', async () => {
    const processes = Array.from({ length: 5 }, () => storedSessionSecret(opened.database, clock));
    const secrets = await Promise.all(processes.map((secret) => secret()));
    const [first] = secrets;
    expect(first).toHaveLength(32);
    expect(first?.equals(Buffer.alloc(32))).toBe(false);
    for (const secret of [...secrets, await storedSessionSecret(opened.database, clock)()])
      expect(secret).toEqual(first);
  });

  it('is asked for again after the database was away', async () => {
    let away = true;
    const query: OpenTestDatabase['database']['query'] = (statement) =>
      away ? Promise.reject(new Error('away')) : opened.database.query(statement);
    const secret = storedSessionSecret({ ...opened.database, query }, clock);
    await expect(secret()).rejects.toThrow('away');
    away = false;
    expect(await secret()).toHaveLength(32);
  });
});
