/** Milliseconds between 1970-01-01 and PostgreSQL's own beginning of time, 2000-01-01 (UTC). */
const postgresEpoch = Date.UTC(2000, 0, 1);
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const fixedHeader = signature.length + 8;

/**
 * The rows of COPY ... (FORMAT binary), one after another, without an object for each; see "Binary Format" at
 * https://www.postgresql.org/docs/current/sql-copy.html. Reading a column as another type than it has gives nonsense.
 */
export class CopyRows {
  readonly #bytes: Buffer;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  #at: number;

  /** `columns` is how many columns a row has. Throws RangeError when the bytes are something else. */
  constructor(bytes: Uint8Array, columns: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#starts = new Int32Array(columns);
    this.#lengths = new Int32Array(columns);
    if (this.#bytes.length < fixedHeader || this.#bytes.compare(signature, 0, signature.length, 0, signature.length)) {
      throw new RangeError('Not the binary format of COPY');
    }
    this.#at = fixedHeader + this.#bytes.readInt32BE(fixedHeader - 4);
  }

  /** Moves to the next row; false after the last one, which stays the present one. Throws RangeError when the bytes end in the middle. */
  next(): boolean {
    const columns = this.#starts.length;
    const count = this.#bytes.readInt16BE(this.#at);
    if (count === -1) return false;
    if (count !== columns) throw new RangeError(`A row of ${count} columns where there should be ${columns}`);
    let at = this.#at + 2;
    for (let column = 0; column < columns; column += 1) {
      const length = this.#bytes.readInt32BE(at);
      at += 4;
      this.#starts[column] = at;
      this.#lengths[column] = length;
      if (length > 0) at += length;
    }
    if (at > this.#bytes.length) throw new RangeError('The binary COPY ends in the middle of a row');
    this.#at = at;
    return true;
  }

  isNull(column: number): boolean {
    return this.#lengths[column] === -1;
  }

  /** A view: valid as long as the bytes are. */
  bytes(column: number): Uint8Array {
    const start = this.#start(column);
    return this.#bytes.subarray(start, start + this.#length(column));
  }

  text(column: number): string {
    const start = this.#start(column);
    return this.#bytes.toString('utf8', start, start + this.#length(column));
  }

  integer(column: number): number {
    return this.#bytes.readInt32BE(this.#start(column));
  }

  /** bigint and xid8 in decimal digits. */
  digits(column: number): string {
    const start = this.#start(column);
    const high = this.#bytes.readUInt32BE(start);
    if (high < 2 ** 21) return String(high * 2 ** 32 + this.#bytes.readUInt32BE(start + 4));
    return String(this.#bytes.readBigUInt64BE(start));
  }

  uuid(column: number): string {
    const start = this.#start(column);
    const hex = this.#bytes.toString('hex', start, start + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** timestamptz in milliseconds since 1970-01-01 (UTC), rounded down. */
  instant(column: number): number {
    const start = this.#start(column);
    const microseconds = this.#bytes.readInt32BE(start) * 2 ** 32 + this.#bytes.readUInt32BE(start + 4);
    return Math.floor(microseconds / 1000) + postgresEpoch;
  }

  #start(column: number): number {
    return this.#starts[column] ?? 0;
  }

  #length(column: number): number {
    return this.#lengths[column] ?? 0;
  }
}
