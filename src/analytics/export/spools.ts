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
  /** Made at the same time. */
  readonly atOnce?: number;
  /** Exports that nobody reads are forgotten above so many bytes or files, the oldest first. */
  readonly keptBytes?: number;
  readonly keptFiles?: number;
}

export function createSpools<Told>(options: SpoolsOptions): Spools<Told> {
  const { directory, atOnce = 2, keptBytes = 4 * 2 ** 30, keptFiles = 32 } = options;
  const kept = new Map<string, Spooled<Told>>();
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
        const { key, pieces, told } = await prepare();
        const spooled = { spool: await Spool.begin(directory, pieces), told };
        kept.get(key)?.spool.forget();
        kept.delete(key);
        kept.set(key, spooled);
        void spooled.spool.ended.then(() => {
          gate.leave();
          makeRoom();
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
