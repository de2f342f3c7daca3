import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projections } from '../../src/projections/all.ts';
import { bases } from '../../src/projections/kpi/outcome.ts';
import { kpiProjection } from '../../src/projections/kpi/projection.ts';
import { queryKpi } from '../../src/projections/kpi/reader.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { ensurePublished } from '../../src/projections/published.ts';
import { rebuildProjection, rollBackGeneration } from '../../src/projections/rebuild.ts';
import { kinds, type OpenTestDatabase, openTestDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { interleaved } from '../support/order-history.ts';
import { projectAll } from '../support/projecting.ts';
import { defined, raised, readingAt } from '../support/watches.ts';

const document = readFileSync(new URL('../../docs/analytics-sql.md', import.meta.url), 'utf8');
const [roleScript = '', examples = ''] = [...document.matchAll(/```sql\n(.*?)```/gs)].map((match) => match[1] ?? '');

/** Orders of which every fifth is late, and an alert that nobody has seen. */
async function filled(database: Database): Promise<ReturnType<typeof memoryLog>> {
  const log = memoryLog();
  for (const { stream, event } of interleaved(1, 40, 20)) log.record(stream, event);
  for (const fact of [defined(), raised('a', readingAt(5))]) log.recordRaw('watch-W', fact);
  await migrate(database, projectionMigrations);
  await projectAll({ log, database });
  return log;
}

describe.each(kinds())('published views on %s', (kind) => {
  let opened: OpenTestDatabase;
  let database: Database;
  let log: ReturnType<typeof memoryLog>;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    database = opened.database;
    log = await filled(database);
  });
  afterAll(() => opened.remove());
  const orders = () => database.query({ text: 'select * from analytics.orders order by order_id' });

  it('say how orders came out', async () => {
    const [counts] = await database.query({
      text: `select count(*)::int as orders, count(*) filter (where on_time_commit)::int as on_time,
                    count(on_time_commit)::int as due, round(avg(cycle_days)::numeric, 3)::text as cycle
             from analytics.orders where counted`,
    });
    expect(counts).toEqual({ orders: 40, on_time: 32, due: 40, cycle: '9.800' });
    expect(await database.query({ text: `select distinct dimension from analytics.order_dimensions` })).toEqual([
      { dimension: 'region' },
    ]);
  });

  it('say what is watched, and what was found', async () => {
    const [alert] = await database.query({
      text: `select a.kpi, w.level::float8, w.clear_at::float8, a.period, a.side, a.value::float8, a.num::float8, a.status
             from analytics.kpi_alerts a join analytics.kpi_watches w using (watch_id)`,
    });
    expect(alert).toEqual({
      kpi: 'on_time_rate',
      level: 0.9,
      clear_at: 0.92,
      period: '2026-W09',
      side: 'below',
      value: 0.8,
      num: 40,
      status: 'open',
    });
  });

  it.each([
    ['order', 'orders'],
    ['line', 'order_lines'],
    ['schedule-line', 'schedule_lines'],
  ])('have the on-time rates of every %s that the KPI tables have, by every basis', async (grain, view) => {
    const today = await database.query<{ day: string }>({ text: 'select current_date::text as day' });
    for (const basis of bases) {
      const [rates] = await database.query({
        text: `select count(on_time_${basis})::int as due, count(*) filter (where on_time_${basis})::int as good,
                      count(*) filter (where on_time_${basis} is null and ${basis}_on is not null)::int as open
               from analytics.${view} where counted`,
      });
      const asked = {
        kpi: 'on_time_rate',
        grain,
        basis,
        population: 'due',
        group: [],
        filter: {},
        asOf: today[0]?.day ?? '',
      };
      const [row] = (await queryKpi(database, asked)).rows;
      expect(rates, basis).toEqual({ due: row?.den, good: row?.num, open: row?.n_open });
    }
  });

  it('have no JSON, and say what every column is', async () => {
    const columns = await database.query<{ name: string; type: string; about: string | null }>({
      text: `select c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
                    col_description(c.oid, a.attnum) as about
             from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
             where n.nspname = 'analytics' and a.attnum > 0`,
    });
    expect(columns.length).toBeGreaterThan(100);
    expect(columns.filter(({ about }) => !about)).toEqual([]);
    expect(columns.filter(({ type }) => /json|without time zone/.test(type))).toEqual([]);
  });

  it('stay through a rebuild and the way back', async () => {
    const before = await orders();
    for (const projection of projections) {
      expect(await rebuildProjection({ log, database, projection })).toMatchObject({ kind: 'switched' });
    }
    expect(await orders()).toEqual(before);
    await rollBackGeneration({ database, log }, kpiProjection);
    expect(await orders()).toEqual(before);
  });

  it('follow the release: what it no longer publishes goes, what is new comes', async () => {
    const less = {
      ...kpiProjection,
      published: (kpiProjection.published ?? []).filter(({ name }) => name !== 'orders'),
    };
    await ensurePublished(database, less);
    await expect(orders()).rejects.toThrow('analytics.orders');
    await ensurePublished(database, kpiProjection);
    expect(await orders()).toHaveLength(40);
  });

  it('answer the examples of the documentation', async () => {
    for (const example of examples.split(';').filter((text) => text.trim() !== '')) {
      expect(await database.query({ text: example })).not.toEqual([]);
    }
  });
});

describe.skipIf(!kinds().includes('postgres'))('the role of the documentation', () => {
  let opened: OpenTestDatabase;
  let analyst: pg.Client;
  let log: ReturnType<typeof memoryLog>;
  const role = 'orderfold_analyst';
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    const { database } = opened;
    log = await filled(database);
    const [here] = await database.query<{ db: string; me: string; host: string }>({
      text: `select current_database() as db, current_user as me, current_setting('unix_socket_directories') as host`,
    });
    if (!here) throw new Error('no database');
    const script = roleScript
      .replace('on database orderfold', `on database ${here.db}`)
      .replace('for role orderfold', `for role ${here.me}`);
    await database.execute(script);
    analyst = new pg.Client({ host: here.host, database: here.db, user: role });
    await analyst.connect();
  });
  afterAll(async () => {
    await analyst.end();
    await opened.database.execute(`drop owned by ${role}; drop role ${role}`);
    await opened.remove();
  });
  const count = async (view: string) => Number((await analyst.query(`select count(*) from ${view}`)).rows[0].count);

  it('selects every view', async () => {
    const views = await opened.database.query<{ name: string }>({ text: 'select name from published_views' });
    expect(views.length).toBeGreaterThan(5);
    for (const { name } of views) await count(name);
    expect(await count('orders')).toBe(40);
  });

  it('may touch nothing else', async () => {
    const { rows } = await analyst.query(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'v', 'm', 'p', 'S')
         and (has_table_privilege(c.oid, 'insert, update, delete, truncate, references, trigger')
              or (n.nspname <> 'analytics' and has_table_privilege(c.oid, 'select')))`,
    );
    expect(rows).toEqual([]);
    await expect(analyst.query('select 1 from kpi_orders')).rejects.toThrow();
    await expect(analyst.query('select 1 from public.kpi_orders')).rejects.toThrow('permission denied');
    await expect(analyst.query('create table mine (a int)')).rejects.toThrow();
    await expect(analyst.query('create table public.mine (a int)')).rejects.toThrow();
    await expect(analyst.query('delete from analytics.orders')).rejects.toThrow();
  });

  it('is waited for by a rebuild while it reads', async () => {
    const { database } = opened;
    await analyst.query('begin');
    const before = await count('orders');
    const rebuilding = rebuildProjection({ log, database, projection: kpiProjection });
    const waits = `select exists (select from pg_locks l join pg_class c on c.oid = l.relation
                                  where c.relname like 'kpi%' and not l.granted) as waiting`;
    while (!(await database.query<{ waiting: boolean }>({ text: waits }))[0]?.waiting);
    expect(await count('orders')).toBe(before);
    await analyst.query('commit');
    expect(await rebuilding).toMatchObject({ kind: 'switched' });
    expect(await count('orders')).toBe(before);
  });

  it('still reads after a rebuild, however the grant was given', async () => {
    const { database } = opened;
    const direct = 'orderfold_direct';
    await database.execute(
      `create role ${direct} login; grant usage on schema analytics to ${direct}; grant select on analytics.orders to ${direct}`,
    );
    await rebuildProjection({ log, database, projection: kpiProjection });
    expect(await count('orders')).toBe(40);
    const [kept] = await database.query({
      text: `select has_table_privilege('${direct}', 'analytics.orders', 'select') as orders,
                    has_table_privilege('${direct}', 'analytics.order_lines', 'select') as lines`,
    });
    expect(kept).toEqual({ orders: true, lines: false });
    await database.execute(`drop owned by ${direct}; drop role ${direct}`);
  });
});
