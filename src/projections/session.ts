import type { Database } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { earliest, isAfter } from './checkpoint.ts';
import { documentCache } from './documents.ts';
import type { Feed } from './feed.ts';
import { openInbox } from './inbox.ts';
import { handledTypes, type Projection } from './projection.ts';
import { createProjector, type ProjectorOptions } from './projector.ts';
import { parkedStreamsOf } from './quarantine/parked.ts';
import { readSkips } from './quarantine/skips.ts';
import type { Generation } from './registry.ts';

/** Bounds of memory, and with them the size of a batch. */
export interface Limits {
  /** Events and lines of events that are read ahead, and so the largest batch. */
  readonly batchWeight: number;
  /** Folded documents kept in memory, per projection. */
  readonly cachedDocuments: number;
  readonly cachedBytes: number;
}

export const defaultLimits: Limits = { batchWeight: 6_000, cachedDocuments: 20_000, cachedBytes: 16 * 1024 * 1024 };

export async function openFeed(
  { database, log }: { readonly database: Database; readonly log: Pick<EventLog, 'readStream'> },
  projection: Projection,
  generation: Generation,
  limits: Limits,
): Promise<Feed> {
  return {
    projection,
    generation,
    documents: documentCache({ entries: limits.cachedDocuments, bytes: limits.cachedBytes }),
    parked: await parkedStreamsOf(database, generation),
    skips: await readSkips(log, projection.name),
    pending: new Set(),
  };
}

/** After each delivery: what was committed, and how much is still waiting. */
export interface Progress {
  readonly events: number;
  readonly caughtUp: boolean;
  readonly waiting: number;
  readonly seen: Position | 'start' | undefined;
}

export interface SessionOptions extends Omit<ProjectorOptions, 'signal'> {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly limits: Limits;
  /** Ends the session: it stops pulling and finishes the batch in hand. */
  readonly signal: AbortSignal;
  /** Rolls back the batch in hand at the next statement. */
  readonly abandon?: AbortSignal;
  /** Ends the session when everything up to this position is committed; later events are left alone. */
  readonly until?: Position | 'start';
  /** After each commit. */
  readonly onProgress: (progress: Progress) => void | Promise<void>;
}

/** One subscription that feeds all feeds, until the signal aborts (returns) or anything fails (throws). */
export async function runSession(options: SessionOptions): Promise<void> {
  const { log, limits, signal, abandon, onProgress, until, ...rest } = options;
  const projector = createProjector(abandon ? { ...rest, signal: abandon } : rest);
  const closing = new AbortController();
  const messages = log.subscribe({
    after: earliest(rest.feeds.map((feed) => feed.generation.position)),
    types: handledTypes(rest.feeds.map((feed) => feed.projection)),
    signal: AbortSignal.any([signal, closing.signal]),
  });
  const inbox = openInbox(messages, limits.batchWeight);
  const close = () => inbox.close();
  signal.addEventListener('abort', close);
  let committing: Promise<void> = Promise.resolve();
  try {
    while (!signal.aborted) {
      // While a batch is being committed the next one is folded, but only if it is worth it.
      await Promise.race([committing, inbox.full()]);
      const { events: taken, caughtUp, seen } = await inbox.take();
      const events = until === undefined ? taken : taken.filter(({ position }) => !isAfter(position, until));
      const prepared = await projector.prepare(events);
      await committing;
      committing = projector
        .commit(prepared)
        .then(() => onProgress({ events: events.length, caughtUp, waiting: inbox.waiting, seen }));
      committing.catch((error: unknown) => inbox.close(error));
      if (until !== undefined && seen !== undefined && !isAfter(until, seen)) return await committing;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    inbox.close();
    closing.abort();
    // The batch in hand is committed or rolled back before anybody opens these feeds again.
    await committing.catch(() => {});
  }
}
