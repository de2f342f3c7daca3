import type { Database } from '../../src/database/database.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { projections } from '../../src/projections/all.ts';
import { digestGeneration } from '../../src/projections/digest.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { withdrawViews } from '../../src/projections/published.ts';
import { activeGeneration, dropGeneration, generationsOf } from '../../src/projections/registry.ts';
import { createRunner, type Runner, type RunnerOptions } from '../../src/projections/runner.ts';
import { readableShapes } from '../../src/projections/schema.ts';

/** Quick retries: tests make many things fail. */
export const quick = { baseMs: 2, factor: 1.5, capMs: 20 } as const;

export type RunnerSetup = Partial<RunnerOptions> & { readonly log: EventLog; readonly database: Database };

export const runnerOn = (setup: RunnerSetup): Runner =>
  createRunner({ projections, report: () => {}, backoff: quick, lookMs: 20, ...setup });

/** Projects what the log holds now, and stops. */
export async function projectAll(setup: RunnerSetup): Promise<void> {
  const runner = runnerOn(setup);
  runner.start();
  const head = await setup.log.head();
  if (head !== 'start' && !(await runner.waitFor(head, { timeoutMs: 60_000 }))) {
    throw new Error(`Not projected: ${JSON.stringify(runner.states())}`);
  }
  await runner.stop();
}

/** Digest of every table that readers see. */
export async function digestsOf(database: Database, list: readonly Projection[] = projections): Promise<object> {
  const all: Record<string, unknown> = {};
  for (const projection of list) {
    const { generation } = await activeGeneration(database, projection);
    Object.assign(all, await digestGeneration(database, projection, generation));
  }
  return all;
}

/** As if these projections had never run. */
export async function forgetProjections(database: Database, list: readonly Projection[] = projections): Promise<void> {
  for (const projection of list) {
    await withdrawViews(database, projection);
    for (const shape of readableShapes(projection)) await database.execute(`drop view if exists ${shape.name}`);
    for (const { generation } of await generationsOf(database, projection.name)) {
      await database.transaction((tx) => dropGeneration(tx, projection.name, generation));
    }
  }
}
