import { parentPort, workerData } from 'node:worker_threads';
import { Compression, Table, transformParquetStream, WriterPropertiesBuilder } from 'parquet-wasm';

// Encodes Parquet beside the main thread: a row group takes longer than anybody there could wait.
// Says 'wanted' and is given the bytes of an Arrow stream, or null at the end; says pieces of the file as they come.
const { metadata, groupRows } = workerData;

let given = () => {};
parentPort.on('message', (bytes) => given(bytes));

const batches = new ReadableStream(
  {
    async pull(controller) {
      const bytes = await new Promise((resolve) => {
        given = resolve;
        parentPort.postMessage({ kind: 'wanted' });
      });
      if (bytes === null) return controller.close();
      for (const batch of Table.fromIPCStream(bytes).recordBatches()) controller.enqueue(batch);
    },
  },
  { highWaterMark: 0 },
);

const properties = new WriterPropertiesBuilder()
  .setCompression(Compression.ZSTD)
  .setMaxRowGroupSize(groupRows)
  .setCreatedBy('orderfold')
  .setKeyValueMetadata(metadata)
  .build();
for await (const bytes of await transformParquetStream(batches, properties)) {
  parentPort.postMessage({ kind: 'piece', bytes });
}
parentPort.postMessage({ kind: 'end' });
parentPort.close();
