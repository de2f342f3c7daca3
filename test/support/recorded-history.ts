import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/open.ts';
import { openPostgresLog } from '../../src/events/log/postgres.ts';
import { projections } from '../../src/projections/all.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import { readableShapes } from '../../src/projections/schema.ts';

export interface Kept {
  readonly events: number;
  /** SHA-256 over what was recorded, whatever its order in the log and the clock of the recorder. */
  readonly recorded: string;
  /** SHA-256 of each table of the read models, log positions aside: they differ from one log to another. */
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
  const tables: Record<string, string> = {};
  for (const { name, columns, key } of projections.flatMap(readableShapes)) {
    const wanted = Object.keys(columns).filter((column) => column !== 'position');
    const select = `select row_to_json(r)::text as line from (select ${wanted.join(', ')} from ${name} order by ${key.join(', ')}) r`;
    [, tables[name] = ''] = await digest(select);
  }
  const [events, recorded] = await digest(
    `select json_build_array(stream, revision, event_id, type, occurred_at, data)::text as line from events order by stream, revision`,
  );
  const log = openPostgresLog(database);
  const differing: string[] = [];
  for (const projection of projections) {
    const rebuilt = await rebuildProjection({ log, database, projection });
    if (rebuilt.kind !== 'switched' || rebuilt.verdict.equal !== true) differing.push(projection.name);
  }
  await log.close();
  await database.close();
  return { events, recorded, tables, differing };
}
