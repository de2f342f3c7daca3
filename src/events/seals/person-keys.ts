import type { Database, Migration, Queryable } from '../../database/database.ts';
import { decrypt, encrypt, type MasterKey, newKeyBytes } from './cipher.ts';
import { MasterKeyProblem, PersonErased } from './problems.ts';

/**
 * The keys of persons, wrapped by the master key. Not in the log, because what lies there stays for ever: destroying a key is
 * what erases. Never cached: a key that was destroyed opens nothing any more, in no process.
 */
export const personKeyMigrations: readonly Migration[] = [
  {
    name: 'person-keys-1',
    sql: `
      create table person_keys (
        -- A person, or a purpose of our own like purpose:receipts.
        owner text collate "C" not null,
        version integer not null,
        -- Null once destroyed. The row stays, so that no new key is made for somebody who was erased.
        wrapped text,
        master_id text collate "C",
        created_at timestamptz not null default now(),
        destroyed_at timestamptz,
        primary key (owner, version)
      );
      create index person_keys_master on person_keys (master_id) where wrapped is not null`,
  },
];

export interface DataKey {
  readonly version: number;
  readonly bytes: Buffer;
}

export interface OwnedKeys {
  readonly erased: boolean;
  /** Keys that could be opened, by version. */
  readonly keys: ReadonlyMap<number, Buffer>;
}

export interface PersonKeys {
  /** The newest key; the first is made now. Throws PersonErased, MasterKeyProblem. */
  current(owner: string): Promise<DataKey>;
  /** Owners without any key are left out. */
  of(owners: readonly string[]): Promise<ReadonlyMap<string, OwnedKeys>>;
  /** A new key for what is sealed from now on; answers its version. Throws PersonErased, MasterKeyProblem. */
  rotate(owner: string): Promise<number>;
  /** Destroys all keys. Again changes nothing. */
  destroy(owner: string): Promise<void>;
  /** Wraps all keys by the current master key, in one transaction; answers how many were wrapped by another. */
  rewrap(): Promise<number>;
  /** Throws MasterKeyProblem when there are keys that none of the master keys opens. */
  check(): Promise<void>;
}

interface KeyRow {
  readonly owner: string;
  readonly version: number;
  readonly wrapped: string | null;
  readonly master_id: string | null;
}

export interface MasterKeys {
  /** Wraps new keys; none where no personal data is kept. */
  readonly current?: MasterKey | undefined;
  /** Also opens keys, while a change of master keys is under way. */
  readonly old?: MasterKey | undefined;
}

const columns = 'owner, version, wrapped, master_id';

/** Binds a wrapped key to its place, so that nobody's key passes for somebody else's. */
const boundTo = (owner: string, version: number): string => JSON.stringify(['data key', owner, version]);

export function personKeys(database: Database, masters: MasterKeys): PersonKeys {
  const wrapping = (): MasterKey => {
    if (!masters.current) throw new MasterKeyProblem('master-key-missing');
    return masters.current;
  };
  const opened = ({ owner, version, wrapped, master_id }: KeyRow): Buffer | undefined => {
    const master = [masters.current, masters.old].find((key) => key?.id === master_id);
    return master && wrapped !== null ? decrypt(master.bytes, wrapped, boundTo(owner, version)) : undefined;
  };
  const openedOrThrow = (row: KeyRow): DataKey => {
    if (row.wrapped === null) throw new PersonErased(row.owner);
    const bytes = opened(row);
    if (!bytes) throw new MasterKeyProblem(masters.current ? 'master-key-wrong' : 'master-key-missing');
    return { version: row.version, bytes };
  };
  const newest = async (on: Queryable, owner: string): Promise<KeyRow | undefined> => {
    const [row] = await on.query<KeyRow>({
      name: 'person-key-newest',
      text: `select ${columns} from person_keys where owner = $1 order by version desc limit 1`,
      values: [owner],
    });
    return row;
  };
  const add = async (on: Queryable, owner: string, version: number): Promise<void> => {
    const master = wrapping();
    const wrapped = encrypt(master.bytes, newKeyBytes(), boundTo(owner, version));
    await on.query({
      text: 'insert into person_keys (owner, version, wrapped, master_id) values ($1, $2, $3, $4) on conflict do nothing',
      values: [owner, version, wrapped, master.id],
    });
  };

  return {
    async current(owner) {
      const known = await newest(database, owner);
      if (known) return openedOrThrow(known);
      await add(database, owner, 1);
      const made = await newest(database, owner);
      if (!made) throw new Error('A key that was made is not there');
      return openedOrThrow(made);
    },
    async of(owners) {
      const rows = await database.query<KeyRow>({
        name: 'person-keys-of',
        text: `select ${columns} from person_keys where owner = any($1::text[])`,
        values: [[...new Set(owners)]],
      });
      const found = new Map<string, { erased: boolean; keys: Map<number, Buffer> }>();
      for (const row of rows) {
        const owned = found.get(row.owner) ?? { erased: false, keys: new Map() };
        found.set(row.owner, owned);
        owned.erased ||= row.wrapped === null;
        const bytes = opened(row);
        if (bytes) owned.keys.set(row.version, bytes);
      }
      return found;
    },
    rotate: (owner) =>
      database.transaction(async (tx) => {
        await lock(tx, owner);
        const known = await newest(tx, owner);
        if (known) openedOrThrow(known);
        const version = (known?.version ?? 0) + 1;
        await add(tx, owner, version);
        return version;
      }),
    async destroy(owner) {
      await database.transaction(async (tx) => {
        await lock(tx, owner);
        await tx.query({
          text: `update person_keys set wrapped = null, master_id = null, destroyed_at = coalesce(destroyed_at, now())
                 where owner = $1`,
          values: [owner],
        });
      });
      // The rows as they were before still hold the wrapped keys: the table is written anew, and its old file goes.
      await database.query({ text: 'vacuum full person_keys' });
    },
    rewrap: () => rewrap(database, wrapping(), openedOrThrow),
    async check() {
      const given = [masters.current, masters.old].flatMap((key) => (key ? [key.id] : []));
      const [foreign] = await database.query({
        text: `select 1 from (select min(master_id) as least, max(master_id) as most from person_keys
                              where wrapped is not null) m
               where least is not null and (least <> all($1::text[]) or most <> all($1::text[]))`,
        values: [given],
      });
      if (foreign) throw new MasterKeyProblem(given.length > 0 ? 'master-key-wrong' : 'master-key-missing');
    },
  };
}

/** Held until the transaction ends: nobody makes a key for somebody who is being erased. */
async function lock(tx: Queryable, owner: string): Promise<void> {
  await tx.query({ text: 'select pg_advisory_xact_lock(7263094, hashtext($1))', values: [owner] });
}

async function rewrap(database: Database, master: MasterKey, open: (row: KeyRow) => DataKey): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.query({ text: 'lock table person_keys in share row exclusive mode' });
    const rows = await tx.query<KeyRow>({
      text: `select ${columns} from person_keys where wrapped is not null and master_id <> $1`,
      values: [master.id],
    });
    const wrapped = rows.map((row) => ({
      owner: row.owner,
      version: row.version,
      wrapped: encrypt(master.bytes, open(row).bytes, boundTo(row.owner, row.version)),
    }));
    await tx.query({
      text: `update person_keys k set wrapped = given.wrapped, master_id = $2
             from json_to_recordset($1::json) as given(owner text, version integer, wrapped text)
             where k.owner = given.owner and k.version = given.version`,
      values: [JSON.stringify(wrapped), master.id],
    });
    return rows.length;
  });
}
