import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { watchCheckpoints } from '../../src/projections/waiting.ts';

test('a wait ends in time although the database does not answer', async () => {
  const silence = new Promise<never>(() => {});
  const frozen = { query: () => silence, listen: async () => async () => {} } as unknown as Database;
  const watch = watchCheckpoints(frozen, { report: () => {} });
  expect(await watch.waitFor('1', { projection: 'orders', timeoutMs: 1 })).toBe(false);
  await watch.close();
});
