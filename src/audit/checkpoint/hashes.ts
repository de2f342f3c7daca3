import { InvalidValue } from '../../values/refusal.ts';
import { hashAt, hashBytes } from '../tree/hashing.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { tileLeaves } from '../tree/tile.ts';

/**
 * Hashes that go with a checkpoint: the root of every 256 events, and the leaves after them. Who has them can say where a log
 * was changed without trusting its database: they are checked by the root that is signed.
 */
export interface TreeHashes {
  readonly origin: string;
  readonly size: number;
  /** Root of tile by its number; perhaps only those that an earlier file does not have. */
  readonly tiles: ReadonlyMap<number, Buffer>;
  /** Leaf hashes after the complete tiles, one after another. */
  readonly leaves: Buffer;
}

/** The hashes under a tree of that size, from a tile on. */
export async function hashesOf(tree: LogTree, origin: string, size: number, fromTile = 0): Promise<TreeHashes> {
  const complete = Math.floor(size / tileLeaves);
  const roots = tree.tileRoots(fromTile, complete);
  const tiles = new Map<number, Buffer>();
  for (let tile = fromTile; tile < complete; tile += 1) tiles.set(tile, hashAt(roots, tile - fromTile));
  return { origin, size, tiles, leaves: (await tree.ending(size)).hashes };
}

const heading = 'orderfold-hashes/1';

/** A line says what it is: the root of a tile or a leaf, its number, and the hash in base64. */
export function hashesText({ origin, size, tiles, leaves }: TreeHashes): string {
  const lines = [heading, origin, String(size)];
  for (const [tile, root] of tiles) lines.push(`tile ${tile} ${root.toString('base64')}`);
  const first = Math.floor(size / tileLeaves) * tileLeaves;
  for (let at = 0; at < leaves.length / hashBytes; at += 1) {
    lines.push(`leaf ${first + at} ${hashAt(leaves, at).toString('base64')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Throws InvalidValue. */
export function parseHashes(text: string): TreeHashes {
  const [head, origin = '', size = '', ...lines] = text.trimEnd().split('\n');
  if (head !== heading || !/^\d{1,15}$/.test(size)) throw malformed();
  const tiles = new Map<number, Buffer>();
  const leaves: Buffer[] = [];
  for (const line of lines) {
    const [, kind, number, encoded = ''] = /^(tile|leaf) (\d{1,15}) (\S{44})$/.exec(line) ?? [];
    const hash = Buffer.from(encoded, 'base64');
    if (hash.length !== hashBytes) throw malformed();
    if (kind === 'tile') tiles.set(Number(number), hash);
    else leaves.push(hash);
  }
  return { origin, size: Number(size), tiles, leaves: Buffer.concat(leaves) };
}

const malformed = (): InvalidValue =>
  new InvalidValue('malformed-hashes', 'This is not a file of the hashes that go with a checkpoint.');
