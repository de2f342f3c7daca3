import { type CellFormat, cellTexts } from './cells.ts';
import { rowsAtOnce } from './csv.ts';
import { type Extract, slices } from './extract.ts';

const jsonFormat: CellFormat = {
  empty: 'null',
  text: (value) => JSON.stringify(value),
  time: (value) => `"${value}"`,
};

/** An array with an object per row. */
export const json = (extract: Extract): Generator<string> => objects(extract, '[', ',\n', ']\n');

/** An object per line. */
export const ndjson = (extract: Extract): Generator<string> => objects(extract, '', '\n', '\n');

function* objects(extract: Extract, open: string, between: string, close: string): Generator<string> {
  const names = extract.table.columns.map(({ name }, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const end = names.length === 0 ? '{}' : '}';
  let before = open;
  for (const { columns, rows } of slices(extract, rowsAtOnce)) {
    const cells = columns.map((column) => cellTexts(column, jsonFormat));
    let lines = '';
    for (let row = 0; row < rows; row += 1) {
      lines += before;
      for (let at = 0; at < cells.length; at += 1) lines += `${names[at]}${cells[at]?.(row)}`;
      lines += end;
      before = between;
    }
    yield lines;
  }
  if (before !== open || open !== '') yield before === open ? open + close : close;
}
