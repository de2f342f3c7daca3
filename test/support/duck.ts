import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { dateOf } from '../../src/analytics/facts/days.ts';
import { type Column, nullDay, type Table } from '../../src/analytics/table.ts';
import type { Recorded } from '../../src/events/envelope.ts';

const types: Readonly<Record<Column['kind'], string>> = {
  instant: 'TIMESTAMP',
  day: 'DATE',
  number: 'DOUBLE',
  count: 'INTEGER',
  flag: 'BOOLEAN',
  word: 'VARCHAR',
  text: 'VARCHAR',
};

function cellOf(column: Column, row: number): string | number | boolean | null {
  const value = column.values[row] ?? null;
  switch (column.kind) {
    case 'instant':
      return Number.isNaN(value) ? null : new Date(value as number).toISOString().slice(0, 23);
    case 'number':
      return Number.isNaN(value) ? null : value;
    case 'day':
      return value === nullDay ? null : dateOf(value as number);
    case 'flag':
      return value === 2 ? null : value === 1;
    case 'word':
      return column.words[value as number] ?? null;
    default:
      return value;
  }
}

/** A database that knows nothing of the engine, to compute the same numbers in its own way. */
export async function openDuck() {
  const directory = mkdtempSync(join(tmpdir(), 'orderfold-duck-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const create = async (name: string, columns: Readonly<Record<string, string>>, rows: readonly object[]) => {
    const path = join(directory, `${name}.json`);
    writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
    const typed = Object.entries(columns).map(([column, type]) => `${column}: '${type}'`);
    await connection.run(
      `create table ${name} as select * from read_json('${path}', format = 'newline_delimited', columns = {${typed.join(', ')}})`,
    );
  };
  return {
    async table({ name, columns, rows }: Table): Promise<void> {
      const row = (at: number): object =>
        Object.fromEntries(columns.map((column) => [column.name, cellOf(column, at)]));
      const typed = Object.fromEntries(columns.map((column) => [column.name, types[column.kind]]));
      await create(
        name.replace('-', '_'),
        typed,
        Array.from({ length: rows }, (_, at) => row(at)),
      );
    },
    async events(events: readonly Recorded[]): Promise<void> {
      const columns = {
        pos: 'INTEGER',
        id: 'VARCHAR',
        type: 'VARCHAR',
        happened: 'TIMESTAMP',
        actor: 'VARCHAR',
        data: 'JSON',
      };
      const rows = events.map(({ stream, type, data, metadata }, pos) => {
        const { occurredAt, actor } = metadata;
        return {
          pos,
          id: stream.replace('order-', ''),
          type,
          happened: occurredAt.slice(0, 23),
          actor: actor.kind,
          data,
        };
      });
      await create('events', columns, rows);
    },
    async run(sql: string): Promise<void> {
      await connection.run(sql);
    },
    /** Rows of words and numbers. */
    async ask(sql: string): Promise<(string | number | null)[][]> {
      const rows = (await connection.runAndReadAll(sql)).getRowsJson() as (string | number | null)[][];
      return rows.map((row) => row.map((cell, at) => (at === 0 || cell === null ? cell : Number(cell))));
    },
    close(): void {
      connection.closeSync();
      instance.closeSync();
      rmSync(directory, { recursive: true });
    },
  };
}

export type Duck = Awaited<ReturnType<typeof openDuck>>;
