import type { Database, Queryable, Statement } from '../../database/database.ts';
import type { Recorded, Revision } from '../../events/envelope.ts';
import type { Generation } from '../registry.ts';

/** A stream that a projection cannot fold: its events from the first poisonous one on wait here, in order. */
export interface ParkedStream {
  readonly projection: string;
  readonly stream: string;
  readonly code: string;
  readonly cause: string;
  readonly parkedAt: string;
  /** When a retry was last in vain; null before the first. */
  readonly triedAt: string | null;
  /** How many events wait, and the revision of the first. */
  readonly events: number;
  readonly firstRevision: Revision;
}

const maxCause = 500;

// PostgreSQL stores no NUL character, and a poison event may well carry one into its own error message.
const storable = (text: string): string => text.replaceAll('\u0000', '').slice(0, maxCause);

export const causeOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

export function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'handler-failed';
}

/** Park streams and hold their events, in the transaction of the batch they came with. */
export function parking(
  { projection, generation }: Generation,
  poisoned: ReadonlyMap<string, unknown>,
  held: readonly Recorded[],
): Statement[] {
  const streams = [...poisoned].map(([stream, cause]) => ({
    stream,
    code: storable(codeOf(cause)),
    cause: storable(causeOf(cause)),
  }));
  const events = held.map(({ stream, revision, position, type }) => ({ stream, revision, position, type }));
  const parkStreams: Statement = {
    text: `insert into parked_streams (projection, generation, stream, code, cause)
           select $1, $2, stream, code, cause from json_to_recordset($3::json) as r(stream text, code text, cause text)`,
    values: [projection, generation, JSON.stringify(streams)],
  };
  const holdEvents: Statement = {
    text: `insert into parked_events (projection, generation, stream, revision, position, type)
           select $1, $2, stream, revision, position, type
           from json_to_recordset($3::json) as r(stream text, revision integer, position text, type text)`,
    values: [projection, generation, JSON.stringify(events)],
  };
  return [...(streams.length > 0 ? [parkStreams] : []), ...(events.length > 0 ? [holdEvents] : [])];
}

export async function parkedStreamsOf(
  database: Queryable,
  { projection, generation }: Generation,
): Promise<Set<string>> {
  const rows = await database.query<{ stream: string }>({
    text: 'select stream from parked_streams where projection = $1 and generation = $2',
    values: [projection, generation],
  });
  return new Set(rows.map((row) => row.stream));
}

/** Every parked stream of the generations that readers see, oldest first. */
export async function listParked(database: Database): Promise<ParkedStream[]> {
  return database.query<ParkedStream>({
    text: `select s.projection, s.stream, s.code, s.cause, s.parked_at as "parkedAt", s.tried_at as "triedAt",
                  count(*)::integer as events, min(e.revision) as "firstRevision"
           from parked_streams s
           join projection_generations g on g.projection = s.projection and g.generation = s.generation and g.state = 'active'
           join parked_events e on e.projection = s.projection and e.generation = s.generation and e.stream = s.stream
           group by s.projection, s.generation, s.stream, s.code, s.cause, s.parked_at, s.tried_at
           order by s.parked_at, s.projection, s.stream`,
  });
}

/** Revisions that wait for one stream, in order. */
export async function heldRevisions(
  database: Queryable,
  { projection, generation }: Generation,
  stream: string,
): Promise<Revision[]> {
  const rows = await database.query<{ revision: Revision }>({
    text: `select revision from parked_events where projection = $1 and generation = $2 and stream = $3 order by revision`,
    values: [projection, generation, stream],
  });
  return rows.map((row) => row.revision);
}

/** Events that need not wait any more. */
export async function forgetHeld(
  tx: Queryable,
  { projection, generation }: Generation,
  stream: string,
  revisions: readonly Revision[],
): Promise<void> {
  await tx.query({
    text: `delete from parked_events
           where projection = $1 and generation = $2 and stream = $3 and revision = any($4::integer[])`,
    values: [projection, generation, stream, revisions],
  });
}

/** Why the last retry was in vain: it may be another event than before that cannot be folded. */
export async function noteFailedRetry(
  tx: Queryable,
  { projection, generation }: Generation,
  stream: string,
  cause: unknown,
): Promise<void> {
  await tx.query({
    text: `update parked_streams set code = $4, cause = $5, tried_at = now()
           where projection = $1 and generation = $2 and stream = $3`,
    values: [projection, generation, stream, storable(codeOf(cause)), storable(causeOf(cause))],
  });
}

export async function unpark(tx: Queryable, { projection, generation }: Generation, stream: string): Promise<void> {
  for (const table of ['parked_events', 'parked_streams']) {
    await tx.query({
      text: `delete from ${table} where projection = $1 and generation = $2 and stream = $3`,
      values: [projection, generation, stream],
    });
  }
}
