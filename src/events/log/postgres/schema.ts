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
 *  - actual: revision of the stream before this call, -1 when there was none.
 * Two processes that carry out one command make the same ids but different times, and so different hashes: the later must
 * not go on from hashes that are not in the stream.
 * Two calls at once for one stream: the later fails with a unique violation and is to be repeated. Rows go in by
 * stream, so that two calls wait for each other in one direction only.
 */
const appendFunction = `
create function append_events(requests jsonb)
returns table (request integer, actual integer, last_tx xid8, last_position bigint)
language plpgsql as $body$
begin
  perform pg_notify('${appendedChannel}', '');
  return query
  with asked as (
    select n::integer as n, r->>0 as stream, (r->>1)::integer as expected, r->2 as events,
      (r->>1)::integer + jsonb_array_length(r->2) as last
    from jsonb_array_elements(requests) with ordinality as entries (r, n)
  ), checked as (
    select asked.*, coalesce((
      select e.revision from events e where e.stream = asked.stream order by e.revision desc limit 1
    ), -1) as present
    from asked
  ), inserted as (
    insert into events as e
      (stream, revision, event_id, type, order_no, line_no, occurred_at, recorded_at, data, metadata)
    select c.stream, c.expected + i::integer, (v->>0)::uuid, v->>1, v->>2, (v->>3)::integer,
      (v->>4)::timestamptz, (v->>5)::timestamptz, (v->>6)::json, (v->>7)::json
    from checked c cross join lateral jsonb_array_elements(c.events) with ordinality as members (v, i)
    where c.present = c.expected
    order by c.stream, i
    returning e.stream, e.revision, e.tx, e.position
  )
  select c.n, c.present, coalesce(i.tx, o.tx), coalesce(i.position, o.position)
  from checked c
  left join inserted i on i.stream = c.stream and i.revision = c.last
  left join lateral (
    select e.tx, e.position from events e
    where c.present >= c.last and e.stream = c.stream and e.revision = c.last and not exists (
      select from jsonb_array_elements(c.events) with ordinality as again (v, k)
      left join events known on known.stream = c.stream and known.revision = c.expected + k::integer
      where known.event_id is distinct from (v->>0)::uuid
        or known.metadata->>'hash' is distinct from (v->>7)::json->>'hash'
    )
  ) o on true;
end
$body$;
`;

export const postgresLogMigrations: readonly Migration[] = [
  { name: 'event-log-1', sql: table },
  { name: 'event-log-2-append', sql: appendFunction },
];
