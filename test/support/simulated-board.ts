import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { simulatedHistory } from './simulated-history.ts';

/** When the simulated history of the pages ends. */
export const boardUntil = '2026-04-08T12:00:00.000Z';

/** The engine over a simulated manufacturer. Close it. */
export async function simulatedBoard(orders: number): Promise<{ log: MemoryLog; analytics: Analytics }> {
  const log = memoryLog();
  for (const { stream, revision: _, position: __, ...event } of await simulatedHistory('board', orders, boardUntil, 30))
    log.record(stream, event);
  const analytics = await openAnalytics({ log, clock: () => boardUntil });
  const head = await log.head();
  if (head !== 'start' && !(await analytics.waitFor(head, { timeoutMs: 30_000 })))
    throw new Error('not folded in time');
  return { log, analytics };
}
