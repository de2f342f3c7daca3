import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Queryable } from '../database/database.ts';
import { sqlState } from '../database/errors.ts';

/** Below the second after which PostgreSQL looks for a deadlock and ends a reader to resolve it. */
const briefly = '400ms';
const patienceMs = 60_000;
const pauseMs = 50;
const busy: ReadonlySet<string> = new Set(['55P03', '40P01']);

/**
 * A transaction that replaces what others are reading. A reader of several views may hold one and wait for another: then this
 * lets go, so that the reader ends, and tries again. Nobody waits for longer than 400 ms.
 */
export async function withBriefLocks<T>(database: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await database.transaction(async (tx) => {
        await tx.query({ text: `set local lock_timeout = '${briefly}'` });
        return work(tx);
      });
    } catch (error) {
      if (!busy.has(sqlState(error) ?? '') || performance.now() - startedAt > patienceMs) throw error;
      await sleep(pauseMs);
    }
  }
}
