import type { CommandHandler } from '../../commands/handle.ts';
import { personAggregate } from '../../commands/person/aggregate.ts';
import type { Database, Migration } from '../../database/database.ts';
import type { Actor, Position, Reason } from '../../events/envelope.ts';
import type { PersonKeys } from '../../events/seals/person-keys.ts';
import type { DerivedCopy } from './copies.ts';

/** What is under way is written down first, so that a process that is killed in the middle leaves nothing half done for ever. */
export const erasureMigrations: readonly Migration[] = [
  {
    name: 'erasures-1',
    sql: `
      create table erasures (
        person text collate "C" primary key,
        command_id uuid not null,
        actor json not null,
        reason json not null,
        requested_at timestamptz not null,
        position text collate "C",
        finished_at timestamptz
      )`,
  },
];

export interface ErasureRequest {
  readonly personId: string;
  readonly commandId: string;
  readonly actor: Actor;
  /** Why. Its words must not say anything about the person: they stay. */
  readonly reason: Reason;
}

export interface Erasure {
  readonly personId: string;
  readonly requestedAt: string;
  readonly finishedAt: string;
  /** Where the fact lies in the log. */
  readonly position: Position;
  /** It had been erased before; the first request stays on record. */
  readonly repeated: boolean;
}

export interface Erasing {
  /** Resolves when nothing about the person can be read any more. Undefined when nobody of this id is known. */
  erase(request: ErasureRequest): Promise<Erasure | undefined>;
  /** Goes on with erasures that were cut off; answers how many. */
  resume(): Promise<number>;
  /** How many were cut off. */
  unfinished(): Promise<number>;
}

export interface ErasingMeans {
  readonly database: Database;
  readonly handler: Pick<CommandHandler, 'execute'>;
  readonly keys: Pick<PersonKeys, 'of' | 'destroy'>;
  readonly copies: readonly DerivedCopy[];
  readonly clock: () => string;
}

interface ErasureRow {
  readonly person: string;
  readonly command_id: string;
  /** JSON. */
  readonly actor: string;
  readonly reason: string;
  readonly requested_at: string;
  readonly position: Position | null;
  readonly finished_at: string | null;
}

export function createErasing(means: ErasingMeans): Erasing {
  const { database, keys, clock } = means;
  return {
    async erase({ personId, commandId, actor, reason }) {
      const known = await keys.of([personId]);
      if (!known.has(personId)) return undefined;
      const [fresh] = await database.query({
        text: `insert into erasures (person, command_id, actor, reason, requested_at)
               values ($1, $2, $3::json, $4::json, $5::timestamptz) on conflict do nothing returning person`,
        values: [personId, commandId, JSON.stringify(actor), JSON.stringify(reason), clock()],
      });
      const [row] = await rowsWhere(database, 'person = $1', [personId]);
      if (!row) throw new Error('An erasure that was written down is not there');
      return finished(row) ?? { ...(await carryOut(means, row)), repeated: fresh === undefined };
    },
    unfinished: async () => (await rowsWhere(database, 'finished_at is null', [])).length,
    async resume() {
      const rows = await rowsWhere(database, 'finished_at is null', []);
      for (const row of rows) await carryOut(means, row);
      return rows.length;
    },
  };
}

const rowsWhere = (database: Database, condition: string, values: readonly unknown[]): Promise<ErasureRow[]> =>
  database.query<ErasureRow>({
    text: `select person, command_id::text, actor, reason, requested_at, position, finished_at
           from erasures where ${condition} order by requested_at`,
    values,
  });

function finished({ person, requested_at, finished_at, position }: ErasureRow): Erasure | undefined {
  if (finished_at === null || position === null) return undefined;
  return { personId: person, requestedAt: requested_at, finishedAt: finished_at, position, repeated: true };
}

/**
 * First the fact, so that no key is ever gone without a word; then the keys, from where on nothing sealed opens any more; then
 * what was derived. Each step may be done again.
 */
async function carryOut({ database, handler, keys, copies, clock }: ErasingMeans, row: ErasureRow): Promise<Erasure> {
  const { person: personId, requested_at: requestedAt } = row;
  const outcome = await handler.execute(
    personAggregate,
    personId,
    { kind: 'erase', personId },
    {
      commandId: row.command_id,
      actor: JSON.parse(row.actor) as Actor,
      reason: JSON.parse(row.reason) as Reason,
      occurredAt: requestedAt,
      mayBeRepeat: true,
    },
  );
  if (outcome.kind === 'refused') throw new ErasureNotRecorded(outcome.refusal.message);
  await keys.destroy(personId);
  for (const { forget } of copies) await forget?.(personId);
  const finishedAt = clock();
  await database.query({
    text: 'update erasures set finished_at = $2::timestamptz, position = $3 where person = $1',
    values: [personId, finishedAt, outcome.position],
  });
  return { personId, requestedAt, finishedAt, position: outcome.position, repeated: false };
}

/** The log did not take the fact; no key was destroyed. The same request goes on from here. */
export class ErasureNotRecorded extends Error {
  override readonly name = 'ErasureNotRecorded';
  readonly code = 'erasure-not-recorded';
}
