import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { openPostgresLog } from '../../src/events/log/postgres.ts';
import { projections } from '../../src/projections/all.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import { startChild } from '../support/child.ts';
import { kinds } from '../support/databases.ts';
import { createTestDatabase, noPostgres } from '../support/postgres.ts';
import { projectAll } from '../support/projecting.ts';

const rounds = process.env.ORDERFOLD_SOAK ? 25 : 1;
const program = new URL('./processes/projecting.ts', import.meta.url);

async function place(kind: 'pglite' | 'postgres') {
  if (kind === 'postgres') {
    const created = await createTestDatabase();
    if (!created) throw new Error(noPostgres);
    return { url: created.url, dataDirectory: '', remove: created.drop };
  }
  const dataDirectory = mkdtempSync(join(tmpdir(), 'orderfold-killed-'));
  return { url: '', dataDirectory, remove: () => rm(dataDirectory, { recursive: true, force: true }) };
}

describe.each(['pglite', 'postgres'] as const)('a runner killed with -9 on %s', (kind) => {
  test.skipIf(!kinds().includes(kind))('loses nothing and counts nothing twice', async () => {
    const { url, dataDirectory, remove } = await place(kind);
    try {
      for (let round = 0; round < rounds; round += 1) {
        const child = startChild(program, [url, dataDirectory, String(round * 100_000)]);
        // Somewhere in the midst of things: after another number of checkpoints each time.
        await child.untilLine((line) => line.startsWith('orders') && child.lines.length > 6 + ((round * 7) % 20));
        await child.kill();
      }
      const database = await openDatabase({ url: url || undefined, dataDirectory });
      try {
        const log = openPostgresLog(database);
        await projectAll({ log, database });
        for (const projection of projections) {
          const done = await rebuildProjection({ log, database, projection });
          expect(done).toMatchObject({ kind: 'switched', verdict: { equal: true, differing: [] } });
        }
        const [orders] = await database.query<{ n: number }>({
          text: 'select count(*)::integer as n from order_status',
        });
        expect(orders?.n).toBeGreaterThanOrEqual(8 * rounds);
        await log.close();
      } finally {
        await database.close();
      }
    } finally {
      await remove();
    }
  });
});
