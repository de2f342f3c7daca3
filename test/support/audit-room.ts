import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointMigrations } from '../../src/audit/checkpoint/history.ts';
import { Notary, type NotaryOptions } from '../../src/audit/notary.ts';
import { tileMigrations } from '../../src/audit/tree/tile-table.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { openPostgresLog, postgresLogMigrations } from '../../src/events/log/postgres.ts';
import { Writer } from './audited-log.ts';

export interface AuditRoom {
  readonly database: Database;
  readonly log: EventLog;
  readonly writer: Writer;
  /** Of its own: the key, and whatever the test puts there. */
  readonly folder: string;
  readonly problems: string[];
  open(options?: Partial<NotaryOptions>): Notary;
  close(): Promise<void>;
}

/** The whole audit room over a log in a database. */
export async function auditRoom(database: Database): Promise<AuditRoom> {
  await migrate(database, [...postgresLogMigrations, ...tileMigrations, ...checkpointMigrations]);
  const folder = mkdtempSync(join(tmpdir(), 'orderfold-audit-'));
  const log = openPostgresLog(database);
  const opened: Notary[] = [];
  const problems: string[] = [];
  return {
    database,
    log,
    writer: new Writer(log),
    folder,
    problems,
    open(options = {}) {
      const audit = new Notary({
        log,
        database,
        key: { file: join(folder, 'key'), name: 'test.example/orders' },
        memoryFile: join(folder, 'last'),
        places: [],
        clock: () => '2026-03-01T00:00:00.000Z',
        report: ({ message }) => void problems.push(message),
        journal: async () => undefined,
        streamsOf: async (orderId) => [`order-${orderId}`],
        documentsOf: async () => [],
        tell: ({ type }) => type,
        ...options,
      });
      opened.push(audit);
      return audit;
    },
    async close() {
      for (const audit of opened) await audit.close();
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
