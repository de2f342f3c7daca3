import type { Database, Queryable } from '../../database/database.ts';
import type { Recorded, Revision } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { documentCache } from '../documents.ts';
import { type Feed, foldFeed } from '../feed.ts';
import { incoming } from '../fold.ts';
import type { Projection } from '../projection.ts';
import { causeOf, forgetHeld, heldRevisions, noteFailedRetry, unpark } from './parked.ts';
import { type Generation, generationsOf } from '../registry.ts';
import { PoisonEvent, RejectedRows } from '../rejection.ts';
import { readSkips, type Skips } from './skips.ts';
import { writeFolded } from '../write.ts';

export interface RepairOptions {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly database: Database;
  readonly projection: Projection;
  readonly stream: string;
}

export type Repair =
  /** `events` were folded, `skipped` were left out because somebody decided so. */
  | { readonly kind: 'repaired'; readonly events: number; readonly skipped: number }
  | { readonly kind: 'not-parked' }
  /** No row changed; the stream stays parked. */
  | { readonly kind: 'still-poisonous'; readonly cause: string };

const maxAttempts = 10;

/** More events of the stream were parked while it was being read. */
class HeldMore extends Error {}

/**
 * Replays the parked events of a stream in order, after the cause was fixed or the event was skipped, and takes the stream out
 * of quarantine: all in one transaction. Runners notice it (the edition of the generation changes) and load what they hold again.
 */
export async function retryParked(options: RepairOptions): Promise<Repair> {
  const { database, log, projection, stream } = options;
  for (let attempt = 1; ; attempt += 1) {
    const generation = (await generationsOf(database, projection.name)).find(({ state }) => state === 'active');
    const held = generation ? await heldRevisions(database, generation, stream) : [];
    if (!generation || held.length === 0) return { kind: 'not-parked' };
    const skips = await readSkips(log, projection.name);
    const skipped = held.filter((revision) => skips.has({ stream, revision }));
    const events = await eventsAt(log, stream, held);
    try {
      await database.transaction((tx) => replay(tx, { projection, generation, stream, events, skips }));
      return { kind: 'repaired', events: events.length - skipped.length, skipped: skipped.length };
    } catch (error) {
      if (error instanceof PoisonEvent || error instanceof RejectedRows) {
        await database.transaction(async (tx) => {
          await forgetHeld(tx, generation, stream, skipped);
          await noteFailedRetry(tx, generation, stream, error.cause);
        });
        return { kind: 'still-poisonous', cause: causeOf(error.cause) };
      }
      if (!(error instanceof HeldMore) || attempt === maxAttempts) throw error;
    }
  }
}

async function eventsAt(
  log: RepairOptions['log'],
  stream: string,
  revisions: readonly Revision[],
): Promise<Recorded[]> {
  const wanted = new Set(revisions);
  const events: Recorded[] = [];
  for await (const event of log.readStream(stream, {
    after: Math.min(...revisions) - 1,
    upTo: Math.max(...revisions),
  })) {
    if (wanted.has(event.revision)) events.push(event);
  }
  return events;
}

interface Replay {
  readonly projection: Projection;
  readonly generation: Generation;
  readonly stream: string;
  readonly events: readonly Recorded[];
  readonly skips: Skips;
}

async function replay(
  tx: Queryable,
  { projection, generation, stream, events, skips }: Replay,
): Promise<void> {
  // Locks the generation: no runner commits until this is done, and then each finds that its memory is stale.
  await tx.query({
    text: 'update projection_generations set edition = edition + 1 where projection = $1 and generation = $2',
    values: [generation.projection, generation.generation],
  });
  const held = await heldRevisions(tx, generation, stream);
  if (held.length !== events.length) throw new HeldMore(`More events of ${stream} were parked meanwhile`);
  const feed: Feed = {
    projection,
    generation: { ...generation, position: 'start' },
    documents: documentCache({ entries: 1_000, bytes: 64 * 1024 * 1024 }),
    parked: new Set(),
    skips,
    pending: new Set(),
  };
  const folded = await foldFeed(tx, feed, events.map(incoming), 'fail');
  await Promise.all(writeFolded(tx, folded));
  await unpark(tx, generation, stream);
}
