import { setImmediate as turn } from 'node:timers/promises';
import { type Pieces, Spool } from './spool.ts';

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
  /** Called when no more pieces are wanted. */
  readonly close?: () => Promise<void>;
}

export interface Spools<Told> {
  /** One that was begun before and has not failed. */
  find(key: string): Spooled<Told> | undefined;
  /**
   * Prepares and begins an export when it is its turn: few are made at a time. Rejects with what `prepare` rejects with.
   */
  begin(prepare: () => Promise<Prepared<Told>>): Promise<Spooled<Told>>;
  close(): void;
}

export interface SpoolsOptions {
  readonly directory: string;
  /** Made at the same time; those that stand still do not count. */
  readonly atOnce?: number;
  /** Bytes that all clients of an export may be behind before it stands still. */
  readonly aheadBytes?: number;
  /** Exports that nobody reads are forgotten above so many bytes or files, the oldest first. */
  readonly keptBytes?: number;
  readonly keptFiles?: number;
}

export function createSpools<Told>(options: SpoolsOptions): Spools<Told> {
  const { directory, atOnce = 4, aheadBytes = 2 * 2 ** 20, keptBytes = 4 * 2 ** 30, keptFiles = 32 } = options;
  const kept = new Map<string, Spooled<Told>>();
  const inTurn = turns();
  const gate = gateFor(atOnce);

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
      await gate.enter();
      try {
        const { key, pieces, told, close } = await prepare();
        const spool = await Spool.begin(directory, pieces, { ...gate, turn: inTurn, aheadBytes }).catch(
          async (error) => {
            await close?.();
            throw error;
          },
        );
        const spooled = { spool, told };
        kept.get(key)?.spool.forget();
        kept.delete(key);
        kept.set(key, spooled);
        void spool.ended.then(async () => {
          makeRoom();
          await close?.();
        });
        return spooled;
      } catch (error) {
        gate.leave();
        throw error;
      }
    },
    close: () => {
      for (const { spool } of kept.values()) spool.forget();
      kept.clear();
    },
  };
}

/** One piece in a turn of the event loop, however many exports are made: else everybody waits for a piece of each of them. */
function turns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => turn());
    return last;
  };
}

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
