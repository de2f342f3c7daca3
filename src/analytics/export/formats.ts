import { recordBatches } from './arrow/batches.ts';
import { arrowFile, arrowStream } from './arrow/ipc.ts';
import { csv } from './csv.ts';
import type { Source } from './extract.ts';
import { json, ndjson } from './json.ts';
import { parquet, requireParquet } from './parquet.ts';

/** One way of writing a table. */
export interface Format {
  /** As in `?format=`, and the extension of a file. */
  readonly name: string;
  /** Without parameters, as clients ask for it. */
  readonly media: string;
  readonly contentType: string;
  /** Throws, with what to install, when the format cannot be written here. */
  readonly prepare?: () => Promise<void>;
  readonly write: (source: Source) => AsyncIterable<string | Uint8Array>;
}

const format = (name: string, media: string, write: Format['write'], more: Partial<Format> = {}): Format => ({
  name,
  media,
  contentType: media,
  write,
  ...more,
});

/** In the order of what a client gets that takes anything. */
export const formats: readonly Format[] = [
  format('json', 'application/json', json, { contentType: 'application/json; charset=utf-8' }),
  format('arrows', 'application/vnd.apache.arrow.stream', (source) => arrowStream(recordBatches(source))),
  format('arrow', 'application/vnd.apache.arrow.file', (source) => arrowFile(recordBatches(source))),
  format('parquet', 'application/vnd.apache.parquet', parquet, { prepare: requireParquet }),
  format('csv', 'text/csv', csv, { contentType: 'text/csv; charset=utf-8; header=present' }),
  format('ndjson', 'application/x-ndjson', ndjson, { contentType: 'application/x-ndjson; charset=utf-8' }),
];
