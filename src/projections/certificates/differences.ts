import type { Queryable } from '../../database/database.ts';
import type { Revision } from '../../events/envelope.ts';
import { jsonDifferences, type Leaf } from '../../values/json-difference.ts';

export interface FieldDifference {
  /** Column, and inside of a document the way to the value: `doc.lines.0.status`. */
  readonly field: string;
  /** Null where there is none. Documents and lists that only one side has are told as JSON. */
  readonly shown: Leaf;
  readonly rebuilt: Leaf;
}

export type CauseCode =
  /** The stream of the row waits in quarantine, so the shown row is old. */
  | 'parked-stream'
  /** The shown tables lack the row, although its events are in the log. */
  | 'missing'
  /** The shown tables have a row that no event makes. */
  | 'not-in-log'
  /** Something other than the projection changed the row, or the program changed without a new version. */
  | 'changed-outside'
  /** The new version makes it so. */
  | 'new-version';

export interface RowDifference {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  /** In the terms of the business, e.g. `order SO-100-7, line 2`. */
  readonly name: string;
  readonly kind: 'changed' | 'only-rebuilt' | 'only-shown';
  readonly fields: readonly FieldDifference[];
  readonly cause: CauseCode;
  /** The last event that this row is made of, where one stream makes it. */
  readonly lastEvent?: {
    readonly stream: string;
    readonly revision: Revision;
    readonly type: string;
    readonly recordedAt: string;
  };
}

/** Two tables with the same key, as far as they are to be compared. */
export interface Compared {
  readonly shown: string;
  readonly rebuilt: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Rows in which all of these are 0 do not count. */
  readonly measures: readonly string[];
}

export interface RowPair {
  readonly key: Readonly<Record<string, string>>;
  readonly shown: Readonly<Record<string, unknown>> | null;
  readonly rebuilt: Readonly<Record<string, unknown>> | null;
}

/** Exactly how many rows differ, and the first `limit` of them in order of the key. */
export async function differingRows(
  tx: Queryable,
  { shown, rebuilt, columns, key, measures }: Compared,
  limit: number,
): Promise<{ readonly count: number; readonly rows: readonly RowPair[] }> {
  const counted = measures.length > 0 ? `where ${measures.map((one) => `${one} <> 0`).join(' or ')}` : '';
  const names = key.map((_, at) => `k${at}`).join(', ');
  const keys = key.map((column, at) => `r.${column}::text collate "C" as k${at}`).join(', ');
  const side = (table: string): string =>
    `(select ${keys}, row_to_json(r)::text as row_text from (select ${columns.join(', ')} from ${table} ${counted}) r)`;
  const rows = await tx.query<Record<string, string | null>>({
    text: `select ${names}, a.row_text as shown, b.row_text as rebuilt, count(*) over () as differing
           from ${side(shown)} a full join ${side(rebuilt)} b using (${names})
           where a.row_text is distinct from b.row_text order by ${names} limit ${limit}`,
  });
  return {
    count: Number(rows[0]?.differing ?? 0),
    rows: rows.map((row) => ({
      key: Object.fromEntries(key.map((column, at) => [column, String(row[`k${at}`])])),
      shown: parsed(row.shown),
      rebuilt: parsed(row.rebuilt),
    })),
  };
}

const parsed = (text: string | null | undefined): Readonly<Record<string, unknown>> | null =>
  typeof text === 'string' ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : null;

const mostFields = 50;

/** The fields in which two rows differ; documents are taken apart. At most 50. */
export function fieldsOf({ shown, rebuilt }: RowPair, documents: ReadonlySet<string>): FieldDifference[] {
  if (!shown || !rebuilt) return [];
  const open = (column: string, value: unknown): unknown =>
    documents.has(column) && typeof value === 'string' ? JSON.parse(value) : value;
  return Object.keys(rebuilt)
    .flatMap((column) => jsonDifferences(column, open(column, shown[column]), open(column, rebuilt[column])))
    .slice(0, mostFields)
    .map(({ field, before, after }) => ({ field, shown: before, rebuilt: after }));
}
