import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type Pace, type Pieces, Spool } from './spool.ts';

/** An export in the making or made, and what its maker said of it. */
export interface Spooled<Told> {
  readonly spool: Spool;
  readonly told: Told;
}

export interface Prepared<Told> {
  /** Names the export: the same key is the same bytes. */
  readonly key: string;
  readonly pieces: Pieces;
  readonly told: Told;
}

export interface Spools<Told> {
  /** One that was begun before and has not failed. */
  find(key: string): Spooled<Told> | undefined;
  /**
   * Prepares and begins an export when it is its turn: few are made at a time, because each may hold a snapshot of all facts
   * until it is written. Rejects with what `prepare` rejects with.
   */
  begin(prepare: () => Promise<Prepared<Told>>): Promise<Spooled<Told>>;
  close(): void;
}

export interface SpoolsOptions {
  readonly directory: string;
  /** Made at the same time for clients that keep up, and again as many for clients that do not. */
  readonly atOnce?: number;
  /** Bytes that a client may be behind before its export is made at leisure. */
  readonly aheadBytes?: number;
  /** Exports that nobody reads are forgotten above so many bytes or files, the oldest first. */
  readonly keptBytes?: number;
  readonly keptFiles?: number;
}

export function createSpools<Told>(options: SpoolsOptions): Spools<Told> {
  const { directory, atOnce = 4, aheadBytes = 8 * 2 ** 20, keptBytes = 4 * 2 ** 30, keptFiles = 32 } = options;
  const kept = new Map<string, Spooled<Told>>();
  const keepingUp = gateFor(atOnce);
  const behind = gateFor(atOnce);

  /**
   * An export whose client is far behind makes room for others, and then takes a twentieth of the time: all that are behind
   * together hardly disturb anybody.
   */
  function paceOf(): { readonly pace: Pace; readonly leave: () => void } {
    let lane = keepingUp;
    return {
      leave: () => lane.leave(),
      pace: async (ahead, tookMs) => {
        if (ahead <= aheadBytes) return turn();
        if (lane === keepingUp) {
          keepingUp.leave();
          await behind.enter();
          lane = behind;
        }
        await sleep(leisure * tookMs);
      },
    };
  }

  function makeRoom(): void {
    let bytes = 0;
    for (const { spool } of kept.values()) bytes += spool.bytes;
    for (const [key, { spool }] of kept) {
      const tooMuch = bytes > keptBytes || kept.size > keptFiles;
      if (spool.inUse || !(tooMuch || spool.error !== undefined)) continue;
      bytes -= spool.bytes;
      kept.delete(key);
      spool.forget();
    }
  }

  return {
    find: (key) => {
      const known = kept.get(key);
      return known && known.spool.error === undefined ? known : undefined;
    },
    async begin(prepare) {
      await keepingUp.enter();
      const { pace, leave } = paceOf();
      try {
        const { key, pieces, told } = await prepare();
        const spooled = { spool: await Spool.begin(directory, pieces, pace), told };
        kept.get(key)?.spool.forget();
        kept.delete(key);
        kept.set(key, spooled);
        void spooled.spool.ended.then(() => {
          leave();
          makeRoom();
        });
        return spooled;
      } catch (error) {
        leave();
        throw error;
      }
    },
    close: () => {
      for (const { spool } of kept.values()) spool.forget();
      kept.clear();
    },
  };
}

/** Times the length of the work that an export waits whose client is behind. */
const leisure = 19;

/** Lets so many in at a time, in the order in which they came. */
function gateFor(most: number): { enter(): Promise<void>; leave(): void } {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    enter: () => {
      if (inside < most) {
        inside += 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    },
  };
}
