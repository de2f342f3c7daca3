import { on } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Column, Table } from '../table.ts';
import { batchOf, schemaOf } from './arrow/batches.ts';
import { arrowStream } from './arrow/ipc.ts';
import { type Source, slicesOf } from './extract.ts';

/** Parquet needs the optional package parquet-wasm, which is not installed. */
export class ParquetMissing extends Error {
  override readonly name = 'ParquetMissing';
  readonly code = 'parquet-missing';
}

export const parquetPackage = { find: (): string => createRequire(import.meta.url).resolve('parquet-wasm') };

/** Throws ParquetMissing, so that it is known before an answer begins. */
export async function requireParquet(): Promise<void> {
  try {
    parquetPackage.find();
  } catch (cause) {
    throw new ParquetMissing('Parquet needs the package parquet-wasm: npm install parquet-wasm@0.8.0', { cause });
  }
}

/** Rows that are handed over at a time, and rows of a group: what a reader can skip, and what is held in memory. */
const handedRows = 16_384;
const handedBytes = 1 << 19;
const groupRows = 131_072;

type Message =
  | { readonly kind: 'wanted' }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' };

/** A Parquet file, zstd, made in a thread of its own while it is read: the next rows are handed over when pieces were taken. */
export async function* parquet(source: Source): AsyncGenerator<Uint8Array> {
  await requireParquet();
  const batches = handedOver(source);
  const worker = new Worker(new URL('./parquet-worker.mjs', import.meta.url), {
    workerData: { metadata: new Map(source.metadata), groupRows },
  });
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[Message]>) {
      if (message.kind === 'end') return;
      if (message.kind === 'piece') yield message.bytes;
      else worker.postMessage((await batches.next()).value ?? null);
    }
    throw new Error('The thread that makes Parquet ended early');
  } finally {
    await batches.return(undefined);
    await worker.terminate();
  }
}

/** Arrow streams of one batch each. A source without rows gives one without rows: a file has columns all the same. */
async function* handedOver(source: Source): AsyncGenerator<Uint8Array, undefined> {
  const schema = schemaOf(source.table, source.metadata);
  async function streamOf(slice: Table): Promise<Uint8Array> {
    const own: Table = { ...slice, columns: slice.columns.map((column) => ownWords(column, slice.rows)) };
    const pieces: Buffer[] = [];
    for await (const piece of arrowStream([batchOf(schema, own, new Map())])) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  let empty = true;
  for await (const slice of slicesOf(source, handedRows, handedBytes)) {
    empty = false;
    yield await streamOf(slice);
  }
  if (empty) yield await streamOf({ ...source.table, rows: 0 });
}

/** Every batch travels alone, so its dictionary holds its own words only. */
function ownWords(column: Column, rows: number): Column {
  if (column.kind !== 'word') return column;
  const codes = new Map<number, number>();
  const words: string[] = [];
  const values = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const code = column.values[row] ?? -1;
    let own = code < 0 ? -1 : codes.get(code);
    if (own === undefined) {
      own = words.push(column.words[code] ?? '') - 1;
      codes.set(code, own);
    }
    values[row] = own;
  }
  return { ...column, values, words };
}
