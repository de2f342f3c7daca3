import type { Database, Queryable } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { announceCheckpoints, isAfter, isOfAnotherLog } from './checkpoint.ts';
import { type Digests, differing, digestGeneration } from './digest.ts';
import type { Projection } from './projection.ts';
import {
  activeGeneration,
  addGeneration,
  dropGeneration,
  type Generation,
  generationsOf,
  switchGeneration,
} from './registry.ts';
import { createIndexes } from './schema.ts';
import { defaultLimits, type Limits, openFeed, runSession } from './session.ts';

export interface RebuildProgress {
  /** Events folded by this call. */
  readonly count: number;
  /** Events per second since the start of this call. */
  readonly rate: number;
  readonly total?: number;
  readonly etaSeconds?: number;
}

export interface RebuildOptions {
  readonly log: EventLog;
  /** Tells the same as the log, only faster: the journal. */
  readonly archive?: Pick<EventLog, 'subscribe'>;
  readonly database: Database;
  readonly projection: Projection;
  /** Stops between batches; a later call goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Events in the log, when it is known, for the estimate. */
  readonly total?: number;
  /** Switch although the rebuilt tables are not equal to the live ones of the same version. */
  readonly acceptDifferences?: boolean;
  readonly limits?: Partial<Limits>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

export type Rebuild =
  | {
      readonly kind: 'switched';
      readonly generation: number;
      readonly position: Position | 'start';
      readonly verdict: Verdict;
    }
  /** The rebuilt tables wait beside the live ones; see `acceptDifferences`. */
  | { readonly kind: 'different'; readonly generation: number; readonly verdict: Verdict }
  | { readonly kind: 'interrupted'; readonly generation: number; readonly position: Position | 'start' };

export interface Verdict {
  /** Undefined when the versions differ, so that there is nothing to compare. */
  readonly equal?: boolean;
  /** Tables whose rows differ. */
  readonly differing: readonly string[];
  readonly digests: Digests;
}

/**
 * Builds a new generation of a projection beside the live one, from the start of the log; shows it when it is exactly as
 * far as the live one. The old tables stay for `rollBackGeneration`. Throws PoisonEvent at the first event that cannot be
 * folded: a rebuild leaves nothing out. After the log was moved, the positions of the live one mean nothing: then the new
 * one is shown when it has everything that the log has.
 */
export async function rebuildProjection(options: RebuildOptions): Promise<Rebuild> {
  const { database, projection, signal } = options;
  await activeGeneration(database, projection);
  const building = await buildingGeneration(options);
  const meter = progressMeter(options);
  for (let attempt = 1; ; attempt += 1) {
    // Asked every time: the live generation moves on while we follow.
    const live = await activeGeneration(database, projection);
    const head = await options.log.head();
    const goal = isOfAnotherLog(live.position, head) ? head : live.position;
    const reached = await followUntil(options, building, goal, meter);
    if (signal?.aborted) return { kind: 'interrupted', generation: building.generation, position: reached };
    if (attempt === 1) await database.transaction((tx) => createIndexes(tx, projection, building.generation));
    if (attempt % 3 === 0) await joltRunners(database, live);
    const done = await database.transaction((tx) =>
      compareAndSwitch(tx, options, building, { live: live.position, goal }),
    );
    if (done) return done;
  }
}

/** The unfinished rebuild of this version, or a new one. */
async function buildingGeneration({ database, projection, log }: RebuildOptions): Promise<Generation> {
  const head = await log.head();
  return database.transaction(async (tx) => {
    const all = await generationsOf(tx, projection.name);
    const unfinished = all.find(({ state }) => state === 'building');
    if (unfinished?.version === projection.version && !isOfAnotherLog(unfinished.position, head)) return unfinished;
    if (unfinished) await dropGeneration(tx, projection.name, unfinished.generation);
    return addGeneration(tx, projection, 'building', (all[0]?.generation ?? 0) + 1);
  });
}

/** Projects everything up to the position; gives the last event projected. */
async function followUntil(
  { database, log, archive, projection, signal, limits }: RebuildOptions,
  { generation }: Generation,
  until: Position | 'start',
  meter: (events: number) => void,
): Promise<Position | 'start'> {
  const mine = (await generationsOf(database, projection.name)).find((one) => one.generation === generation);
  if (!mine) throw new Error(`Generation ${generation} of ${projection.name} was dropped while it was being built`);
  if (!isAfter(until, mine.position)) return mine.position;
  const bounds: Limits = { ...defaultLimits, ...limits };
  const feed = await openFeed(database, projection, mine, bounds);
  await runSession({
    database,
    log: archive ?? log,
    limits: bounds,
    feeds: [feed],
    onPoison: 'fail',
    until,
    signal: signal ?? new AbortController().signal,
    onProgress: ({ events }) => meter(events),
  });
  return feed.generation.position;
}

function progressMeter({ onProgress, total, now = () => performance.now() }: RebuildOptions): (events: number) => void {
  const startedAt = now();
  let count = 0;
  return (events) => {
    count += events;
    const rate = count / Math.max(0.001, (now() - startedAt) / 1000);
    const rest = total === undefined ? {} : { total, etaSeconds: Math.max(0, total - count) / Math.max(rate, 1) };
    onProgress?.({ count, rate, ...rest });
  };
}

/** A busy live generation is always a little ahead: its runners lose one compare-and-set and pause for a moment. */
async function joltRunners(database: Database, live: Generation): Promise<void> {
  await database.query({
    text: 'update projection_generations set edition = edition + 1 where projection = $1 and generation = $2',
    values: [live.projection, live.generation],
  });
}

/** Holds the live generation where it is, compares, and switches. Undefined: it is not where we followed it to, go on. */
async function compareAndSwitch(
  tx: Queryable,
  { projection, acceptDifferences }: RebuildOptions,
  { generation }: Generation,
  followed: { readonly live: Position | 'start'; readonly goal: Position | 'start' },
): Promise<Rebuild | undefined> {
  const all = await tx.query<Generation>({
    text: `select projection, generation, version, state, position, edition from projection_generations
           where projection = $1 order by generation for update`,
    values: [projection.name],
  });
  const live = all.find(({ state }) => state === 'active');
  const built = all.find((one) => one.generation === generation && one.state === 'building');
  if (!live || !built)
    throw new Error(`Generation ${generation} of ${projection.name} was dropped while it was being built`);
  if (live.position !== followed.live) return undefined;
  const position = followed.goal;
  const verdict = await compare(tx, projection, live, built);
  if (verdict.equal === false && !acceptDifferences) return { kind: 'different', generation, verdict };
  await switchGeneration(tx, projection, generation, position);
  if (position !== 'start') await announceCheckpoints(tx, [projection.name], position);
  return { kind: 'switched', generation, position, verdict };
}

async function compare(tx: Queryable, projection: Projection, live: Generation, built: Generation): Promise<Verdict> {
  const digests = await digestGeneration(tx, projection, built.generation);
  if (live.version !== built.version) return { differing: [], digests };
  const different = differing(await digestGeneration(tx, projection, live.generation), digests);
  return { equal: different.length === 0, differing: different, digests };
}

/** Shows the generation before the active one again. It goes on from where it was left. Undefined: there is none. */
export async function rollBackGeneration(database: Database, projection: Projection): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    const previous = (await generationsOf(tx, projection.name)).find(({ state }) => state === 'previous');
    if (!previous) return undefined;
    await switchGeneration(tx, projection, previous.generation, previous.position);
    return previous.generation;
  });
}
