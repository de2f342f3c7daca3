const pieceBytes = 1 << 20;

/** A copy with more room, made in pieces so that others get their turn; `empty` fills what is new. */
export function* grown<A extends Float64Array | Int32Array | Uint8Array>(
  values: A,
  larger: A,
  empty = 0,
): Generator<void, A> {
  const step = pieceBytes / values.BYTES_PER_ELEMENT;
  for (let from = 0; from < values.length; from += step) {
    larger.set(values.subarray(from, from + step) as never, from);
    yield;
  }
  if (empty === 0) return larger;
  for (let from = values.length; from < larger.length; from += step) {
    larger.fill(empty, from, from + step);
    yield;
  }
  return larger;
}

export function exhaust<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Texts one after another as UTF-8, in the order in which they were added. No string is kept. */
export class TextStore {
  bytes: Uint8Array = new Uint8Array(0);
  /** Text `i` lies from `offsets[i]` to `offsets[i + 1]`. */
  offsets: Int32Array = new Int32Array(1);
  length = 0;

  at(index: number): string {
    const { buffer, byteOffset, byteLength } = this.bytes;
    const [from, to] = [this.offsets[index] as number, this.offsets[index + 1] as number];
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8', from, to);
  }

  add(text: string): number {
    const bytes = Buffer.from(text);
    return this.addBytes(bytes, 0, bytes.length);
  }

  /** Adds what lies in the bytes from `from` to `to`. */
  addBytes(source: Uint8Array, from: number, to: number): number {
    const [index, start] = [this.length, this.offsets[this.length] as number];
    const end = start + to - from;
    if (index + 2 > this.offsets.length || end > this.bytes.length) exhaust(this.reserve(1, to - from));
    const { bytes } = this;
    for (let i = from, at = start; i < to; i += 1, at += 1) bytes[at] = source[i] as number;
    this.offsets[index + 1] = end;
    this.length = index + 1;
    return index;
  }

  /** Makes room for so many more, so that adding them takes no time. */
  *reserve(texts: number, bytes: number): Generator<void> {
    const neededTexts = this.length + 1 + texts;
    if (neededTexts > this.offsets.length)
      this.offsets = yield* grown(this.offsets, new Int32Array(Math.max(neededTexts, 2 * this.offsets.length)));
    const neededBytes = (this.offsets[this.length] as number) + bytes;
    if (neededBytes > this.bytes.length)
      this.bytes = yield* grown(this.bytes, new Uint8Array(Math.max(neededBytes, 2 * this.bytes.length)));
  }

  /** Becomes a copy of another one. */
  *takeFrom({ bytes, offsets, length }: TextStore): Generator<void> {
    const used = bytes.subarray(0, offsets[length]);
    this.bytes = yield* grown(used, new Uint8Array(used.length));
    this.offsets = offsets.slice(0, length + 1);
    this.length = length;
  }

  equals(index: number, bytes: Uint8Array, length: number): boolean {
    const start = this.offsets[index] as number;
    if ((this.offsets[index + 1] as number) - start !== length) return false;
    for (let i = 0; i < length; i += 1) if (this.bytes[start + i] !== bytes[i]) return false;
    return true;
  }
}

/** Finds texts of a store by what they say. Texts that were added meanwhile are taken in when it is asked. */
export class TextIndex {
  readonly #texts: TextStore;
  #table = new Int32Array(16);
  #indexed = 0;
  #scratch = Buffer.alloc(256);

  constructor(texts: TextStore) {
    this.#texts = texts;
  }

  /** -1 where there is no such text. The first of several that are equal. */
  find(text: string): number {
    if (this.#indexed < this.#texts.length) exhaust(this.update());
    if (text.length * 3 > this.#scratch.length) this.#scratch = Buffer.alloc(text.length * 3);
    const length = this.#scratch.write(text);
    const [table, mask] = [this.#table, this.#table.length - 1];
    for (let at = hashOf(this.#scratch, 0, length) & mask; ; at = (at + 1) & mask) {
      const index = (table[at] as number) - 1;
      if (index < 0 || this.#texts.equals(index, this.#scratch, length)) return index;
    }
  }

  *update(): Generator<void> {
    const { length, bytes, offsets } = this.#texts;
    if (2 * length > this.#table.length) {
      let size = this.#table.length;
      while (size < 3 * length) size *= 2;
      this.#table = new Int32Array(size);
      this.#indexed = 0;
    }
    for (let index = this.#indexed; index < length; index += 1) {
      this.#insert(index, hashOf(bytes, offsets[index] as number, offsets[index + 1] as number));
      this.#indexed = index + 1;
      if (index % 8_192 === 0) yield;
    }
  }

  #insert(index: number, hash: number): void {
    const [table, mask] = [this.#table, this.#table.length - 1];
    let at = hash & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = index + 1;
  }
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), its halves mixed because the table uses the low bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}
