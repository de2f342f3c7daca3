import type { Ending } from '../checkpoint/history.ts';
import { type Place, placeFrom } from '../digest.ts';
import { hashBytes } from '../tree/hashing.ts';
import { Levels } from '../tree/rows.ts';
import { type TileStore, tileLeaves } from '../tree/tile.ts';

/** The log as the tree over it was made: kept in the database, and to be believed only as far as signed roots bear it out. */
export interface SignedLog {
  /** Hashes of its events, one after another. */
  readonly leaves: Buffer;
  /** The tree over them. */
  tree(): Levels;
  /** What was where. A hint: no root bears it out. */
  place(index: number): Promise<Place | undefined>;
}

/** The kept tiles, and after them the ending under a checkpoint, if that is what follows. */
export async function signedLog(
  store: Pick<TileStore, 'leaves' | 'tile'>,
  ending?: Ending & { readonly size: number },
): Promise<SignedLog> {
  const tiles: Buffer[] = [];
  for await (const some of store.leaves()) tiles.push(...some);
  const lengthOfTile = tileLeaves * hashBytes;
  const broken = tiles.findIndex(({ length }) => length !== lengthOfTile);
  if (broken >= 0) tiles.length = broken;
  const follows =
    ending !== undefined &&
    Math.floor(ending.size / tileLeaves) === tiles.length &&
    ending.hashes.length === (ending.size % tileLeaves) * hashBytes;
  const leaves = Buffer.concat(follows ? [...tiles, ending.hashes] : tiles);
  const places = new Map<number, readonly string[]>(follows ? [[tiles.length, ending.places]] : []);
  let tree: Levels | undefined;
  return {
    leaves,
    tree() {
      tree ??= levelsOver(leaves);
      return tree;
    },
    async place(index) {
      const tile = Math.floor(index / tileLeaves);
      const texts = places.get(tile) ?? (await store.tile(tile))?.places ?? [];
      places.set(tile, texts);
      return placeFrom(texts[index % tileLeaves] ?? '');
    },
  };
}

/** The tree over a row of hashes. */
export function levelsOver(leaves: Buffer): Levels {
  const levels = new Levels();
  for (let at = 0; at < leaves.length; at += hashBytes) levels.push(leaves.subarray(at, at + hashBytes));
  return levels;
}
