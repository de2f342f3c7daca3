import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/open.ts';
import { openPostgresLog } from '../../src/events/log/postgres.ts';
import { projections } from '../../src/projections/all.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';

export interface Kept {
  readonly events: number;
  /** SHA-256 over what was recorded, whatever its order in the log and the clock of the recorder. */
  readonly recorded: string;
  /** SHA-256 of each table of the read models, as a rebuild tells it. */
  readonly tables: Readonly<Record<string, string>>;
  /** Read models that differ from a fold from scratch. */
  readonly differing: readonly string[];
}

/** What a data directory holds when no process works in it: its events and its read models. */
export async function keptIn(data: string): Promise<Kept> {
  const database = await openDatabase({ dataDirectory: join(data, 'database') });
  const digest = async (text: string): Promise<[number, string]> => {
    const rows = await database.query<{ line: string }>({ text });
    const hash = createHash('sha256');
    for (const { line } of rows) hash.update(line).update('\n');
    return [rows.length, hash.digest('hex')];
  };
  const [events, recorded] = await digest(
    `select json_build_array(stream, revision, event_id, type, occurred_at, data)::text as line from events order by stream, revision`,
  );
  const log = openPostgresLog(database);
  const tables: Record<string, string> = {};
  const differing: string[] = [];
  for (const projection of projections) {
    const rebuilt = await rebuildProjection({ log, database, projection });
    if (rebuilt.kind !== 'switched' || rebuilt.verdict.equal !== true) differing.push(projection.name);
    else for (const { table, digest } of rebuilt.certificate.tables) tables[table] = digest;
  }
  await log.close();
  await database.close();
  return { events, recorded, tables, differing };
}
