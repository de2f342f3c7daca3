import type { Database, Queryable } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { withBriefLocks } from './brief-locks.ts';
import type { Certificate } from './certificates/certificate.ts';
import { certify, type Followed } from './certificates/certify.ts';
import { announceCheckpoints, isAfter, isOfAnotherLog } from './checkpoint.ts';
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
  /** `compare`: builds and compares, switches nothing. `switch`: shows what was built and compared before. Both, if left out. */
  readonly step?: 'compare' | 'switch';
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
      readonly certificate: Certificate;
      /** How long the switch itself took. */
      readonly switchMs: number;
    }
  /** The rebuilt tables wait beside the live ones; see `acceptDifferences` and `step`. */
  | {
      readonly kind: 'different' | 'compared';
      readonly generation: number;
      readonly verdict: Verdict;
      readonly certificate: Certificate;
    }
  | { readonly kind: 'interrupted'; readonly generation: number; readonly position: Position | 'start' };

export interface Verdict {
  /** Undefined when the versions differ: then the differences are what was asked for. */
  readonly equal?: boolean;
  /** Tables whose rows differ. */
  readonly differing: readonly string[];
}

/** Nothing was built beside the live tables, or another version of the program built it. */
export class NothingBuilt extends Error {
  override readonly name = 'NothingBuilt';
  readonly code = 'nothing-built';
}

/**
 * Builds a new generation of a projection beside the live one, from the start of the log; compares both where they are
 * equally far, publishes a certificate of that, and shows the new one. The old tables stay for `rollBackGeneration`. Throws
 * PoisonEvent at the first event that cannot be folded and was not skipped: a rebuild leaves nothing out by itself. After the
 * log was moved, the positions of the live one mean nothing: then the new one is compared and shown when it has everything
 * that the log has.
 */
export async function rebuildProjection(options: RebuildOptions): Promise<Rebuild> {
  const { database, log, archive, projection, signal, step, acceptDifferences = step === 'switch' } = options;
  await activeGeneration(database, projection);
  const { generation } = await buildingGeneration(options);
  const meter = progressMeter(options);
  let certificate: Certificate | undefined;
  for (let attempt = 1; ; attempt += 1) {
    // Asked every time: the live generation moves on while we follow.
    const live = await activeGeneration(database, projection);
    const head = await log.head();
    const goal = isOfAnotherLog(live.position, head) ? head : live.position;
    const reached = await followUntil(options, generation, goal, meter);
    if (signal?.aborted) return { kind: 'interrupted', generation, position: reached };
    if (attempt === 1) await database.transaction((tx) => createIndexes(tx, projection, generation));
    if (attempt % 3 === 0) await joltRunners(database, live);
    const followed: Followed = { live: live.position, goal };
    if (!certificate) {
      const source = archive ? 'journal' : 'log';
      certificate = await certify({ database, log, projection, source }, generation, followed);
      if (!certificate) continue;
      const verdict = verdictOf(certificate);
      if (step === 'compare') return { kind: 'compared', generation, verdict, certificate };
      if (verdict.equal === false && !acceptDifferences) return { kind: 'different', generation, verdict, certificate };
    }
    let startedAt = 0;
    const done = await withBriefLocks(database, (tx) => {
      startedAt = performance.now();
      return switchTo(tx, projection, generation, followed);
    });
    if (!done) continue;
    const switchMs = performance.now() - startedAt;
    return { kind: 'switched', generation, position: goal, verdict: verdictOf(certificate), certificate, switchMs };
  }
}

function verdictOf({ verdict, tables }: Certificate): Verdict {
  if (verdict === 'new-version') return { differing: [] };
  const differing = tables.filter(({ digest, shown }) => digest !== shown?.digest).map(({ table }) => table);
  return { equal: verdict === 'equal', differing: differing.sort() };
}

/** The unfinished rebuild of this version, or a new one. */
async function buildingGeneration({ database, projection, log, step }: RebuildOptions): Promise<Generation> {
  const head = await log.head();
  return database.transaction(async (tx) => {
    const all = await generationsOf(tx, projection.name);
    const unfinished = all.find(({ state }) => state === 'building');
    if (unfinished?.version === projection.version && !isOfAnotherLog(unfinished.position, head)) return unfinished;
    if (step === 'switch')
      throw new NothingBuilt(`Nothing is built beside ${projection.name} by this version; build and compare it first`);
    if (unfinished) await dropGeneration(tx, projection.name, unfinished.generation);
    return addGeneration(tx, projection, 'building', (all[0]?.generation ?? 0) + 1);
  });
}

/** Projects everything up to the position; gives the last event projected. */
async function followUntil(
  { database, log, archive, projection, signal, limits }: RebuildOptions,
  generation: number,
  until: Position | 'start',
  meter: (events: number) => void,
): Promise<Position | 'start'> {
  const mine = (await generationsOf(database, projection.name)).find((one) => one.generation === generation);
  if (!mine) throw new Error(`Generation ${generation} of ${projection.name} was dropped while it was being built`);
  if (!isAfter(until, mine.position)) return mine.position;
  const bounds: Limits = { ...defaultLimits, ...limits };
  const feed = await openFeed({ database, log }, projection, mine, bounds);
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

/** Shows the generation. False: the live one is not where we followed it to, go on. */
async function switchTo(
  tx: Queryable,
  projection: Projection,
  generation: number,
  { live: seen, goal }: Followed,
): Promise<boolean> {
  const all = await tx.query<Generation>({
    text: `select projection, generation, version, state, position, edition from projection_generations
           where projection = $1 order by generation for update`,
    values: [projection.name],
  });
  const live = all.find(({ state }) => state === 'active');
  if (!live || !all.some((one) => one.generation === generation && one.state === 'building'))
    throw new Error(`Generation ${generation} of ${projection.name} was dropped while it was being built`);
  if (live.position !== seen) return false;
  await switchGeneration(tx, projection, generation, goal);
  if (goal !== 'start') await announceCheckpoints(tx, [projection.name], goal);
  return true;
}

/** Drops what was built beside the live tables. False: there was nothing. */
export async function dropBuilt(database: Database, projection: Projection): Promise<boolean> {
  return database.transaction(async (tx) => {
    const built = (await generationsOf(tx, projection.name)).find(({ state }) => state === 'building');
    if (built) await dropGeneration(tx, projection.name, built.generation);
    return built !== undefined;
  });
}

export type RollBack =
  | { readonly kind: 'rolled-back'; readonly generation: number }
  | { readonly kind: 'no-previous' }
  /** The generation before was made of another log: it could never be brought up to date with this one. */
  | { readonly kind: 'of-another-log'; readonly generation: number };

/** Shows the generation before the active one again. It goes on from where it was left. */
export async function rollBackGeneration(
  { database, log }: { readonly database: Database; readonly log: Pick<EventLog, 'head'> },
  projection: Projection,
): Promise<RollBack> {
  const head = await log.head();
  return withBriefLocks(database, async (tx): Promise<RollBack> => {
    const previous = (await generationsOf(tx, projection.name)).find(({ state }) => state === 'previous');
    if (!previous) return { kind: 'no-previous' };
    const { generation, position } = previous;
    if (isOfAnotherLog(position, head)) return { kind: 'of-another-log', generation };
    await switchGeneration(tx, projection, generation, position);
    return { kind: 'rolled-back', generation };
  });
}
