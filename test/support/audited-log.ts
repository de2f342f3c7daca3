import { randomUUID } from 'node:crypto';
import { hashesOf } from '../../src/audit/checkpoint/hashes.ts';
import { type CheckpointHistory, checkpointHistory, checkpointMigrations } from '../../src/audit/checkpoint/history.ts';
import { CheckpointIssuer } from '../../src/audit/checkpoint/issuer.ts';
import { newSigner, type Signer } from '../../src/audit/checkpoint/keys.ts';
import type { SignedMemory } from '../../src/audit/checkpoint/memory.ts';
import { TreeFollower } from '../../src/audit/tree/follower.ts';
import type { TileStore } from '../../src/audit/tree/tile.ts';
import { tileMigrations, tileTable } from '../../src/audit/tree/tile-table.ts';
import type { KnownHead } from '../../src/audit/verify/heads.ts';
import type { JournalCopy } from '../../src/audit/verify/journal.ts';
import { type LogVerdict, verifyLog } from '../../src/audit/verify/log.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { Fact } from '../../src/events/catalog/index.ts';
import { type ChainEnd, seal, startOfChain } from '../../src/events/chain.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { openPostgresLog, postgresLogMigrations } from '../../src/events/log/postgres.ts';

/** What a chain of test events says; their order numbers are those of their streams. */
export const metadata = (commandId: string = randomUUID()) => ({
  occurredAt: '2026-03-01T00:00:00.000Z',
  recordedAt: '2026-03-01T00:00:01.000Z',
  actor: { kind: 'user', id: 'u-1', via: 'api' } as const,
  commandId,
  correlationId: commandId,
  causationId: commandId,
});

/** Appends honest events to streams in turn, like many orders at once. */
export class Writer {
  readonly #log: EventLog;
  readonly #ends = new Map<string, ChainEnd>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  async append(stream: string, count = 1): Promise<void> {
    const end = this.#ends.get(stream) ?? { stream, revision: 'no-stream', hash: startOfChain };
    const first = end.revision === 'no-stream' ? 0 : end.revision + 1;
    const facts = Array.from(
      { length: count },
      (_, at): Fact => ({ type: 'OrderAccepted', data: { orderNo: `${stream}/${first + at}` } }),
    );
    const events = seal(end, facts, metadata());
    const outcome = await this.#log.append(stream, events, { expected: end.revision });
    if (outcome.kind !== 'appended') throw new Error(`not appended: ${outcome.kind}`);
    const last = events.at(-1);
    this.#ends.set(stream, { stream, revision: outcome.revision, hash: last?.metadata.hash ?? '' });
  }
}

export function memoryOfSigned(): SignedMemory {
  let last: Awaited<ReturnType<SignedMemory['last']>>;
  return {
    last: async () => last,
    async remember(checkpoint) {
      last = checkpoint;
    },
  };
}

export interface AuditedLog {
  readonly database: Database;
  readonly log: EventLog;
  readonly writer: Writer;
  readonly store: TileStore;
  readonly history: CheckpointHistory;
  readonly signer: Signer;
  readonly problems: string[];
  readonly memory: SignedMemory;
  follow(): TreeFollower;
  /** Follows to the end of the log, signs, and puts away what an auditor would have. */
  sign(): Promise<KnownHead>;
  verify(heads: readonly KnownHead[], journal?: JournalCopy): Promise<LogVerdict>;
  close(): Promise<void>;
}

/** A log in a fresh database with everything that watches over it. */
export async function auditedLog(database: Database): Promise<AuditedLog> {
  await migrate(database, [...postgresLogMigrations, ...tileMigrations, ...checkpointMigrations]);
  const log = openPostgresLog(database);
  const store = tileTable(database);
  const history = checkpointHistory(database);
  const signer = newSigner('test.example/log');
  const memory = memoryOfSigned();
  const problems: string[] = [];
  const followers: TreeFollower[] = [];
  const follow = (): TreeFollower => {
    const follower = new TreeFollower({ log, store, report: ({ message }) => void problems.push(message), retryMs: 1 });
    followers.push(follower);
    follower.start();
    return follower;
  };
  return {
    database,
    log,
    writer: new Writer(log),
    store,
    history,
    signer,
    problems,
    memory,
    follow,
    async sign() {
      const follower = follow();
      const grown = async () => {
        const tree = await follower.caughtUp();
        return { tree, size: tree.size, position: follower.position };
      };
      const issuer = new CheckpointIssuer({
        signer: async () => signer,
        history,
        memory,
        grown,
        clock: () => '2026-03-01T00:00:00.000Z',
      });
      const checkpoint = await issuer.issue();
      const hashes = await hashesOf(follower.tree, checkpoint.origin, checkpoint.size);
      await follower.close();
      return { checkpoint, where: 'a safe', hashes };
    },
    async verify(heads, journal) {
      const last = await history.last(signer.verifier.name);
      const ending = last && (await history.ending(last.origin, last.size));
      return verifyLog({
        log,
        store,
        heads,
        verifier: signer.verifier,
        signal: new AbortController().signal,
        ...(last && ending && { ending: { ...ending, size: last.size } }),
        ...(journal && { journal }),
      });
    },
    async close() {
      for (const follower of followers) await follower.close();
      await log.close();
    },
  };
}
