import type { FactTable } from '../facts/tables.ts';
import type { Table } from '../table.ts';
import type { Selection } from './selection.ts';
import { type Snapshot, type SnapshotOptions, snapshotOf } from './snapshot.ts';

interface Shared {
  readonly snapshot: Promise<Snapshot>;
  users: number;
}

/**
 * Snapshots of (nearly) whole tables are large: those who ask for the same columns at the same moment get the same one. It goes
 * when the last of them is done.
 */
export class SharedSnapshots {
  readonly #known = new Map<string, Shared>();

  /** `moment` names the state of the table: the same moment is the same rows. */
  async take(moment: string, source: FactTable, selection: Selection, options: SnapshotOptions): Promise<Snapshot> {
    const { where = [], limit = source.rows, columns } = selection;
    if (where.length > 0 || limit < source.rows / 2) return snapshotOf(source, selection, options);
    const key = JSON.stringify([source.name, moment, columns]);
    const shared = this.#known.get(key) ?? {
      snapshot: snapshotOf(source, columns ? { columns } : {}, { directory: options.directory }),
      users: 0,
    };
    this.#known.set(key, shared);
    shared.users += 1;
    const leave = async (): Promise<void> => {
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#known.delete(key);
      await (await shared.snapshot).close();
    };
    try {
      return limited(await shared.snapshot, limit, leave);
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }
}

/** The first rows of a snapshot that others read too. */
function limited({ table, rows, fitting, parts }: Snapshot, limit: number, leave: () => Promise<void>): Snapshot {
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= leave();
    return closed;
  };
  return { table, rows: Math.min(rows, limit), fitting, close, parts: () => firstRows(parts(), limit) };
}

async function* firstRows(parts: AsyncIterable<Table>, limit: number): AsyncGenerator<Table> {
  let left = limit;
  for await (const part of parts) {
    yield part.rows <= left ? part : { ...part, rows: left };
    left -= part.rows;
    if (left <= 0) return;
  }
}
