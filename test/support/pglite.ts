import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';

export interface Embedded {
  readonly database: Database;
  readonly dataDirectory: string;
  /** Closes the database and deletes its files. */
  remove(): Promise<void>;
}

/** An empty embedded database in a temporary directory. */
export async function openEmbedded(): Promise<Embedded> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'orderfold-pglite-'));
  const database = await openDatabase({ dataDirectory });
  return {
    database,
    dataDirectory,
    async remove() {
      await database.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
