import { type CellFormat, cellTexts } from './cells.ts';
import { rowsAtOnce } from './csv.ts';
import { type Source, slicesOf } from './extract.ts';

const jsonFormat: CellFormat = {
  empty: 'null',
  text: (value) => JSON.stringify(value),
  time: (value) => `"${value}"`,
};

/** An array with an object per row. */
export const json = (source: Source): AsyncGenerator<string> => objects(source, '[', ',\n', ']\n');

/** An object per line. */
export const ndjson = (source: Source): AsyncGenerator<string> => objects(source, '', '\n', '\n');

async function* objects(source: Source, open: string, between: string, close: string): AsyncGenerator<string> {
  const names = source.table.columns.map(({ name }, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const end = names.length === 0 ? '{}' : '}';
  let before = open;
  for await (const { columns, rows } of slicesOf(source, rowsAtOnce(source))) {
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
