import type { Queryable } from '../../database/database.ts';
import type { Revision } from '../../events/envelope.ts';

export type Value = string | number | boolean | null;

export interface FieldDifference {
  /** Column, and inside of a document the way to the value: `doc.lines.0.status`. */
  readonly field: string;
  /** Null where there is none. Documents and lists that only one side has are told as JSON. */
  readonly shown: Value;
  readonly rebuilt: Value;
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
  const found: FieldDifference[] = [];
  for (const column of Object.keys(rebuilt)) {
    const open = (value: unknown): unknown =>
      documents.has(column) && typeof value === 'string' ? JSON.parse(value) : value;
    compare(column, open(shown[column]), open(rebuilt[column]), found);
  }
  return found.slice(0, mostFields);
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function compare(field: string, shown: unknown, rebuilt: unknown, found: FieldDifference[]): void {
  if (isGroup(shown) && isGroup(rebuilt) && Array.isArray(shown) === Array.isArray(rebuilt)) {
    for (const name of new Set([...Object.keys(shown), ...Object.keys(rebuilt)])) {
      compare(`${field}.${name}`, shown[name], rebuilt[name], found);
    }
    return;
  }
  const [was, is] = [valueOf(shown), valueOf(rebuilt)];
  if (was !== is) found.push({ field, shown: was, rebuilt: is });
}

const valueOf = (value: unknown): Value => {
  if (value === undefined || value === null) return null;
  return isGroup(value) ? JSON.stringify(value) : (value as Value);
};
