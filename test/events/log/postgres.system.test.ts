import { migrate } from '../../../src/database/migrate.ts';
import { openPostgresLog, postgresLogMigrations } from '../../../src/events/log/postgres.ts';
import { eventLogContract, type OpenedLog } from '../../contract/eventLog.ts';
import { kinds, openTestDatabase } from '../../support/databases.ts';

for (const kind of kinds()) {
  eventLogContract(kind, async (): Promise<OpenedLog> => {
    const { database, another, killConnections, remove } = await openTestDatabase(kind);
    await migrate(database, postgresLogMigrations);
    const log = openPostgresLog(database);
    return {
      log,
      second: async () => {
        const rival = (await another?.()) ?? database;
        const other = openPostgresLog(rival);
        return {
          append: other.append,
          readStream: (...args) => other.readStream(...args),
          subscribe: (options) => other.subscribe(options),
          head: other.head,
          close: async () => {
            await other.close();
            if (rival !== database) await rival.close();
          },
        };
      },
      ...(killConnections ? { killConnections } : {}),
      close: async () => {
        await log.close();
        await remove();
      },
    };
  });
}
