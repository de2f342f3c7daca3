import { type Hash, hashAt, hashBytes, nodeHash } from './hashing.ts';

/** A row of hashes that grows at its end. */
export class HashRow {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity * hashBytes);
  }

  get length(): number {
    return this.#length;
  }

  push(hash: Uint8Array): void {
    const at = this.#length * hashBytes;
    if (at === this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * at);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, at);
    this.#length += 1;
  }

  at(index: number): Hash {
    if (index >= this.#length) throw new RangeError(`There is no hash ${index} in a row of ${this.#length}`);
    return hashAt(this.#bytes, index);
  }

  /** All of them, one after another: a view. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length * hashBytes);
  }
}

/** The complete nodes above a growing row of complete nodes, each computed once. Level 0 is the row itself. */
export class Levels {
  readonly #rows: HashRow[] = [];

  push(hash: Uint8Array): void {
    this.#row(0).push(hash);
    for (let level = 0; ; level += 1) {
      const row = this.#row(level);
      if (row.length % 2 !== 0) return;
      this.#row(level + 1).push(nodeHash(row.at(row.length - 2), row.at(row.length - 1)));
    }
  }

  get length(): number {
    return this.#rows[0]?.length ?? 0;
  }

  node(level: number, index: number): Hash {
    const row = this.#rows[level];
    if (!row) throw new RangeError(`There is no node at level ${level} of a row of ${this.length}`);
    return row.at(index);
  }

  /** The row at the bottom, one hash after another: a view. */
  get bytes(): Buffer {
    return this.#row(0).bytes;
  }

  #row(level: number): HashRow {
    let row = this.#rows[level];
    if (!row) {
      row = new HashRow();
      this.#rows[level] = row;
    }
    return row;
  }
}

/** The node at a level (0: the row) and index over a row of hashes. */
export function nodeOver(row: Buffer, level: number, index: number): Hash {
  const width = 2 ** level;
  let hashes = row.subarray(index * width * hashBytes, (index + 1) * width * hashBytes);
  if (hashes.length !== width * hashBytes) throw new RangeError('The row is too short');
  while (hashes.length > hashBytes) {
    const next = Buffer.allocUnsafe(hashes.length / 2);
    for (let at = 0; at < next.length / hashBytes; at += 1) {
      next.set(nodeHash(hashAt(hashes, 2 * at), hashAt(hashes, 2 * at + 1)), at * hashBytes);
    }
    hashes = next;
  }
  return hashes;
}
