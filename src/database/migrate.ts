import type { Database, Migration } from './database.ts';

const lockKey = 7_263_091; // any constant of our own: every process of this product takes the same advisory lock

const schema = `create table if not exists migrations (
  name text collate "C" primary key,
  applied_at timestamptz not null default now()
)`;

/**
 * Applies what is not applied yet, in order, each in its own transaction. Processes that start together wait for each other.
 * Throws when a statement fails, naming the migration; what was applied before it stays.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  if (await areApplied(database, migrations)) return;
  for (const migration of migrations) {
    await database.transaction(async (tx) => {
      // Building an index on a large table, or waiting for another process that does, takes as long as it takes.
      await tx.query({ text: 'set local statement_timeout = 0; set local lock_timeout = 0' });
      await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [lockKey] });
      await tx.query({ text: schema });
      const fresh = await tx.query({
        text: 'insert into migrations (name) values ($1) on conflict do nothing returning name',
        values: [migration.name],
      });
      if (fresh.length > 0) await apply(migration, (sql) => tx.query({ text: sql }));
    });
  }
}

/** The usual case at a start, found out without a transaction for each. */
async function areApplied(database: Database, migrations: readonly Migration[]): Promise<boolean> {
  const [table] = await database.query<{ there: boolean }>({
    text: `select to_regclass('migrations') is not null as there`,
  });
  if (!table?.there) return false;
  const applied = await database.query<{ name: string }>({ text: 'select name from migrations' });
  const names = new Set(applied.map(({ name }) => name));
  return migrations.every(({ name }) => names.has(name));
}

async function apply(migration: Migration, run: (sql: string) => Promise<unknown>): Promise<void> {
  try {
    await run(migration.sql);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${migration.name} failed: ${detail}`, { cause });
  }
}
