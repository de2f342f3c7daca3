import type { Migration } from '../../../database/database.ts';

/** Told in the transaction that appended; carries nothing, listeners read. */
export const appendedChannel = 'events_appended';

/**
 * The order of the log is (tx, position): transactions in the order they began, rows in the order they were inserted.
 * Neither is in the order of commits, so readers stop at the oldest transaction that is still running.
 * `order_no`, `line_no` and `occurred_at` repeat what the JSON says, for bulk reads that need no JSON.
 */
const table = `
create table events (
  tx xid8 not null default pg_current_xact_id(),
  position bigint generated always as identity,
  stream text collate "C" not null,
  revision integer not null,
  event_id uuid not null,
  type text collate "C" not null,
  order_no text collate "C",
  line_no integer,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  data json not null,
  metadata json not null,
  primary key (stream, revision)
);
create unique index events_in_order on events (tx, position);
`;

/**
 * Appends many times in one statement. The argument is [[stream, expected revision or -1, [[id, type, data, metadata]]]],
 * at most one entry for a stream; the answer has a row for each entry, numbered from 1:
 *  - last_tx, last_position: place of its last event, now or when the very same events were appended before; else null
 *  - actual: revision of the stream, -1 when there is none.
 * The hash of an event covers all before it in the stream: what ends in the same id and hash is the same. Two processes
 * that carry out one command make the same ids but different times: the later must not go on from hashes of its own.
 * Two calls at once for one stream: the later fails with a unique violation and is to be repeated. Rows go in by
 * stream, so that two calls wait for each other in one direction only.
 * Its plans are made once, often for an empty table that nobody has analysed; lookups by key are right at any size.
 */
const appendFunction = `
create function append_events(requests jsonb)
returns table (request integer, actual integer, last_tx xid8, last_position bigint)
language plpgsql
set enable_seqscan = off
as $body$
begin
  perform pg_notify('${appendedChannel}', '');
  insert into events (stream, revision, event_id, type, order_no, line_no, occurred_at, recorded_at, data, metadata)
  select r->>0, (r->>1)::integer + i::integer, (v->>0)::uuid, v->>1, v->>2, (v->>3)::integer,
    (v->>4)::timestamptz, (v->>5)::timestamptz, (v->>6)::json, (v->>7)::json
  from jsonb_array_elements(requests) as entries (r)
  cross join lateral jsonb_array_elements(r->2) with ordinality as members (v, i)
  where (r->>1)::integer = coalesce((
    select e.revision from events e where e.stream = r->>0 order by e.revision desc limit 1
  ), -1)
  order by r->>0, i;
  return query
  select n::integer, coalesce((
    select e.revision from events e where e.stream = r->>0 order by e.revision desc limit 1
  ), -1), same.tx, same.position
  from jsonb_array_elements(requests) with ordinality as entries (r, n)
  left join lateral (
    select e.tx, e.position from events e
    where e.stream = r->>0 and e.revision = (r->>1)::integer + jsonb_array_length(r->2)
      and e.event_id = (r->2->-1->>0)::uuid
      and e.metadata->>'hash' is not distinct from (r->2->-1->>7)::json->>'hash'
    limit 1
  ) same on true;
end
$body$;
`;

export const postgresLogMigrations: readonly Migration[] = [
  { name: 'event-log-1', sql: table },
  { name: 'event-log-2-append', sql: appendFunction },
];
