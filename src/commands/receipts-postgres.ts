import { randomUUID } from 'node:crypto';
import { batched } from '../database/batching.ts';
import type { Database, Migration } from '../database/database.ts';
import type { Idempotency } from './handle.ts';
import type { Answer, Claim, Receipts } from './receipts.ts';

export const receiptMigrations: readonly Migration[] = [
  {
    name: 'command-receipts-1',
    sql: `create table command_receipts (
      principal text collate "C" not null,
      key text collate "C" not null,
      body_hash text not null,
      claimant uuid not null,
      claimed_at timestamptz not null,
      leased_until timestamptz not null,
      answer json,
      primary key (principal, key)
    ) with (fillfactor = 60);
    create index command_receipts_claimed_at on command_receipts using brin (claimed_at);`,
  },
];

export interface ReceiptOptions {
  /** How long a claim without an answer keeps others out, in milliseconds; longer than a command takes. 30 s if left out. */
  readonly leaseMs?: number;
  /**
   * True when the log of record lies in the same database. A claim then need not be synced by itself: the events that
   * follow it are written after it, and syncing them syncs the claim.
   */
  readonly syncedByLog?: boolean;
}

/** Takes effect at the commit of the one statement it is part of, without a round trip of its own. */
const unsynced = `(select set_config('synchronous_commit', 'off', true)) is not null`;

/**
 * Takes keys that are new, and keys without an answer whose claimant was cut off: its lease has run out, or it is this very
 * process, which no longer works on the key or it would not ask. Every row returned was taken.
 */
const claimSql = (condition: string) => `
  insert into command_receipts as r (principal, key, body_hash, claimant, claimed_at, leased_until)
  select principal, key, body_hash, $3::uuid, clock_timestamp(), clock_timestamp() + $2::int * interval '1 millisecond'
  from json_to_recordset($1::json) as asked(principal text, key text, body_hash text)
  where ${condition}
  on conflict (principal, key) do update set leased_until = excluded.leased_until, claimant = excluded.claimant
    where r.answer is null and r.body_hash = excluded.body_hash
      and (r.leased_until <= clock_timestamp() or r.claimant = excluded.claimant)
  returning principal, key, (xmax = 0) as fresh`;

const lookupSql = `
  select principal, key, r.body_hash, r.answer
  from json_to_recordset($1::json) as asked(principal text, key text) join command_receipts r using (principal, key)`;

const open = `json_to_recordset($1::json) as given(principal text, key text, answer json)
  where r.principal = given.principal and r.key = given.key and r.answer is null and ${unsynced}`;
const answerSql = `update command_receipts r set answer = given.answer from ${open}`;
const dropSql = `delete from command_receipts r using ${open}`;
const leaveOpenSql = `update command_receipts r set leased_until = clock_timestamp() from ${open}`;

const purgeSql = `delete from command_receipts
  where claimed_at < $1::timestamptz and (answer is not null or leased_until <= clock_timestamp()) returning 1`;

type Asked = Idempotency;
type Key = Pick<Asked, 'principal' | 'key'>;

const nameOf = ({ principal, key }: Key): string => JSON.stringify([principal, key]);

/** Rows are locked in the order of the list: one order in all processes, so they never wait for each other in a circle. */
const inOrder = <T extends Key>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

/** Receipts in PostgreSQL. All claims, and all answers, that come together are written by one statement. */
export function postgresReceipts(
  database: Database,
  { leaseMs = 30_000, syncedByLog = false }: ReceiptOptions = {},
): Receipts {
  const claimStatement = claimSql(syncedByLog ? unsynced : 'true');
  const claimant = randomUUID();
  /** Keys that this process works on: its own repeats need not ask the database. */
  const working = new Map<string, string>();
  const ending = new Map<string, Promise<void>>();

  const claimAll = batched<Asked, Claim>(async (asked) => {
    const list = asked.map(({ principal, key, bodyHash }) => ({ principal, key, body_hash: bodyHash }));
    const taken = await database.query<Key & { fresh: boolean }>({
      name: syncedByLog ? 'claim-receipts-unsynced' : 'claim-receipts',
      text: claimStatement,
      values: [JSON.stringify(inOrder(list)), leaseMs, claimant],
    });
    const claims = new Map<string, Claim>(
      taken.map((row) => [nameOf(row), { kind: row.fresh ? 'fresh' : 'taken-over' }]),
    );
    const others = asked.filter((one) => !claims.has(nameOf(one)));
    if (others.length > 0) for (const [name, claim] of await lookUp(database, others)) claims.set(name, claim);
    return asked.map((one) => claims.get(nameOf(one)) ?? { kind: 'in-flight' });
  });

  const write = (name: string, text: string) => {
    const all = batched<Key & { readonly answer?: Answer }, undefined>(async (items) => {
      await database.query({ name, text, values: [JSON.stringify(inOrder(items))] });
      return items.map(() => undefined);
    });
    return ({ principal, key }: Key, answer?: Answer): Promise<void> => {
      const id = nameOf({ principal, key });
      const written = all({ principal, key, ...(answer && { answer }) }).finally(() => {
        working.delete(id);
        ending.delete(id);
      });
      ending.set(id, written);
      return written;
    };
  };

  return {
    async claim(asked) {
      const id = nameOf(asked);
      await ending.get(id)?.catch(() => undefined); // its failure is reported to the one who writes it
      const other = working.get(id);
      if (other !== undefined) return { kind: other === asked.bodyHash ? 'in-flight' : 'reused' };
      working.set(id, asked.bodyHash);
      try {
        const claim = await claimAll(asked);
        if (claim.kind !== 'fresh' && claim.kind !== 'taken-over') working.delete(id);
        return claim;
      } catch (error) {
        working.delete(id);
        throw error;
      }
    },
    answer: write('answer-receipts', answerSql),
    drop: write('drop-receipts', dropSql),
    leaveOpen: write('leave-receipts-open', leaveOpenSql),
    async purge(before) {
      const gone = await database.query({ text: purgeSql, values: [before] });
      return gone.length;
    },
  };
}

/** What became of keys that could not be claimed. One that has just been dropped counts as in flight: the caller asks again. */
async function lookUp(database: Database, asked: readonly Asked[]): Promise<Map<string, Claim>> {
  const rows = await database.query<Key & { body_hash: string; answer: string | null }>({
    name: 'look-up-receipts',
    text: lookupSql,
    values: [JSON.stringify(asked.map(({ principal, key }) => ({ principal, key })))],
  });
  const bodies = new Map(asked.map((one) => [nameOf(one), one.bodyHash]));
  return new Map(
    rows.map((row): [string, Claim] => {
      const id = nameOf(row);
      if (row.body_hash !== bodies.get(id)) return [id, { kind: 'reused' }];
      return [id, row.answer === null ? { kind: 'in-flight' } : { kind: 'answered', answer: JSON.parse(row.answer) }];
    }),
  );
}
