import type { Database, Queryable } from '../database/database.ts';
import type { Position, Recorded } from '../events/envelope.ts';
import { announceCheckpoints, isAfter, moveCheckpoints } from './checkpoint.ts';
import { advance, type Feed, type FoldedFeed, foldFeed, rollBack, settle } from './feed.ts';
import { type Incoming, incoming, refuse } from './fold.ts';
import { RejectedRows } from './rejection.ts';
import { writeFolded } from './write.ts';

export interface ProjectorOptions {
  readonly database: Database;
  readonly feeds: readonly Feed[];
  /** `park`: the stream waits, the rest flows. `fail`: nothing may be left out (rebuild). */
  readonly onPoison: 'park' | 'fail';
  /** Asked between statements: a batch that is no longer wanted rolls back. */
  readonly signal?: AbortSignal;
}

/** A batch folded in memory; the feeds are already past it. */
export interface Prepared {
  readonly batch: readonly Incoming[];
  readonly folded: readonly FoldedFeed[];
  /** The rows could not even be rendered: to be taken apart like a batch that the database rejected. */
  readonly rejected?: RejectedRows;
  /** Prepared before the memory was last rolled back: to be prepared again. */
  readonly epoch: number;
}

/**
 * Fold in memory, then one transaction with the checkpoint's compare-and-set and one statement per table. The next batch
 * may be prepared while one is being committed; batches must be committed in the order in which they were prepared.
 */
export interface Projector {
  prepare(events: readonly Recorded[]): Promise<Prepared>;
  /** Throws CheckpointMoved, or whatever the database throws; then the feeds are set back and must be opened again. */
  commit(prepared: Prepared): Promise<void>;
}

export function createProjector(options: ProjectorOptions): Projector {
  const { feeds } = options;
  let epoch = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** Folding moves the memory of the feeds, taking apart moves it back: never both at once. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  const prepareBatch = async (batch: readonly Incoming[]): Promise<Prepared> => {
    const position = batch.at(-1)?.recorded.position;
    if (position === undefined) return { batch, folded: [], epoch };
    const behind = feeds.filter((feed) => isAfter(position, feed.generation.position));
    const folded: FoldedFeed[] = [];
    try {
      for (const feed of behind) folded.push(await foldFeed(options.database, feed, batch, options.onPoison));
    } catch (error) {
      if (!(error instanceof RejectedRows)) throw error;
      return { batch, folded: [], rejected: error, epoch };
    }
    for (const one of folded) advance(one, position);
    return { batch, folded, epoch };
  };

  const commitBatch = async ({ batch, folded, rejected }: Prepared): Promise<void> => {
    try {
      if (rejected) throw rejected;
      await writeBatch(options, batch.at(-1)?.recorded.position, folded);
      folded.forEach(settle);
    } catch (error) {
      if (!(error instanceof RejectedRows)) throw error;
      return takeApart(batch, error);
    }
  };

  /** When the database rejects a row, the batch is halved until the poisonous event stands alone and is parked. */
  const takeApart = async (batch: readonly Incoming[], rejected: RejectedRows): Promise<void> => {
    epoch += 1;
    feeds.forEach(rollBack);
    const [only] = batch;
    if (only && batch.length === 1) {
      if (only.refusals?.has(rejected.projection)) throw rejected;
      refuse(only, rejected.projection, rejected.cause);
      return commitBatch(await prepareBatch(batch));
    }
    const middle = batch.length >> 1;
    await commitBatch(await prepareBatch(batch.slice(0, middle)));
    await commitBatch(await prepareBatch(batch.slice(middle)));
  };

  return {
    prepare: (events) => inTurn(() => prepareBatch(events.map(incoming))),
    async commit(prepared) {
      try {
        if (prepared.rejected) return await inTurn(() => commitBatch(prepared));
        if (prepared.epoch !== epoch) return await inTurn(async () => commitBatch(await prepareBatch(prepared.batch)));
        await writeBatch(options, prepared.batch.at(-1)?.recorded.position, prepared.folded);
        prepared.folded.forEach(settle);
      } catch (error) {
        if (error instanceof RejectedRows) return inTurn(() => takeApart(prepared.batch, error));
        throw error;
      }
    },
  };
}

async function writeBatch(
  { database, signal }: ProjectorOptions,
  position: Position | undefined,
  folded: readonly FoldedFeed[],
): Promise<void> {
  if (position === undefined || folded.length === 0) return;
  const from = folded.map(({ from: generation, count, first }) => ({ ...generation, count, first }));
  const names = from.map(({ projection }) => projection);
  // All statements are sent at once: the database works on them while the next batch is folded.
  const write = async (tx: Queryable): Promise<void> => {
    await Promise.all([
      moveCheckpoints(tx, from, position),
      ...folded.flatMap((one) => writeFolded(tx, one)),
      announceCheckpoints(tx, names, position),
    ]);
    signal?.throwIfAborted();
  };
  await database.transaction(write);
}
