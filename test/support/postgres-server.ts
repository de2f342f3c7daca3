import type { TestProject } from 'vitest/node';
import { noPostgres, startPostgres } from './postgres.ts';

/** Vitest's global setup: one PostgreSQL server for all test files of a run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  if (!server) console.warn(noPostgres);
  project.provide('postgresUrl', server?.url ?? '');
  return async () => server?.stop();
}
