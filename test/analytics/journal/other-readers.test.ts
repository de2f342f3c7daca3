import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import * as parquet from 'parquet-wasm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { orderPlace } from '../../../src/events/log/bulk.ts';
import { type JournalPlace, journalPlace } from '../../support/journal.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { interleaved } from '../../support/order-history.ts';

/** Before the stream that lies in an Arrow file. */
const magicBytes = 8;

vi.setConfig({ testTimeout: 30_000 });

let place: JournalPlace;
let file: Buffer;
const log = memoryLog();
log.recordRaw('odd-Größe', {
  type: 'NewerThanThisProgram',
  data: { lineNo: -3 },
  occurredAt: '1969-12-31T23:59:59.999Z',
});
log.recordRaw('odd', { type: 'OrderAccepted', data: 'Ä“€𝄞\u0000' });
for (const { stream, event } of interleaved(0, 2, 2)) log.record(stream, event);

beforeEach(async () => {
  place = journalPlace();
  const limits = { batchEvents: 5, batchBytes: 2 ** 20, segmentEvents: 20, segmentBytes: 2 ** 20 };
  const journal = await place.open(log, { limits });
  await journal.caughtUp();
  const [segment] = journal.manifest().segments;
  file = await readFile(journal.fileOf(segment?.name ?? ''));
});
afterEach(() => place.remove());

const recorded = log.events.slice(0, 20);
const expected = recorded.map((event) => ({
  position: event.position,
  stream: event.stream,
  revision: event.revision,
  event_id: event.eventId,
  type: event.type,
  order_no: orderPlace(event.data).orderNo,
  line_no: orderPlace(event.data).lineNo,
  occurred_at: Date.parse(event.metadata.occurredAt),
  recorded_at: Date.parse(event.metadata.recordedAt),
  data: JSON.stringify(event.data),
  metadata: JSON.stringify(event.metadata),
}));

describe('a sealed segment', () => {
  test('is an Arrow file for the reader of arrow-js', () => {
    const table = tableFromIPC(file);
    expect(table.batches.map(({ numRows }) => numRows)).toEqual([5, 5, 5, 5]);
    expect(table.toArray().map((row) => ({ ...row.toJSON() }))).toEqual(expected);
    expect(table.schema.metadata.get('orderfold.journal')).toBe('1');
  });

  test('is valid for the Rust implementation, and DuckDB reads what that makes of it', async () => {
    const path = join(place.directory, 'segment.parquet');
    await writeFile(path, parquet.writeParquet(parquet.Table.fromIPCStream(file.subarray(magicBytes))));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `select * replace (epoch_ms(occurred_at) as occurred_at, epoch_ms(recorded_at) as recorded_at) from '${path}'`,
    );
    const rows = reader.getRowObjectsJS().map((row) => ({
      ...row,
      occurred_at: Number(row.occurred_at),
      recorded_at: Number(row.recorded_at),
    }));
    expect(rows).toEqual(expected);
    const types = await connection.runAndReadAll(`select column_type from (describe select * from '${path}')`);
    expect(types.getRows().map(([type]) => type)).toEqual([
      'VARCHAR',
      'VARCHAR',
      'INTEGER',
      'VARCHAR',
      'VARCHAR',
      'VARCHAR',
      'INTEGER',
      'TIMESTAMP WITH TIME ZONE',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR',
      'VARCHAR',
    ]);
    connection.closeSync();
    instance.closeSync();
  });
});
