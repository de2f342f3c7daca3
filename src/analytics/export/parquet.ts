import { ReadableStream } from 'node:stream/web';
import type { Column, Table } from '../table.ts';
import { batchOf, schemaOf } from './arrow/batches.ts';
import { arrowStream } from './arrow/ipc.ts';
import { type Source, slicesOf } from './extract.ts';

/** Parquet needs the optional package parquet-wasm, which is not installed. */
export class ParquetMissing extends Error {
  override readonly name = 'ParquetMissing';
  readonly code = 'parquet-missing';
}

type ParquetWasm = typeof import('parquet-wasm');

async function parquetWasm(): Promise<ParquetWasm> {
  try {
    return await import('parquet-wasm');
  } catch (cause) {
    throw new ParquetMissing('Parquet needs the package parquet-wasm: npm install parquet-wasm@0.8.0', { cause });
  }
}

/** Loads the package, so that a missing one is known before an answer begins. Throws ParquetMissing. */
export const requireParquet = async (): Promise<void> => void (await parquetWasm());

/** Rows that are encoded at a time, and rows of a group: what a reader can skip, and what is held in memory. */
const encodedRows = 8_192;
const groupRows = 131_072;

/** A Parquet file, zstd, made while it is read. Throws ParquetMissing. */
export async function* parquet(source: Source): AsyncGenerator<Uint8Array> {
  const wasm = await parquetWasm();
  const properties = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression.ZSTD)
    .setMaxRowGroupSize(groupRows)
    .setCreatedBy('orderfold')
    .setKeyValueMetadata(new Map(source.metadata))
    .build();
  const batches = pulled(wasmBatches(wasm, source));
  yield* (await wasm.transformParquetStream(batches as never, properties)) as unknown as AsyncIterable<Uint8Array>;
}

async function* wasmBatches(wasm: ParquetWasm, source: Source) {
  const schema = schemaOf(source.table, source.metadata);
  async function* batches(slice: Table) {
    const own: Table = { ...slice, columns: slice.columns.map((column) => ownWords(column, slice.rows)) };
    const pieces: Buffer[] = [];
    for await (const piece of arrowStream([batchOf(schema, own, new Map())])) pieces.push(piece);
    yield* wasm.Table.fromIPCStream(Buffer.concat(pieces)).recordBatches();
  }
  let empty = true;
  for await (const slice of slicesOf(source, encodedRows)) {
    empty = false;
    yield* batches(slice);
  }
  if (empty) yield* batches({ ...source.table, rows: 0 });
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

/** A web stream that makes nothing that nobody waits for. */
function pulled<T>(items: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        const { done, value } = await items.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await items.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}
