import type { Database, Migration } from '../../database/database.ts';
import { sqlState } from '../../database/errors.ts';
import type { Position } from '../../events/envelope.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { hashBytes } from '../tree/hashing.ts';
import type { Tile } from '../tree/tile.ts';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

const table = `
create table audit_checkpoints (
  origin text collate "C" not null,
  size bigint not null,
  -- Size of the one before it, -1 for the first: no two follow the same.
  follows bigint not null,
  note text not null,
  last_position text collate "C" not null,
  leaves bytea not null,
  places text not null,
  issued_at timestamptz not null,
  primary key (origin, size),
  unique (origin, follows)
);
`;

export const checkpointMigrations: readonly Migration[] = [{ name: 'audit-checkpoints-1', sql: table }];

export interface KeptCheckpoint extends SignedCheckpoint {
  /** Position of the last event under it. */
  readonly position: Position | 'start';
  /** By the clock of this service; not signed. */
  readonly issuedAt: string;
}

/** The leaves after the last complete tile of the tree under a checkpoint. */
export type Ending = Pick<Tile, 'hashes' | 'places'>;

/** Every checkpoint that was signed. One that was changed since is given as it is: no key bears it out. */
export interface CheckpointHistory {
  /** Names of the keys that signed. */
  origins(): Promise<readonly string[]>;
  last(origin: string): Promise<KeptCheckpoint | undefined>;
  /** Newest first, below a size. */
  list(origin: string, o: { readonly below?: number; readonly limit: number }): Promise<readonly KeptCheckpoint[]>;
  /** All of them, newest first, page by page. */
  all(origin: string): AsyncIterable<KeptCheckpoint>;
  at(origin: string, size: number): Promise<KeptCheckpoint | undefined>;
  /** The first that covers so many events. */
  covering(origin: string, size: number): Promise<KeptCheckpoint | undefined>;
  ending(origin: string, size: number): Promise<Ending | undefined>;
  /** False: another process added one meanwhile that follows the same. */
  add(checkpoint: KeptCheckpoint, ending: Ending, follows: number | undefined): Promise<boolean>;
}

interface Row {
  readonly origin: string;
  readonly size: string;
  readonly note: string;
  readonly last_position: string;
  readonly issued_at: string;
}

const columns = 'origin, size, note, last_position, issued_at';
const uniqueViolation = '23505';
const pageSize = 1_000;

const keptFrom = (row: Row): KeptCheckpoint => ({
  ...headIn(row),
  position: row.last_position,
  issuedAt: row.issued_at,
});

function headIn({ origin, size, note }: Row): SignedCheckpoint {
  const changed = { origin, size: Number(size), root: Buffer.alloc(hashBytes), note };
  try {
    const head = parseCheckpoint(note);
    return head.origin === origin && head.size === changed.size ? head : changed;
  } catch (error) {
    if (error instanceof InvalidValue) return changed;
    throw error;
  }
}

/** In the database; `checkpointMigrations` must have been applied. */
export function checkpointHistory(database: Pick<Database, 'query'>): CheckpointHistory {
  const some = async (condition: string, values: readonly unknown[]): Promise<readonly KeptCheckpoint[]> => {
    const text = `select ${columns} from audit_checkpoints where origin = $1 ${condition}`;
    return (await database.query<Row>({ text, values })).map(keptFrom);
  };
  const one = async (condition: string, values: readonly unknown[]) => (await some(condition, values))[0];
  const list: CheckpointHistory['list'] = (origin, { below = Number.MAX_SAFE_INTEGER, limit }) =>
    some('and size < $2 order by size desc limit $3', [origin, below, limit]);
  return {
    list,
    async *all(origin) {
      for (let below = Number.MAX_SAFE_INTEGER; ; ) {
        const page = await list(origin, { below, limit: pageSize });
        yield* page;
        const last = page.at(-1);
        if (!last || page.length < pageSize) return;
        below = last.size;
      }
    },
    async origins() {
      const text = 'select distinct origin from audit_checkpoints order by origin';
      return (await database.query<Pick<Row, 'origin'>>({ text })).map(({ origin }) => origin);
    },
    last: (origin) => one('order by size desc limit 1', [origin]),
    at: (origin, size) => one('and size = $2', [origin, size]),
    covering: (origin, size) => one('and size >= $2 order by size limit 1', [origin, size]),
    async ending(origin, size) {
      const text = `select encode(leaves, 'base64') as leaves, places from audit_checkpoints where origin = $1 and size = $2`;
      const [row] = await database.query<{ leaves: string; places: string }>({ text, values: [origin, size] });
      if (!row) return undefined;
      return {
        hashes: Buffer.from(row.leaves, 'base64'),
        places: row.places === '' ? [] : row.places.split('\n'),
      };
    },
    async add({ origin, size, note, position, issuedAt }, { hashes, places }, follows = -1) {
      const values = [origin, size, follows, note, position, hashes.toString('base64'), places.join('\n'), issuedAt];
      try {
        await database.query({
          text: `insert into audit_checkpoints (origin, size, follows, note, last_position, leaves, places, issued_at)
            values ($1, $2, $3, $4, $5, decode($6, 'base64'), $7, $8)`,
          values,
        });
        return true;
      } catch (error) {
        if (sqlState(error) === uniqueViolation) return false;
        throw error;
      }
    },
  };
}
