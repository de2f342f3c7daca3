import type { TSchema } from 'typebox';
import { csvLine } from '../csv/write.ts';
import { cellText } from './cells.ts';
import { type Column, columnsOf } from './columns.ts';

/** What holds of a thing from a date on; nothing where it was withdrawn. */
export interface Version {
  readonly id: string;
  readonly effectiveFrom: string;
  readonly specification?: object;
}

/** A CSV file that reads back to the same, line by line with ends. */
export function* masterCsv(schema: TSchema, versions: Iterable<Version>): Generator<string> {
  const columns = columnsOf(schema);
  yield `${csvLine(['id', 'effectiveFrom', 'withdrawn', ...columns.map(({ name }) => name)])}\r\n`;
  for (const version of versions) yield* linesOf(columns, version);
}

function* linesOf(columns: readonly Column[], { id, effectiveFrom, specification }: Version): Generator<string> {
  const lists = [...new Set(columns.flatMap(({ list }) => list ?? []))];
  const entries = new Map(lists.map((list) => [list, (valueAt(specification, list.split('.')) ?? []) as object[]]));
  const rows = Math.max(1, ...[...entries.values()].map(({ length }) => length));
  for (let row = 0; row < rows; row += 1) {
    const cells = columns.map(({ list, path, cell }) => {
      if (list === undefined) return row === 0 ? cellText(cell, valueAt(specification, path)) : '';
      return cellText(cell, valueAt(entries.get(list)?.[row], path));
    });
    yield `${csvLine([id, effectiveFrom, specification ? '' : 'true', ...cells])}\r\n`;
  }
}

function valueAt(from: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from);
}
