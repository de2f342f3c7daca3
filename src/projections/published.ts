import type { Database, Queryable } from '../database/database.ts';
import { sha256Hex } from '../values/digest.ts';
import type { Projection, PublishedView } from './projection.ts';

/**
 * Views in the schema `analytics`, for tools that speak SQL. They stand on the views of the active generation, so they go
 * before those are replaced and come again after, in one transaction: readers notice nothing, and who was granted a view still
 * has it.
 */

type Grants = ReadonlyMap<string, readonly string[]>;

/** Longer than a reader's query may take (docs/analytics-sql.md), and shorter than the client waits for an answer. */
const patience = '40s';

const waitPatiently = (tx: Queryable): Promise<unknown> =>
  tx.query({ text: `set local lock_timeout = '${patience}'; set local statement_timeout = '${patience}'` });

/**
 * Takes the views of a projection away, as soon as nobody reads them. Answers who could read each of them. Goes first: once these
 * are gone, no long query holds the views beneath, which everybody else needs.
 */
export async function withdrawViews(tx: Queryable, projection: Projection): Promise<Grants> {
  await waitPatiently(tx);
  const known = await tx.query<{ name: string }>({
    text: 'delete from published_views where projection = $1 returning name',
    values: [projection.name],
  });
  const grants = new Map<string, readonly string[]>();
  for (const { name } of known) {
    grants.set(name, await readersOf(tx, name));
    await tx.query({ text: `drop view if exists analytics.${name}` });
  }
  return grants;
}

/** Roles, quoted, that were granted the view. */
async function readersOf(tx: Queryable, view: string): Promise<readonly string[]> {
  const rows = await tx.query<{ reader: string }>({
    text: `select case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as reader
           from pg_class c join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(c.relacl) a
           where n.nspname = 'analytics' and c.relname = $1 and a.privilege_type = 'SELECT' and a.grantee <> c.relowner`,
    values: [view],
  });
  return rows.map(({ reader }) => reader);
}

export async function publishViews(tx: Queryable, projection: Projection, grants: Grants): Promise<void> {
  for (const view of projection.published ?? []) {
    await tx.query({ text: statementsOf(view).join(';\n') });
    for (const reader of grants.get(view.name) ?? [])
      await tx.query({ text: `grant select on analytics.${view.name} to ${reader}` });
    await tx.query({
      text: 'insert into published_views (name, projection, definition) values ($1, $2, $3)',
      values: [view.name, projection.name, definitionOf(view)],
    });
  }
}

// Two processes that start together must not both replace the views.
const publishLock = 'select pg_advisory_xact_lock(7263093)';

/** Brings the views up to date with this release, e.g. at the first start after an update. */
export async function ensurePublished(database: Database, projection: Projection): Promise<void> {
  if (await isPublished(database, projection)) return;
  await database.transaction(async (tx) => {
    await tx.query({ text: publishLock });
    if (await isPublished(tx, projection)) return;
    await publishViews(tx, projection, await withdrawViews(tx, projection));
  });
}

/** Whether the views are those of this release. */
export async function isPublished(tx: Queryable, projection: Projection): Promise<boolean> {
  const known = await tx.query<KnownView>({
    text: 'select projection, name, definition from published_views where projection = $1',
    values: [projection.name],
  });
  return areOfThisRelease(known, projection);
}

interface KnownView {
  readonly projection: string;
  readonly name: string;
  readonly definition: string;
}

function areOfThisRelease(known: readonly KnownView[], { name: projection, published = [] }: Projection): boolean {
  const own = known.filter((view) => view.projection === projection);
  const wanted = published.map((view) => `${view.name} ${definitionOf(view)}`);
  return (
    own
      .map((view) => `${view.name} ${view.definition}`)
      .sort()
      .join() === wanted.sort().join()
  );
}

/** Those that are not shown yet, or not as this release shows them: none, at most starts. */
export async function unshown(database: Queryable, projections: readonly Projection[]): Promise<readonly Projection[]> {
  const [active, known] = await Promise.all([
    database.query<{ projection: string }>({
      text: `select projection from projection_generations where state = 'active'`,
    }),
    database.query<KnownView>({ text: 'select projection, name, definition from published_views' }),
  ]);
  const shown = new Set(active.map(({ projection }) => projection));
  return projections.filter((one) => !shown.has(one.name) || !areOfThisRelease(known, one));
}

const definitionOf = (view: PublishedView): string => sha256Hex(statementsOf(view).join(';'));

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function statementsOf({ name, about, from, columns }: PublishedView): string[] {
  const select = Object.entries(columns).map(([column, { sql = column }]) => `${sql} as ${column}`);
  const comments = Object.entries(columns).map(
    ([column, meaning]) => `comment on column analytics.${name}.${column} is ${quoted(meaning.about)}`,
  );
  return [
    `create view analytics.${name} as select ${select.join(', ')} from ${from}`,
    `comment on view analytics.${name} is ${quoted(about)}`,
    ...comments,
  ];
}
