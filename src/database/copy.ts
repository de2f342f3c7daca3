import pg from 'pg';

/** What node-postgres hands to the query that is under way for every piece of COPY data. */
interface CopyData {
  readonly chunk: Uint8Array;
}

/**
 * A query that keeps the data of COPY ... TO STDOUT, which the ordinary one lets fall. It is a Query so that pipelined
 * connections take it: it opens no portal, so nothing that follows can be answered out of it.
 */
class CopyOut extends pg.Query {
  #bytes = Buffer.allocUnsafe(2 ** 16);
  #length = 0;

  get copied(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The client uses the memory of the chunk again. */
  handleCopyData({ chunk }: CopyData): void {
    const end = this.#length + chunk.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.copied);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = end;
  }
}

/**
 * Runs `COPY (query) TO STDOUT (FORMAT binary)`; the whole answer is held in memory. The settings hold for this statement: two
 * statements in one message are one transaction.
 */
export function copyOut(
  client: pg.ClientBase,
  query: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const set = Object.entries(settings).map(([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}; `);
  return new Promise((resolve, reject) => {
    const text = `${set.join('')}copy (${query}) to stdout (format binary)`;
    const copy = new CopyOut(text, undefined, (error) => {
      if (error) reject(error);
      else resolve(copy.copied);
    });
    client.query(copy);
  });
}
