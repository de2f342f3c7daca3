import type { Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import type { Projection } from '../projection.ts';
import type { Skips } from '../quarantine/skips.ts';
import type { Shape } from '../schema.ts';
import type { Comparison } from './compare.ts';
import { type CauseCode, fieldsOf, type RowDifference, type RowPair } from './differences.ts';

export interface Causing {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly projection: Projection;
  readonly skips: Skips;
  readonly sameVersion: boolean;
  /** Order id -> order number. */
  readonly orderNumbers: ReadonlyMap<string, string>;
}

/** Says of each differing row how it differs, why, and which event it was last made of. */
export async function differencesOf({ rows, parked }: Comparison, causing: Causing): Promise<RowDifference[]> {
  const lasts = new Map<string, RowDifference['lastEvent']>();
  const found: RowDifference[] = [];
  for (const row of rows) {
    const stream = causing.projection.streamOf?.(row.key);
    if (stream !== undefined && !lasts.has(stream)) lasts.set(stream, await lastEventOf(stream, causing));
    const lastEvent = stream === undefined ? undefined : lasts.get(stream);
    found.push({
      ...{ table: row.shape.name, key: row.key, name: nameOf(row, causing.orderNumbers), kind: kindOf(row) },
      fields: fieldsOf(row, documentsOf(row.shape)),
      cause: causeOf(row, { parked: stream !== undefined && parked.has(stream), sameVersion: causing.sameVersion }),
      ...(lastEvent && { lastEvent }),
    });
  }
  return found;
}

const documentsOf = ({ columns }: Shape): ReadonlySet<string> =>
  new Set(Object.keys(columns).filter((column) => columns[column] === 'document'));

const kindOf = ({ shown, rebuilt }: RowPair): RowDifference['kind'] => {
  if (shown && rebuilt) return 'changed';
  return rebuilt ? 'only-rebuilt' : 'only-shown';
};

function causeOf(row: RowPair, { parked, sameVersion }: { parked: boolean; sameVersion: boolean }): CauseCode {
  if (parked) return 'parked-stream';
  if (!sameVersion) return 'new-version';
  if (!row.shown) return 'missing';
  return row.rebuilt ? 'changed-outside' : 'not-in-log';
}

const called: Readonly<Record<string, string>> = {
  order_no: 'order',
  line_no: 'line',
  schedule_id: 'schedule line',
  customer_id: 'customer',
  watch_id: 'watch',
  alert_id: 'alert',
};

/** What people call the row: by the number of its order where it has one. */
export function nameOf({ key, shown, rebuilt }: RowPair, orderNumbers: ReadonlyMap<string, string>): string {
  const words = Object.entries(key).map(([column, value]) => {
    if (column !== 'order_id') return `${called[column] ?? column.replaceAll('_', ' ')} ${value}`;
    const own = (rebuilt ?? shown)?.order_no;
    return `order ${typeof own === 'string' ? own : (orderNumbers.get(value) ?? value)}`;
  });
  return words.join(', ');
}

async function lastEventOf(stream: string, { log, projection, skips }: Causing): Promise<RowDifference['lastEvent']> {
  let last: Recorded | undefined;
  for await (const event of log.readStream(stream)) {
    if (Object.hasOwn(projection.handles, event.type) && !skips.has(event)) last = event;
  }
  return last && { stream, revision: last.revision, type: last.type, recordedAt: last.metadata.recordedAt };
}
