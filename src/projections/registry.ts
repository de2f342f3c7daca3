import type { Database, Queryable } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { Projection } from './projection.ts';
import { createIndexes, createTables, showGeneration, tablesOf } from './schema.ts';

export type GenerationState = 'building' | 'active' | 'previous';

/** One set of tables of a projection, and how far it is. */
export interface Generation {
  readonly projection: string;
  readonly generation: number;
  readonly version: number;
  readonly state: GenerationState;
  readonly position: Position | 'start';
  readonly edition: number;
}

const columns = 'projection, generation, version, state, position, edition';

/** Every registered generation, newest first. */
export async function generationsOf(database: Queryable, projection: string): Promise<Generation[]> {
  return database.query<Generation>({
    text: `select ${columns} from projection_generations where projection = $1 order by generation desc`,
    values: [projection],
  });
}

// Two processes that start together must not both create the first generation.
const registerLock = 'select pg_advisory_xact_lock(7263092)';

/** The generation that readers see; the first one is created, empty and already shown. */
export async function activeGeneration(database: Database, projection: Projection): Promise<Generation> {
  const known = (await generationsOf(database, projection.name)).find((one) => one.state === 'active');
  if (known) return known;
  return database.transaction(async (tx) => {
    await tx.query({ text: registerLock });
    const all = await generationsOf(tx, projection.name);
    const other = all.find((one) => one.state === 'active');
    if (other) return other;
    const created = await addGeneration(tx, projection, 'active', (all[0]?.generation ?? 0) + 1);
    await createIndexes(tx, projection, created.generation);
    await showGeneration(tx, projection, created.generation);
    return created;
  });
}

/** Creates the tables of a new generation and registers it at the start of the log. */
export async function addGeneration(
  tx: Queryable,
  projection: Projection,
  state: GenerationState,
  generation: number,
): Promise<Generation> {
  await createTables(tx, projection, generation);
  const [created] = await tx.query<Generation>({
    text: `insert into projection_generations (projection, generation, version, state, position, tables)
           values ($1, $2, $3, $4, 'start', $5::text[]) returning ${columns}`,
    values: [projection.name, generation, projection.version, state, tablesOf(projection, generation)],
  });
  if (!created) throw new Error(`Generation ${generation} of projection ${projection.name} was not registered`);
  return created;
}

/** Drops tables, parked events and the entry of a generation. Nothing happens when it is not registered. */
export async function dropGeneration(tx: Queryable, projection: string, generation: number): Promise<void> {
  const [dropped] = await tx.query<{ tables: string[] }>({
    text: 'delete from projection_generations where projection = $1 and generation = $2 returning tables',
    values: [projection, generation],
  });
  for (const table of dropped?.tables ?? []) await tx.query({ text: `drop table if exists ${table}` });
  for (const table of ['parked_streams', 'parked_events']) {
    await tx.query({
      text: `delete from ${table} where projection = $1 and generation = $2`,
      values: [projection, generation],
    });
  }
}

/** Shows `to`, which is as far as `position`, instead of the active generation; that one stays as the previous, older ones go. */
export async function switchGeneration(
  tx: Queryable,
  projection: Projection,
  to: number,
  position: Position | 'start',
): Promise<void> {
  const all = await generationsOf(tx, projection.name);
  for (const old of all) {
    if (old.state === 'previous' && old.generation !== to) await dropGeneration(tx, projection.name, old.generation);
  }
  // Two statements, because only one generation may be active at any moment of the transaction.
  await tx.query({
    text: `update projection_generations set state = 'previous' where projection = $1 and state = 'active'`,
    values: [projection.name],
  });
  await tx.query({
    text: `update projection_generations set state = 'active', position = $3, edition = edition + 1, switched_at = now()
           where projection = $1 and generation = $2`,
    values: [projection.name, to, position],
  });
  await showGeneration(tx, projection, to);
}
