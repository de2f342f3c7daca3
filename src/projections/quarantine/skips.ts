import { decodeEvent } from '../../events/decode.ts';
import type { Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';

export interface Skip {
  readonly stream: string;
  readonly revision: number;
  readonly eventType: string;
  readonly reason: string;
  readonly skippedAt: string;
  readonly by: string;
}

/** Events that a projection leaves out because somebody decided so. */
export interface Skips {
  readonly list: readonly Skip[];
  has(event: Pick<Recorded, 'stream' | 'revision'>): boolean;
}

/** Reads the decisions from the log itself, so that every rebuild leaves out the same events. Throws LogUnavailable. */
export async function readSkips(log: Pick<EventLog, 'readStream'>, projection: string): Promise<Skips> {
  const list: Skip[] = [];
  for await (const recorded of log.readStream(`quarantine-${projection}`)) {
    const { type, data, metadata } = decodeEvent(recorded);
    if (type !== 'EventSkipped') continue;
    const { stream, revision, eventType, reason } = data;
    list.push({ stream, revision, eventType, reason, skippedAt: metadata.recordedAt, by: metadata.actor.id });
  }
  return skipsOf(list);
}

export function skipsOf(list: readonly Skip[]): Skips {
  const places = new Map<string, Set<number>>();
  for (const { stream, revision } of list) places.set(stream, (places.get(stream) ?? new Set()).add(revision));
  return {
    list,
    has: places.size === 0 ? () => false : ({ stream, revision }) => places.get(stream)?.has(revision) ?? false,
  };
}
