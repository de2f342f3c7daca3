import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openEmbedded } from './pglite.ts';
import { createTestDatabase, noPostgres } from './postgres.ts';

export interface OpenTestDatabase {
  readonly database: Database;
  /** Only on a server: ends every connection to this database. */
  readonly killConnections?: () => Promise<void>;
  /** Only on a server: another pool on the same database, as another process would have. The caller closes it. */
  readonly another?: () => Promise<Database>;
  readonly remove: () => Promise<void>;
}

/** Opens a fresh, empty database of the given kind. */
export async function openTestDatabase(kind: Database['kind']): Promise<OpenTestDatabase> {
  if (kind === 'pglite') return openEmbedded();
  const created = await createTestDatabase();
  if (!created) throw new Error(noPostgres);
  const open = () => openDatabase({ url: created.url, dataDirectory: '' });
  const database = await open();
  return {
    database,
    another: open,
    killConnections: created.killConnections,
    async remove() {
      await database.close();
      await created.drop();
    },
  };
}

/** The kinds of database that can be opened on this machine. */
export const kinds = (): Database['kind'][] => (inject('postgresUrl') ? ['pglite', 'postgres'] : ['pglite']);

/** Runs a suite on the embedded database and on a PostgreSQL server, each fresh and opened once for the whole suite. */
export function eachDatabase(name: string, suite: (opened: () => OpenTestDatabase) => void): void {
  for (const kind of ['pglite', 'postgres'] as const) {
    describe.skipIf(!kinds().includes(kind))(`${name} on ${kind}`, () => {
      let current: OpenTestDatabase | undefined;
      beforeAll(async () => {
        current = await openTestDatabase(kind);
      });
      afterAll(() => current?.remove());
      suite(() => {
        if (!current) throw new Error('The database is open only while tests run');
        return current;
      });
    });
  }
}
