import type { Logger } from 'pino';
import { apiKeyMigrations } from '../api/keys/migrations.ts';
import { createApiKeys } from '../api/keys/store.ts';
import { createAccessLog } from '../audit/access/log.ts';
import { createViewing } from '../audit/access/viewing.ts';
import { checkpointMigrations } from '../audit/checkpoint/history.ts';
import { foldedCopies, standingCopies } from '../audit/erasure/copies.ts';
import { createErasing, erasureMigrations } from '../audit/erasure/erase.ts';
import { createSubjectExports } from '../audit/subject/export.ts';
import { tileMigrations } from '../audit/tree/tile-table.ts';
import { createCommandHandler } from '../commands/handle.ts';
import { orderNumberMigrations, orderNumbers } from '../commands/order-numbers.ts';
import { postgresReceipts, receiptMigrations } from '../commands/receipts-postgres.ts';
import type { Config } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { openEventStoreLog } from '../events/log/eventstoredb.ts';
import { openPostgresLog, postgresLogMigrations } from '../events/log/postgres.ts';
import { personKeyMigrations, personKeys } from '../events/seals/person-keys.ts';
import { createSeals } from '../events/seals/seals.ts';
import { createAccessReader } from '../projections/access.ts';
import { createAlertReader } from '../projections/alerts/reader.ts';
import { certificateReader } from '../projections/certificates/store.ts';
import { createContactReader } from '../projections/contacts.ts';
import { createCustomerReader } from '../projections/customers.ts';
import { createPriceBooks } from '../projections/master/price-book.ts';
import { createMasterReader } from '../projections/master/reader.ts';
import { projectionMigrations } from '../projections/migrations.ts';
import { createOrderReader } from '../projections/orders/reader.ts';
import { ensurePublished, unshown } from '../projections/published.ts';
import { openQuarantineDesk } from '../projections/quarantine/desk.ts';
import { openRebuilds } from '../projections/rebuilds.ts';
import { activeGeneration } from '../projections/registry.ts';
import { createRunner } from '../projections/runner.ts';
import { tablesOf } from '../projections/schema.ts';
import { journalOf } from './journal.ts';
import { openMasterKeys } from './master-keys.ts';
import { notaryOf } from './notary.ts';
import { readModels } from './read-models.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;

/** Puts the rooms together, once: database, log of record, command handler, projections, keys. Nothing runs yet. */
export async function openHouse(config: Config, logger: Logger) {
  const report = (problem: { message: string; error?: unknown }): void =>
    logger.warn({ err: problem.error }, problem.message);
  const clock = (): string => new Date().toISOString();
  const database = await openDatabase({
    url: config.databaseUrl,
    dataDirectory: config.embeddedDirectory,
    poolSize: config.poolSize,
    report,
  });
  try {
    await migrate(database, [
      ...postgresLogMigrations,
      ...receiptMigrations,
      ...orderNumberMigrations,
      ...personKeyMigrations,
      ...erasureMigrations,
      ...projectionMigrations,
      ...apiKeyMigrations,
      ...tileMigrations,
      ...checkpointMigrations,
    ]);
    const masterKeys = await openMasterKeys(config, database, (words) => logger.warn(words));
    const seals = createSeals(personKeys(database, masterKeys));
    // Whoever reads before the first event is projected finds empty read models, not missing ones.
    for (const projection of await unshown(database, readModels)) {
      await activeGeneration(database, projection);
      await ensurePublished(database, projection);
    }
    const log = config.eventStoreUrl
      ? await openEventStoreLog({ url: config.eventStoreUrl, report })
      : openPostgresLog(database);
    // In one database the append that follows a claim makes the claim durable with it.
    const receipts = postgresReceipts(database, { syncedByLog: !config.eventStoreUrl });
    const handler = createCommandHandler({ log, receipts, seals, clock, report });
    const viewing = createViewing(seals, createAccessLog({ handler, clock }), clock);
    const tables = readModels.flatMap((model) => tablesOf(model, 0)).map((table) => table.replace(/_g0$/, '_g*'));
    const copies = [...standingCopies, ...foldedCopies(tables)];
    const runner = createRunner({ log, database, projections: readModels, report });
    const master = createMasterReader(database);
    const journal = journalOf(config, { log, report });
    const notary = notaryOf(config, { log, database, journal, clock, report });
    const rebuilds = openRebuilds({
      ...{ log, database, projections: readModels, clock, report },
      archive: () => journal.open().catch(() => undefined),
    });
    return {
      config,
      logger,
      clock,
      database,
      log,
      masterKeys,
      seals,
      receipts,
      handler,
      numbers: orderNumbers(database),
      runner,
      journal,
      notary,
      orders: createOrderReader(database, runner.checkpoints),
      customers: createCustomerReader(database),
      contacts: createContactReader(database),
      accesses: createAccessReader(database),
      viewing,
      copies,
      erasing: createErasing({ database, handler, keys: seals.keys, copies, clock }),
      subjects: createSubjectExports({ log, viewing, clock }),
      master,
      prices: createPriceBooks(database, master),
      alerts: createAlertReader(database),
      certificates: certificateReader(database),
      quarantine: openQuarantineDesk({ database, log, handler, projections: readModels }),
      rebuilds,
      keys: createApiKeys(database, clock),
      /** Resolves when the read models show everything that the log holds now. Ends early when the signal aborts. */
      projected: async (signal?: AbortSignal): Promise<void> => {
        const head = await log.head();
        while (head !== 'start' && !signal?.aborted && !(await runner.waitFor(head, { timeoutMs: 1000 })));
      },
      close: async (): Promise<void> => {
        await rebuilds.stop();
        await runner.stop();
        await notary.close();
        await journal.close();
        await handler.settle();
        await log.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
