import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../../database/database.ts';
import type { Position } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { orderNumbersOf } from '../order-numbers.ts';
import type { Projection } from '../projection.ts';
import { readSkips } from '../quarantine/skips.ts';
import { type Generation, generationsOf } from '../registry.ts';
import { differencesOf } from './causes.ts';
import { type Certificate, type CertificateVerdict, sealed } from './certificate.ts';
import { type Comparison, compareGenerations } from './compare.ts';
import { codeFingerprint, schemaFingerprint } from './fingerprint.ts';
import { keepCertificate } from './store.ts';

export interface Certifying {
  readonly database: Database;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly projection: Projection;
  readonly source: Certificate['source'];
}

/** Where the rebuilt tables were brought to, and where the shown ones were at that time. */
export interface Followed {
  readonly live: Position | 'start';
  readonly goal: Position | 'start';
}

interface Snapshot {
  readonly live: Generation;
  readonly built: Generation;
  readonly covered: Certificate['covered'];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly comparison: Comparison;
  readonly orderNumbers: ReadonlyMap<string, string>;
}

/**
 * Compares rebuilt and shown tables at the same position and publishes what was found. Nobody waits meanwhile: it reads one
 * snapshot. Undefined: the shown tables have moved on, so there is nothing to compare yet.
 */
export async function certify(
  { database, log, projection, source }: Certifying,
  generation: number,
  followed: Followed,
): Promise<Certificate | undefined> {
  const skips = await readSkips(log, projection.name);
  const snapshot = await database.transaction((tx) => look(tx, projection, generation, followed));
  if (!snapshot) return undefined;
  const { live, built, covered, startedAt, finishedAt, comparison, orderNumbers } = snapshot;
  const sameVersion = live.version === built.version;
  const certificate = sealed({
    ...{ id: randomUUID(), format: 1, projection: projection.name, version: built.version, generation },
    shown: { generation: live.generation, version: live.version, position: live.position },
    ...{ source, covered, skipped: skips.list, tables: comparison.tables },
    ...{ schema: schemaFingerprint(projection), code: codeFingerprint(), startedAt, finishedAt },
    verdict: verdictOf(comparison, sameVersion),
    differing: comparison.differing,
    differences: await differencesOf(comparison, { log, projection, skips, sameVersion, orderNumbers }),
  });
  await keepCertificate(database, certificate);
  return certificate;
}

function verdictOf({ tables, differing }: Comparison, sameVersion: boolean): CertificateVerdict {
  if (!sameVersion) return 'new-version';
  return differing === 0 && tables.every(({ digest, shown }) => digest === shown?.digest) ? 'equal' : 'different';
}

async function look(
  tx: Queryable,
  projection: Projection,
  generation: number,
  followed: Followed,
): Promise<Snapshot | undefined> {
  await tx.query({ text: 'set transaction isolation level repeatable read, read only' });
  await tx.query({ text: 'set local statement_timeout = 0' });
  const all = await generationsOf(tx, projection.name);
  const live = all.find(({ state }) => state === 'active');
  const built = all.find((one) => one.generation === generation && one.state === 'building');
  if (!live || !built)
    throw new Error(`Generation ${generation} of ${projection.name} was dropped while it was being built`);
  if (live.position !== followed.live) return undefined;
  const comparison = await compareGenerations(tx, projection, live, built);
  const ids = comparison.rows.flatMap(({ key }) => key.order_id ?? []);
  return {
    ...{ live, built, comparison },
    orderNumbers: await orderNumbersOf(tx, ids),
    ...(await coverage(tx, built, followed.goal)),
  };
}

async function coverage(
  tx: Queryable,
  { projection, generation }: Generation,
  last: Position | 'start',
): Promise<Pick<Snapshot, 'covered' | 'startedAt' | 'finishedAt'>> {
  const [row] = await tx.query<{ events: string; first: string | null; started: string; finished: string }>({
    text: `select events, first_position as first, created_at as started, clock_timestamp() as finished
           from projection_generations where projection = $1 and generation = $2`,
    values: [projection, generation],
  });
  if (!row) throw new Error(`Generation ${generation} of ${projection} is not registered`);
  return {
    covered: { first: row.first, last, events: Number(row.events) },
    startedAt: new Date(row.started).toISOString(),
    finishedAt: new Date(row.finished).toISOString(),
  };
}
