import { createCommandHandler } from '../../src/commands/handle.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { playScript, registerCustomers } from '../../src/simulate/play.ts';
import { scenario } from '../../src/simulate/scenario.ts';
import { compare } from '../../src/values/dates.ts';
import { memoryLog } from './memory-log.ts';

/** Events of a simulated manufacturer, in order of recording, as a log would give them. */
export async function simulatedHistory(seed: string, orders: number, until: string, weeks?: number) {
  const played = memoryLog();
  const stage = { handler: createCommandHandler({ log: played, clock: () => until }), log: played };
  await registerCustomers(stage, '2020-01-01T00:00:00.000Z');
  for (const script of scenario({ seed, orders, until, ...(weeks !== undefined && { weeks }) }))
    await playScript(script, stage);
  const byTime = [...played.events].sort((a, b) => compare(a.metadata.recordedAt, b.metadata.recordedAt));
  return byTime.map((event, at): Recorded => ({ ...event, position: String(at + 1).padStart(20, '0') }));
}
