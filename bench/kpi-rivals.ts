import { once } from 'node:events';
import { chmodSync, createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { dateOf } from '../src/analytics/facts/days.ts';
import type { FoldedFacts } from '../src/analytics/facts/facts.ts';
import { bases } from '../src/analytics/kpis/kpi.ts';
import { nullDay } from '../src/analytics/table.ts';
import { createTestDatabase } from '../test/support/postgres.ts';
import { postgresServer } from './installation.ts';

/** One group of the answer: month, region, orders, orders on time, median and 90th percentile in days. */
export type Group = readonly [month: string, region: string, n: number, onTime: number, p50: number, p90: number];

export interface Rival {
  readonly name: string;
  ask(): Promise<Group[]>;
  close(): Promise<void>;
}

/** The facts as a flat table in a file, for those that load files. */
export async function writeFlatTable({ orders }: FoldedFacts, path: string): Promise<void> {
  const out = createWriteStream(path);
  const { orderedAt, completedAt, completedOn, target } = orders.columns;
  const region = orders.dimensions.get('region');
  const due = target[bases.indexOf('commit')];
  const day = (value: number | undefined): string => (value === undefined || value === nullDay ? '' : dateOf(value));
  const moment = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '' : new Date(value).toISOString().slice(0, 23).replace('T', ' ');
  for (let row = 0; row < orders.count; row += 1) {
    const cells = [region?.at(row), moment(orderedAt.values[row]), moment(completedAt.values[row])];
    const line = `${cells.join(',')},${day(completedOn.values[row])},${day(due?.values[row])}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

const question = (month: string, days: string, percentile: string) => `
  select ${month} as month, region, count(*) as n, count(*) filter (where completed_on <= due_on) as on_time,
         ${percentile.replace('?', '0.5').replace('days', days)} as p50,
         ${percentile.replace('?', '0.9').replace('days', days)} as p90
  from flat where completed_at is not null group by 1, 2 order by 1, 2`;

/** One thread, regions as an enumeration, instants without zone: the quickest layout for this question. */
export async function duckDb(path: string): Promise<Rival> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`create table loaded as select * from read_csv('${path}', header = false, columns = {
    region: 'VARCHAR', ordered_at: 'TIMESTAMP', completed_at: 'TIMESTAMP', completed_on: 'DATE', due_on: 'DATE' })`);
  await connection.run('create type regions as enum (select distinct region from loaded order by region)');
  await connection.run('create table flat as select * replace (region::regions as region) from loaded');
  await connection.run('drop table loaded');
  const text = question(
    `date_trunc('month', completed_at)`,
    'epoch_ms(completed_at) - epoch_ms(ordered_at)',
    'quantile_cont(days, ?) / 86400000',
  );
  return {
    name: 'DuckDB, one thread',
    async ask() {
      const rows = (await connection.runAndReadAll(text)).getRowsJson() as string[][];
      return rows.map((row) => groupOf([String(row[0]).slice(0, 7), ...row.slice(1)]));
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function postgres(path: string): Promise<Rival | undefined> {
  const server = await postgresServer();
  const database = server && (await createTestDatabase(server.url));
  if (!database) return undefined;
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(`create table flat (region text, ordered_at timestamp, completed_at timestamp,
                      completed_on date, due_on date)`);
  // The server reads the file itself, as a user of its own.
  chmodSync(dirname(path), 0o755);
  await client.query(`copy flat from '${path}' (format csv)`);
  await client.query('create index on flat (region, completed_at) include (ordered_at, completed_on, due_on)');
  await client.query('vacuum analyze flat');
  await client.query(`set work_mem = '256MB'`);
  const text = question(
    `to_char(date_trunc('month', completed_at), 'YYYY-MM')`,
    'extract(epoch from completed_at - ordered_at)::double precision / 86400',
    'percentile_cont(?) within group (order by days)',
  );
  return {
    name: 'PostgreSQL, indexed flat table',
    async ask() {
      const { rows } = await client.query({ text, rowMode: 'array' });
      return (rows as string[][]).map(groupOf);
    },
    async close() {
      await client.end();
      await database.drop();
    },
  };
}

const groupOf = ([month, region, ...numbers]: readonly unknown[]): Group => [
  String(month),
  String(region),
  ...(numbers.map(Number) as [number, number, number, number]),
];
