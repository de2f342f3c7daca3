import type { Database, Queryable } from '../../database/database.ts';
import type { Recorded, Revision } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { documentCache } from '../documents.ts';
import { type Feed, foldFeed } from '../feed.ts';
import { incoming } from '../fold.ts';
import type { Projection } from '../projection.ts';
import { type Generation, generationsOf } from '../registry.ts';
import { PoisonEvent, RejectedRows } from '../rejection.ts';
import { writeFolded } from '../write.ts';
import { causeOf, forgetHeld, heldRevisions, noteFailedRetry, unpark } from './parked.ts';
import { readSkips, type Skips } from './skips.ts';

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
  /** What came before this event is folded; it and what came after it wait. */
  | { readonly kind: 'still-poisonous'; readonly revision: Revision; readonly cause: string };

const maxAttempts = 10;

/** The stream waits otherwise than when it was read: others repair it, or more of it was parked. */
class HeldOther extends Error {}

/**
 * Replays the parked events of a stream in order, after the cause was fixed or the event was skipped, and takes the stream out
 * of quarantine: all in one transaction. Runners notice it (the edition of the generation changes) and load what they hold
 * again. Where an event still cannot be folded, what comes before it is folded and the rest waits.
 */
export async function retryParked(options: RepairOptions): Promise<Repair> {
  const { database, log, projection, stream } = options;
  for (let attempt = 1; ; attempt += 1) {
    const generation = (await generationsOf(database, projection.name)).find(({ state }) => state === 'active');
    const held = generation ? await heldRevisions(database, generation, stream) : [];
    if (!generation || held.length === 0) return { kind: 'not-parked' };
    const skips = await readSkips(log, projection.name);
    const events = await eventsAt(log, stream, held);
    const all: Replay = { projection, generation, stream, events, skips };
    try {
      if (await folds(database, all, held)) {
        const skipped = events.filter((event) => skips.has(event)).length;
        return { kind: 'repaired', events: events.length - skipped, skipped };
      }
      return await oneByOne(database, all, held);
    } catch (error) {
      if (!(error instanceof HeldOther) || attempt === maxAttempts) throw error;
    }
  }
}

const isPoison = (error: unknown): error is PoisonEvent | RejectedRows =>
  error instanceof PoisonEvent || error instanceof RejectedRows;

async function folds(database: Database, all: Replay, held: readonly Revision[]): Promise<boolean> {
  try {
    await database.transaction((tx) => replay(tx, all, held));
    return true;
  } catch (error) {
    if (isPoison(error)) return false;
    throw error;
  }
}

/** As far as it goes. */
async function oneByOne(database: Database, all: Replay, held: readonly Revision[]): Promise<Repair> {
  for (const [at, event] of all.events.entries()) {
    try {
      await database.transaction((tx) => replay(tx, { ...all, events: [event] }, held.slice(at)));
    } catch (error) {
      if (!isPoison(error)) throw error;
      await noteFailedRetry(database, all.generation, all.stream, error.cause);
      return { kind: 'still-poisonous', revision: event.revision, cause: causeOf(error.cause) };
    }
  }
  // Each by itself could be folded after all, e.g. because the cause went away meanwhile.
  return { kind: 'repaired', events: all.events.length, skipped: 0 };
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
  /** The first of those that wait. */
  readonly events: readonly Recorded[];
  readonly skips: Skips;
}

async function replay(
  tx: Queryable,
  { projection, generation, stream, events, skips }: Replay,
  waiting: readonly Revision[],
): Promise<void> {
  // Locks the generation: no runner commits until this is done, and then each finds that its memory is stale.
  await tx.query({
    text: 'update projection_generations set edition = edition + 1 where projection = $1 and generation = $2',
    values: [generation.projection, generation.generation],
  });
  const held = await heldRevisions(tx, generation, stream);
  if (held.join() !== waiting.join()) throw new HeldOther(`${stream} waits otherwise than when it was read`);
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
  if (events.length === held.length) await unpark(tx, generation, stream);
  else
    await forgetHeld(
      tx,
      generation,
      stream,
      events.map(({ revision }) => revision),
    );
}
