import { ImportFailure } from '../failure.ts';
import { type CsvDialect, csvRecords } from './records.ts';
import { decodedText, fileBytes } from './text.ts';

/** A row of a file with a header, or a record that does not fit it. */
export type TableRow =
  | { readonly kind: 'row'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'unreadable'; readonly line: number; readonly code: string; readonly message: string };

export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  rows(): AsyncGenerator<TableRow>;
}

export interface TableFormat extends CsvDialect {
  readonly encoding: string;
}

/** Reads the header (names are trimmed); the rows can be read any number of times. Throws ImportFailure without a header. */
export async function openTable(path: string, format: TableFormat): Promise<Table> {
  const records = () => csvRecords(decodedText(fileBytes(path), format.encoding), format, path);
  for await (const first of records()) {
    const header = first.cells.map((name) => name.trim());
    return { path, header, rows: () => rowsBelow(records(), header.length) };
  }
  throw new ImportFailure([
    { code: 'file-empty', file: path, line: 1, message: 'has no header line with column names' },
  ]);
}

async function* rowsBelow(records: ReturnType<typeof csvRecords>, width: number): AsyncGenerator<TableRow> {
  let header = true;
  for await (const { line, cells } of records) {
    if (header) header = false;
    else if (cells.length === width) yield { kind: 'row', line, cells };
    else {
      const message = `has ${cells.length} cells where the header has ${width}`;
      yield { kind: 'unreadable', line, code: 'column-count', message };
    }
  }
}
