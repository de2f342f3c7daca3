import type { Database } from './database.ts';
import { openEmbedded } from './embedded/open.ts';
import type { Report } from './pooled.ts';
import { openPostgres } from './postgres.ts';

export interface OpenOptions {
  /** `postgres://...`; without it the embedded PostgreSQL in `dataDirectory` is used. */
  readonly url?: string | undefined;
  readonly dataDirectory: string;
  readonly poolSize?: number;
  readonly report?: Report;
}

/** Opens the database of this installation. Throws DirectoryInUse when another process works in `dataDirectory`. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const report = options.report ?? (() => {});
  if (options.url) return openPostgres({ url: options.url, poolSize: options.poolSize ?? 10, report });
  return openEmbedded({ dataDirectory: options.dataDirectory, report });
}
