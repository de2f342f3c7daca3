import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ImportFailure } from '../failure.ts';

/** One record of a CSV file. `line` is the line it starts on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

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
 * The records of a text whose lines end in LF. Empty lines are skipped; a quote in the middle of a cell is a character like
 * any other. Throws ImportFailure `csv-malformed` for a quote that never closes.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  dialect: CsvDialect,
  file: string,
): AsyncGenerator<CsvRecord> {
  let parsedTo = 0;
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    ...(dialect.comment === undefined ? {} : { comment: dialect.comment, comment_no_infix: true }),
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    info: true,
    on_record: (record, { lines }) => {
      parsedTo = lines;
      return record;
    },
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<WithInfo>) {
      yield { line: info.lines - lineBreaks(record), cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = `a quoted cell begins here or below and never ends; check the quote and escape characters (${error.code})`;
    throw new ImportFailure([{ code: 'csv-malformed', file, line: parsedTo + 1, message }]);
  } finally {
    source.destroy();
  }
}

const lineBreaks = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
