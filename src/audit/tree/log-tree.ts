import { LRUCache } from 'lru-cache';
import type { Position } from '../../events/envelope.ts';
import { type Digest, placeText } from '../digest.ts';
import { type Hash, hashAt, hashBytes } from './hashing.ts';
import type { TreeHead } from './proof.ts';
import { HashRow, Levels, nodeOver } from './rows.ts';
import { consistencyProof, inclusionProof, rootOf } from './shape.ts';
import { type Tile, type TileStore, tileLeaves, tileLevel } from './tile.ts';

const cachedTiles = 64;

/**
 * The tree over the log. In memory are the roots of the complete tiles with everything above them (32 bytes for every 128
 * events), and the leaves after them; the leaves of a complete tile are read from the store. A proof reads at most two.
 */
export class LogTree {
  readonly #store: TileStore;
  readonly #above = new Levels();
  readonly #tiles = new LRUCache<number, Tile>({ max: cachedTiles });
  /** Complete, but perhaps not in the store yet. */
  readonly #unstored = new Map<number, Tile>();
  #open = new HashRow(tileLeaves);
  #places: string[] = [];

  constructor(store: TileStore) {
    this.#store = store;
  }

  /** How many leaves there are. */
  get size(): number {
    return this.#above.length * tileLeaves + this.#open.length;
  }

  /** A complete tile that the store has. Only before the first `append`. */
  know(root: Hash): void {
    this.#above.push(root);
  }

  /** Complete tiles that were not yet said to be stored. */
  get unstored(): readonly Tile[] {
    return [...this.#unstored.values()];
  }

  append({ leaf, place }: Pick<Digest, 'leaf' | 'place'>): void {
    this.#open.push(leaf);
    this.#places.push(placeText(place));
    if (this.#open.length < tileLeaves) return;
    const hashes = this.#open.bytes;
    const index = this.#above.length;
    const tile = { index, hashes, root: nodeOver(hashes, tileLevel, 0), places: this.#places, to: place.position };
    this.#unstored.set(index, tile);
    this.#above.push(tile.root);
    this.#open = new HashRow(tileLeaves);
    this.#places = [];
  }

  stored(tiles: readonly Tile[]): void {
    for (const { index } of tiles) this.#unstored.delete(index);
  }

  /** The leaves after the complete tiles of a tree of that size, which is the present one or not much older. */
  async ending(size = this.size): Promise<Pick<Tile, 'hashes' | 'places'>> {
    const index = Math.floor(size / tileLeaves);
    const count = size % tileLeaves;
    const whole = count === 0 ? { hashes: Buffer.alloc(0), places: [] } : await this.leaves(index);
    return { hashes: Buffer.from(whole.hashes.subarray(0, count * hashBytes)), places: whole.places.slice(0, count) };
  }

  /** The leaves of a tile, complete or not. Rejects when the store has lost it. */
  async leaves(index: number): Promise<Pick<Tile, 'hashes' | 'places'>> {
    if (index === this.#above.length) return { hashes: this.#open.bytes, places: this.#places };
    return this.#complete(index);
  }

  async #complete(index: number): Promise<Tile> {
    const known = this.#unstored.get(index) ?? this.#tiles.get(index);
    if (known) return known;
    const tile = await this.#store.tile(index);
    if (!tile) throw new LostTile(index);
    this.#tiles.set(index, tile);
    return tile;
  }

  /** Where a leaf is that is the event at that position. Undefined: it is not in the tree. */
  async indexOf({ leaf, position }: { readonly leaf: Hash; readonly position: Position }): Promise<number | undefined> {
    const tile = await this.tileAt(position);
    const { hashes } = await this.leaves(tile);
    for (let at = 0; at < hashes.length / hashBytes; at += 1) {
      if (hashAt(hashes, at).equals(leaf)) return tile * tileLeaves + at;
    }
    return undefined;
  }

  /** What is known of the events around a position: of its tile. */
  async placesAt(position: Position): Promise<readonly string[]> {
    return (await this.leaves(await this.tileAt(position))).places;
  }

  /** What is known of the last event of a stream. Looks through all of them. */
  async lastOf(stream: string): Promise<string | undefined> {
    const isOf = (place: string): boolean => place.endsWith(` ${stream}`);
    const inMemory = [...this.unstored.flatMap(({ places }) => places), ...this.#places].findLast(isOf);
    if (inMemory !== undefined) return inMemory;
    const tile = await this.#store.lastWith(stream);
    return tile === undefined ? undefined : (await this.leaves(tile)).places.findLast(isOf);
  }

  /** Position of the last event of a complete tile. Rejects when the store has lost it. */
  async endOf(index: number): Promise<Position> {
    return (await this.#complete(index)).to;
  }

  /** The tile in which an event with that position is, if it is in the tree. */
  async tileAt(position: Position): Promise<number> {
    const stored = await this.#store.tileAt(position);
    if (stored !== undefined) return stored;
    return this.unstored.find(({ to }) => to >= position)?.index ?? this.#above.length;
  }

  head = async (size = this.size): Promise<TreeHead> => ({ size, root: await rootOf(this.#node, size) });

  inclusionProof = (index: number, size = this.size): Promise<Hash[]> => inclusionProof(this.#node, index, size);

  consistencyProof = (from: number, to = this.size): Promise<Hash[]> => consistencyProof(this.#node, from, to);

  /** Roots of the complete tiles from one to another (exclusive), one after another. */
  tileRoots(from: number, to: number): Buffer {
    return Buffer.from(this.#above.bytes.subarray(from * hashBytes, to * hashBytes));
  }

  #node = (level: number, index: number): Hash | Promise<Hash> => {
    if (level >= tileLevel) return this.#above.node(level - tileLevel, index);
    const inTile = 2 ** (tileLevel - level);
    const tile = Math.floor(index / inTile);
    const hashes = this.#hashes(tile);
    const node = (row: Buffer): Hash => nodeOver(row, level, index % inTile);
    return hashes instanceof Promise ? hashes.then(node) : node(hashes);
  };

  #hashes(tile: number): Buffer | Promise<Buffer> {
    if (tile === this.#above.length) return this.#open.bytes;
    const known = this.#unstored.get(tile) ?? this.#tiles.get(tile);
    return known?.hashes ?? this.#complete(tile).then(({ hashes }) => hashes);
  }
}

/** The database no longer has the leaves of a part of the tree; it is to be made again from the log. */
export class LostTile extends Error {
  override readonly name = 'LostTile';
  readonly code = 'tree-damaged';
  constructor(index: number) {
    super(
      `The tree over the log has lost the leaves ${index * tileLeaves} to ${(index + 1) * tileLeaves - 1}. ` +
        'Find out why (orderfold verify), then make it again: orderfold checkpoint --rebuild-tree.',
    );
  }
}
