import type { Position } from '../../events/envelope.ts';
import type { Hash } from './hashing.ts';

/** Leaves are kept in complete tiles: the leaves below one node of level 8. A tile never changes. */
export const tileLevel = 8;
export const tileLeaves = 2 ** tileLevel;

export interface Tile {
  /** From 0. */
  readonly index: number;
  /** Hashes of its leaves, one after another. */
  readonly hashes: Buffer;
  readonly root: Hash;
  /** Of each leaf, in order (see digest.ts). */
  readonly places: readonly string[];
  /** Position of its last event. */
  readonly to: Position;
}

/** Where complete tiles are kept. */
export interface TileStore {
  /** Roots and last positions of the tiles from the first one on, up to the first that is missing. */
  heads(): AsyncIterable<readonly Pick<Tile, 'root' | 'to'>[]>;
  tile(index: number): Promise<Tile | undefined>;
  /** Leaves of the tiles from the first one on, up to the first that is missing; each tile as a row of hashes. */
  leaves(): AsyncIterable<readonly Buffer[]>;
  /** The tile that holds the event at a position, if a complete one does: the first that ends at it or later. */
  tileAt(position: Position): Promise<number | undefined>;
  /** The last tile that has an event of a stream in it. */
  lastWith(stream: string): Promise<number | undefined>;
  /** Keeps tiles; those that are there already stay. Answers the index of one that is there with another root. */
  put(tiles: readonly Tile[]): Promise<number | undefined>;
  /** Forgets all of them, for a tree that is to be made again. */
  clear(): Promise<void>;
}
