import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { ImportFailure } from '../failure.ts';

/** One record of a CSV file: its cells, or why it could not be read. `line` is the line it starts on, from 1. */
export type CsvRecord =
  | { readonly kind: 'cells'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'malformed'; readonly line: number; readonly message: string };

export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  /** How a quote is written inside a quoted cell: doubled, unless told otherwise. */
  readonly escape: string;
  /** Lines that start with it are skipped. */
  readonly comment?: string;
}

/** No real record is longer; a quote that is never closed would otherwise swallow the rest of the file into memory. */
const longestRecord = 4 * 1024 * 1024;

interface WithInfo {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The records of a text whose lines end in LF. Empty lines are skipped. Malformed records are reported in place and
 * reading goes on, except after a quote that never closes: ImportFailure `csv-malformed`.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  dialect: CsvDialect,
  file: string,
): AsyncGenerator<CsvRecord> {
  const malformed: CsvRecord[] = [];
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    ...(dialect.comment === undefined ? {} : { comment: dialect.comment, comment_no_infix: true }),
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    info: true,
    skip_records_with_error: true,
    on_skip: (error) => void (error && malformed.push(asMalformed(error, parser, file))),
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<WithInfo>) {
      yield* malformed.splice(0);
      yield { kind: 'cells', line: info.lines - lineBreaks(record), cells: record };
    }
  } finally {
    source.destroy();
  }
  yield* malformed;
}

function asMalformed(error: CsvError, parser: { destroy(error: Error): unknown }, file: string): CsvRecord {
  const line = typeof error.lines === 'number' ? error.lines : 0;
  if (error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED') {
    const message = `a quoted cell is never closed (the record ends on line ${line}); check the quote and escape characters`;
    parser.destroy(new ImportFailure([{ code: 'csv-malformed', file, line, message }]));
  }
  return { kind: 'malformed', line, message: error.message };
}

const lineBreaks = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
