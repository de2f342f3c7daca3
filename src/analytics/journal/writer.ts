import { Follower, type FollowerOptions } from './follower.ts';
import { formatVersion } from './format.ts';
import type { Journal } from './journal.ts';
import { segmentPath } from './places.ts';
import { columnsAfter } from './reading.ts';
import { replay } from './replay.ts';
import { type JournalStanding, standingOf } from './standing.ts';
import { type Finding, inspect, patrol } from './verify.ts';

export interface WriterOptions extends Omit<FollowerOptions, 'onProgress'> {
  readonly onProgress: (standing: JournalStanding) => void;
  readonly patrolMs: number;
  readonly unlock: () => void;
}

/** The journal for the process that writes it. */
export async function writerOf(options: WriterOptions): Promise<Journal> {
  const { log, report, unlock } = options;
  const closing = new AbortController();
  const follower = await Follower.open({ ...options, onProgress: () => options.onProgress(standing()) });
  const standing = (): JournalStanding => {
    const { view, tail } = follower.holdings;
    const { state, position } = follower;
    return standingOf({ view, state, inMemory: tail?.events ?? 0, position });
  };
  const damaged = ({ ok, number, segment, why }: Finding): void => {
    if (ok) return;
    report({ message: `Segment ${segment} of the journal is damaged: ${why}; it is written again from the log` });
    follower.distrust(number);
  };
  const reading = replay({
    log,
    closed: closing.signal,
    report,
    async holdings() {
      await follower.checked();
      return follower.holdings;
    },
    last: () => follower.position,
    onDamage: (number) => follower.distrust(number),
  });
  follower.start();
  const patrolling = patrol(() => follower.holdings.view, options.patrolMs, closing.signal, damaged);
  return {
    ...reading,
    async *columns(after) {
      await follower.checked();
      yield* columnsAfter(follower.holdings, after);
    },
    manifest: () => ({ version: formatVersion, segments: [...follower.holdings.view.segments] }),
    fileOf: (segment) => segmentPath(options.directory, segment),
    get position() {
      return follower.position;
    },
    standing,
    caughtUp: () => follower.caughtUp(),
    async *verify() {
      for await (const finding of inspect(follower.holdings.view)) {
        damaged(finding);
        yield finding;
      }
    },
    async rebuild() {
      follower.distrust(1);
      await follower.caughtUp();
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await follower.close();
      await patrolling;
      unlock();
    },
  };
}
