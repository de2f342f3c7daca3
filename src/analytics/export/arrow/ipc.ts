import { type RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter } from 'apache-arrow';

/**
 * Arrow's writers put everything into a queue without bounds, whether somebody reads or not. These hand over the bytes of one
 * batch and take the next batch only when they are wanted. They override a protected method of a pinned version: the test with
 * a client that does not read must stay.
 */

type Chunk = Parameters<RecordBatchStreamWriter['_write']>[0];

class Bytes {
  #chunks: Uint8Array[] = [];

  /** Answers the number of bytes. */
  add(chunk: unknown): number {
    if (!ArrayBuffer.isView(chunk)) throw new TypeError('Arrow writes views of bytes');
    if (chunk.byteLength > 0) this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return chunk.byteLength;
  }

  /** A copy: what was written may be a view of a table that goes on changing. */
  take(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return all;
  }
}

class DrainedStream extends RecordBatchStreamWriter {
  readonly bytes = new Bytes();
  protected override _write(chunk: Chunk): this {
    if (this._started) this._position += this.bytes.add(chunk);
    return this;
  }
}

class DrainedFile extends RecordBatchFileWriter {
  readonly bytes = new Bytes();
  protected override _write(chunk: Chunk): this {
    if (this._started) this._position += this.bytes.add(chunk);
    return this;
  }
}

type Batches = Iterable<RecordBatch> | AsyncIterable<RecordBatch>;

export const arrowStream = (batches: Batches): AsyncGenerator<Buffer> => drained(new DrainedStream(), batches);

export const arrowFile = (batches: Batches): AsyncGenerator<Buffer> => drained(new DrainedFile(), batches);

async function* drained(writer: DrainedStream | DrainedFile, batches: Batches): AsyncGenerator<Buffer> {
  for await (const batch of batches) {
    writer.write(batch);
    yield writer.bytes.take();
  }
  writer.finish();
  yield writer.bytes.take();
}
