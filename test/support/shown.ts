import { vi } from 'vitest';
import type { House } from '../../src/main/compose.ts';

/** The end of the log, when everything that was appended is visible: transactions of other tests on the same server hide it for a while. */
export async function shownHead({ database, log }: Pick<House, 'database' | 'log'>): Promise<string> {
  const hidden = 'select count(*)::int as count from events where tx >= pg_snapshot_xmin(pg_current_snapshot())';
  await vi.waitUntil(async () => (await database.query<{ count: number }>({ text: hidden }))[0]?.count === 0, {
    timeout: 30_000,
  });
  return log.head();
}
