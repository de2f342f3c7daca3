import { createCommandHandler } from '../../src/commands/handle.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresLog, postgresLogMigrations } from '../../src/events/log/postgres.ts';
import { type ImportRequest, importHistory } from '../../src/import/import-history.ts';
import { projections } from '../../src/projections/all.ts';
import { type KpiQuery, queryKpi } from '../../src/projections/kpi/reader.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { createRunner } from '../../src/projections/runner.ts';
import { openEmbedded } from './pglite.ts';

/** An embedded database into which history is imported, with its read models. */
export async function importedDatabase(clock: () => string) {
  const embedded = await openEmbedded();
  const { database } = embedded;
  await migrate(database, [...postgresLogMigrations, ...projectionMigrations]);
  const log = openPostgresLog(database);
  return {
    log,
    run: (request: ImportRequest) =>
      importHistory({ handler: createCommandHandler({ log, clock }), log, clock }, request),
    /** Waits until the read models show everything. */
    async project(): Promise<void> {
      const problems: unknown[] = [];
      const runner = createRunner({ log, database, projections, report: (problem) => void problems.push(problem) });
      runner.start();
      const head = await log.head();
      const reached = head === 'start' || (await runner.waitFor(head, { timeoutMs: 100_000 }));
      await runner.stop();
      if (!reached || problems.length > 0) throw new Error(`not projected: ${JSON.stringify(problems)}`);
    },
    kpi: (query: Partial<KpiQuery> & Pick<KpiQuery, 'kpi'>) =>
      queryKpi(database, {
        grain: 'line',
        basis: 'commit',
        population: 'delivered',
        group: [],
        filter: {},
        asOf: clock().slice(0, 10),
        ...query,
      }),
    async close(): Promise<void> {
      await log.close();
      await embedded.remove();
    },
  };
}
export type ImportedDatabase = Awaited<ReturnType<typeof importedDatabase>>;
