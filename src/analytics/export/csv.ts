import { type CellFormat, cellTexts } from './cells.ts';
import { type Source, slicesOf } from './extract.ts';

/**
 * RFC 4180: a header, CRLF, quotes where needed. Null is an empty cell, an empty text is `""`. A text that a spreadsheet would
 * take for a formula gets an apostrophe before it (OWASP, CSV injection); numbers stay numbers.
 */
export async function* csv(source: Source): AsyncGenerator<string> {
  yield `${source.table.columns.map(({ name }) => csvFormat.text(name)).join(',')}\r\n`;
  for await (const { columns, rows } of slicesOf(source, rowsAtOnce(source))) {
    const cells = columns.map((column) => cellTexts(column, csvFormat));
    let lines = '';
    for (let row = 0; row < rows; row += 1) {
      for (let at = 0; at < cells.length; at += 1) {
        if (at > 0) lines += ',';
        lines += cells[at]?.(row);
      }
      lines += '\r\n';
    }
    yield lines;
  }
}

/** So few rows that making them takes some milliseconds, however many columns they have. */
export const rowsAtOnce = ({ table }: Source): number => Math.ceil(8_192 / Math.max(1, table.columns.length));

const formula = /^[=+\-@\t\r\0]/;
const special = /[",\r\n]/;

const csvFormat: CellFormat = {
  empty: '',
  text: (value) => {
    const safe = formula.test(value) ? `'${value}` : value;
    return safe === '' || special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  },
  time: (value) => value,
};
