import { randomUUID } from 'node:crypto';
import type { FindingKind } from '../../src/audit/verify/findings.ts';
import type { Database } from '../../src/database/database.ts';
import type { Fact } from '../../src/events/catalog/index.ts';
import { seal, startOfChain } from '../../src/events/chain.ts';
import type { EventMetadata } from '../../src/events/envelope.ts';
import type { EventRow } from '../../src/events/log/postgres/rows.ts';
import { canonicalRecord } from '../../src/events/record.ts';
import type { Random } from '../../src/simulate/random.ts';
import { sha256Hex } from '../../src/values/digest.ts';
import { metadata } from './audited-log.ts';

/** Everything that somebody with the database password can do to a log, one at a time, at random places. */

type Row = EventRow;

/** What was done, and how that may be called where. */
export interface Tampered {
  readonly done: string;
  readonly kinds: readonly FindingKind[];
  /** A finding names one of these. */
  readonly places: readonly Pick<Row, 'stream' | 'revision'>[];
}

export interface Crime {
  readonly database: Pick<Database, 'query'>;
  readonly random: Random;
  /** In order. */
  readonly rows: readonly Row[];
}

type Tampering = (crime: Crime) => Promise<Tampered>;

export const rowsOf = (database: Pick<Database, 'query'>): Promise<Row[]> =>
  database.query<Row>({
    text: 'select tx, position, stream, revision, event_id, type, data, metadata from events order by tx, position',
  });

const some = ({ random, rows }: Crime): Row => rows[random.between(0, rows.length - 1)] as Row;
const place = ({ stream, revision }: Row) => ({ stream, revision });

async function set({ database }: Crime, { stream, revision }: Row, columns: Partial<Row>): Promise<void> {
  const names = Object.keys(columns);
  const types = {
    tx: 'xid8',
    position: 'bigint',
    event_id: 'uuid',
    data: 'json',
    metadata: 'json',
    revision: 'integer',
  };
  const typeOf = (name: string): string => (types as Record<string, string>)[name] ?? 'text';
  await database.query({
    text: `update events set ${names.map((name, at) => `${name} = $${at + 3}::text::${typeOf(name)}`).join(', ')}
      where stream = $1 and revision = $2`,
    values: [stream, revision, ...Object.values(columns).map(String)],
  });
}

/** One byte of a JSON text flipped so that it still is JSON, of another value. */
function flipped(text: string, random: Random): string {
  for (;;) {
    const bytes = Buffer.from(text);
    const at = random.between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 6));
    const other = bytes.toString('utf8');
    try {
      if (JSON.stringify(JSON.parse(other)) !== text && !other.includes('\0')) return other;
    } catch {
      // another byte
    }
  }
}

const flipData: Tampering = async (crime) => {
  const row = some(crime);
  await set(crime, row, { data: flipped(row.data, crime.random) });
  return { done: 'flipped a byte of data', kinds: ['data-changed'], places: [place(row)] };
};

const flipMetadata: Tampering = async (crime) => {
  const row = some(crime);
  await set(crime, row, { metadata: flipped(row.metadata, crime.random) });
  return { done: 'flipped a byte of metadata', kinds: ['metadata-changed', 'unreadable'], places: [place(row)] };
};

const changeColumn: Tampering = async (crime) => {
  const row = some(crime);
  const at = crime.random.between(0, 4);
  if (at === 0) await set(crime, row, { event_id: randomUUID() });
  else if (at === 1) await set(crime, row, { type: 'OrderRejected' });
  else {
    const name = ['order_no', 'occurred_at', 'recorded_at'][at - 2] as string;
    const value = name === 'order_no' ? `'another'` : `${name} + interval '1 second'`;
    const where = { text: `update events set ${name} = ${value} where stream = $1 and revision = $2` };
    await crime.database.query({ ...where, values: [row.stream, row.revision] });
    return { done: `changed the column ${name}`, kinds: ['column-changed'], places: [place(row)] };
  }
  return { done: 'changed the id or the type', kinds: ['metadata-changed'], places: [place(row)] };
};

const remove: Tampering = async (crime) => {
  const row = crime.rows[crime.random.between(0, crime.rows.length - 2)] as Row;
  await crime.database.query({
    text: 'delete from events where stream = $1 and revision = $2',
    values: [row.stream, row.revision],
  });
  return { done: 'deleted an event', kinds: ['deleted'], places: [place(row)] };
};

const truncate: Tampering = async (crime) => {
  const gone = crime.rows.slice(-crime.random.between(1, 40));
  for (const row of gone) {
    await crime.database.query({
      text: 'delete from events where stream = $1 and revision = $2',
      values: [row.stream, row.revision],
    });
  }
  return { done: `cut off ${gone.length} events`, kinds: ['truncated'], places: gone.map(place) };
};

const removeStream: Tampering = async (crime) => {
  const { stream } = crime.rows[crime.random.between(0, crime.rows.length - 60)] as Row;
  await crime.database.query({ text: 'delete from events where stream = $1', values: [stream] });
  const places = crime.rows.filter((row) => row.stream === stream).map(place);
  return { done: 'deleted a stream', kinds: ['deleted', 'truncated'], places };
};

/** Exchanges some columns of two events. */
async function exchange(crime: Crime, a: Row, b: Row, names: readonly (keyof Row)[]): Promise<void> {
  const of = (row: Row) => Object.fromEntries(names.map((name) => [name, row[name]]));
  if (names.includes('position')) await set(crime, a, { tx: '1', position: '-1' });
  await set(crime, b, of(a));
  await set(crime, a, of(b));
}

function two(crime: Crime): [Row, Row] {
  const a = some(crime);
  for (;;) {
    const b = some(crime);
    if (b !== a) return [a, b];
  }
}

const reorder: Tampering = async (crime) => {
  const [a, b] = two(crime);
  await exchange(crime, a, b, ['tx', 'position']);
  return { done: 'exchanged the places of two events', kinds: ['reordered'], places: [place(a), place(b)] };
};

const swapContents: Tampering = async (crime) => {
  const [a, b] = two(crime);
  await exchange(crime, a, b, ['event_id', 'type', 'data', 'metadata']);
  return { done: 'exchanged the contents of two events', kinds: ['data-changed'], places: [place(a), place(b)] };
};

const swapStreams: Tampering = async (crime) => {
  const a = some(crime);
  const b = crime.rows.find(({ stream }) => stream !== a.stream) as Row;
  for (const [from, to] of [
    [a.stream, 'nowhere'],
    [b.stream, a.stream],
    ['nowhere', b.stream],
  ]) {
    await crime.database.query({ text: 'update events set stream = $2 where stream = $1', values: [from, to] });
  }
  const places = crime.rows.filter(({ stream }) => stream === a.stream || stream === b.stream).map(place);
  return { done: 'exchanged two streams', kinds: ['relabelled'], places };
};

const insert: Tampering = async (crime) => {
  const { stream } = some(crime);
  const last = (await rowsOf(crime.database)).findLast((row) => row.stream === stream) as Row;
  // Behind the last transaction that was signed it would be an event like any that came later.
  const earlier = crime.rows.filter(({ tx }) => tx !== crime.rows.at(-1)?.tx);
  const before = earlier[crime.random.between(0, earlier.length - 1)] as Row;
  const revision = last.revision + 1;
  const hash = (JSON.parse(last.metadata) as { hash: string }).hash;
  const [event] = seal({ stream, revision: last.revision, hash }, [fact('forged')], metadata());
  await crime.database.query({
    text: `insert into events (tx, position, stream, revision, event_id, type, order_no, occurred_at, recorded_at, data, metadata)
      overriding system value values ($1::text::xid8, $2, $3, $4, $5, $6, 'forged', $7, $8, $9, $10)`,
    values: [
      before.tx,
      1_000_000,
      stream,
      revision,
      event?.eventId,
      event?.type,
      metadata().occurredAt,
      metadata().recordedAt,
      JSON.stringify(event?.data),
      JSON.stringify(event?.metadata),
    ],
  });
  return { done: 'put an event in', kinds: ['inserted'], places: [{ stream, revision }] };
};

const fact = (orderNo: string): Fact => ({ type: 'OrderAccepted', data: { orderNo } });

/** Changes an event and makes the chain of its stream again, as somebody does who knows how it is made. */
export const rewrite: Tampering = async (crime) => {
  const row = some(crime);
  let hash = startOfChain;
  for (const one of crime.rows.filter(({ stream }) => stream === row.stream)) {
    const told = JSON.parse(one.metadata) as EventMetadata;
    if (one.revision >= row.revision) {
      const { stream, revision, event_id: eventId, type } = one;
      const data: unknown = one === row ? { orderNo: 'rewritten' } : JSON.parse(one.data);
      const event = { stream, revision, eventId, type, data, metadata: { ...told, prevHash: hash } };
      const again = { ...event.metadata, hash: sha256Hex(hash + canonicalRecord(event).hashed) };
      await set(crime, one, { data: JSON.stringify(data), metadata: JSON.stringify(again) });
      hash = again.hash;
    } else hash = told.hash;
  }
  const text = `update events set order_no = 'rewritten' where stream = $1 and revision = $2`;
  await crime.database.query({ text, values: [row.stream, row.revision] });
  return { done: 'rewrote a stream, chain and all', kinds: ['data-changed'], places: [place(row)] };
};

export const tamperings: readonly Tampering[] = [
  flipData,
  flipMetadata,
  changeColumn,
  remove,
  truncate,
  removeStream,
  reorder,
  swapContents,
  swapStreams,
  insert,
  rewrite,
];
