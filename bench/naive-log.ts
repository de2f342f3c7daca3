import type { Database, Queryable } from '../src/database/database.ts';
import type { NewEvent } from '../src/events/envelope.ts';
import type { AppendOutcome, EventLog } from '../src/events/log/port.ts';

const lastSql = 'select coalesce(max(revision), -1) as last from events where stream = $1';
const insertSql = `insert into events
  (stream, revision, event_id, type, order_no, line_no, occurred_at, recorded_at, data, metadata)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  returning tx, position`;

/** The same log, but appended to as one would at first: a transaction for each append, an insert for each event. */
export function naiveLog(database: Database, log: EventLog): EventLog {
  return {
    readStream: (stream, options) => log.readStream(stream, options),
    subscribe: (options) => log.subscribe(options),
    head: () => log.head(),
    close: async () => {},
    append: (stream, events, { expected }) =>
      database.transaction(async (tx): Promise<AppendOutcome> => {
        const [row] = await tx.query<{ last: number }>({ name: 'naive-last', text: lastSql, values: [stream] });
        const last = row?.last ?? -1;
        const actual = last < 0 ? 'no-stream' : last;
        if (actual !== expected) return { kind: 'conflict', actual };
        let position = '';
        for (const [at, event] of events.entries()) position = await insert(tx, stream, last + 1 + at, event);
        return { kind: 'appended', revision: last + events.length, position };
      }),
  };
}

async function insert(tx: Queryable, stream: string, revision: number, event: NewEvent): Promise<string> {
  const { eventId, type, data, metadata } = event;
  const { orderNo = null, lineNo = null } = data as { orderNo?: string; lineNo?: number };
  const [row] = await tx.query<{ tx: string; position: string }>({
    name: 'naive-insert',
    text: insertSql,
    values: [
      ...[stream, revision, eventId, type, orderNo, lineNo],
      ...[metadata.occurredAt, metadata.recordedAt, JSON.stringify(data), JSON.stringify(metadata)],
    ],
  });
  return `${row?.tx.padStart(20, '0')}:${row?.position.padStart(20, '0')}`;
}
