import { CopyRows } from '../../../database/copy-rows.ts';
import type { Database } from '../../../database/database.ts';
import type { Position } from '../../envelope.ts';
import type { BulkOptions, RawEvent } from '../bulk.ts';
import { ordered, visible } from './pages.ts';
import { placeOf, positionOf } from './rows.ts';
import { unlessAborted } from './wake.ts';

/** About this much is in a piece; two are held at most. The embedded database does nothing else meanwhile. */
const pieceBytes = { postgres: 16 * 2 ** 20, pglite: 4 * 2 ** 20 } as const;
const firstPiece = 256;
const largestPiece = 20_000;
/** So many events are decoded before others get their turn. */
const sliceEvents = 1_000;

const selected =
  'tx, position, stream, revision, event_id, type, order_no, line_no, occurred_at, recorded_at, data, metadata';
const at = {
  tx: 0,
  position: 1,
  stream: 2,
  revision: 3,
  eventId: 4,
  type: 5,
  orderNo: 6,
  lineNo: 7,
  occurredAt: 8,
  recordedAt: 9,
  data: 10,
  metadata: 11,
} as const;
const columns = Object.keys(at).length;

/** Else, when nobody has analysed the table, all that is left of the log is sorted for every piece of it. */
const inOrderOfIndex = { enable_sort: 'off', enable_bitmapscan: 'off' };

/** The numbers of a place are digits only, so they can stand in a statement that takes no parameters. */
function pieceSql(after: Position | 'start', limit: number): string {
  const [tx, position] = placeOf(after);
  return `select ${selected} from events where (tx, position) > ('${tx}'::xid8, '${position}'::bigint)
    and ${visible} ${ordered} limit ${limit}`;
}

/** The log after a position up to where it can be read now, piece by piece, by COPY in its binary format. */
export async function* bulk(database: Database, { after, signal }: BulkOptions): AsyncGenerator<RawEvent[], void> {
  let limit = firstPiece;
  const copy = (from: Position | 'start') => database.copyOut(pieceSql(from, limit), inOrderOfIndex);
  let ahead: Promise<Uint8Array> | undefined = copy(after);
  while (ahead) {
    const bytes: Uint8Array = await unlessAborted(ahead, signal);
    const { count, last } = endOf(bytes);
    if (last === undefined) return;
    const full = count === limit;
    limit = Math.min(largestPiece, Math.max(1, Math.floor((pieceBytes[database.kind] * count) / bytes.length)));
    ahead = full ? copy(last) : undefined;
    ahead?.catch(() => {}); // seen when its turn comes, which it may never do
    for (const slice of slicesOf(new CopyRows(bytes, columns))) {
      yield slice;
      if (signal.aborted) return;
    }
  }
}

/** Rows are skipped, not decoded. */
function endOf(bytes: Uint8Array): { readonly count: number; readonly last: Position | undefined } {
  const rows = new CopyRows(bytes, columns);
  let count = 0;
  while (rows.next()) count += 1;
  return { count, last: count === 0 ? undefined : positionIn(rows) };
}

function* slicesOf(rows: CopyRows): Generator<RawEvent[], void> {
  let slice: RawEvent[] = [];
  while (rows.next()) {
    slice.push(eventIn(rows));
    if (slice.length === sliceEvents) {
      yield slice;
      slice = [];
    }
  }
  if (slice.length > 0) yield slice;
}

const positionIn = (rows: CopyRows): Position =>
  positionOf({ tx: rows.digits(at.tx), position: rows.digits(at.position) });

const eventIn = (rows: CopyRows): RawEvent => ({
  position: positionIn(rows),
  stream: rows.text(at.stream),
  revision: rows.integer(at.revision),
  eventId: rows.uuid(at.eventId),
  type: rows.text(at.type),
  orderNo: rows.isNull(at.orderNo) ? null : rows.text(at.orderNo),
  lineNo: rows.isNull(at.lineNo) ? null : rows.integer(at.lineNo),
  occurredAt: rows.instant(at.occurredAt),
  recordedAt: rows.instant(at.recordedAt),
  data: rows.bytes(at.data),
  metadata: rows.bytes(at.metadata),
});
