import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, csvRecords } from '../../../src/import/csv/records.ts';
import { decodedText } from '../../../src/import/csv/text.ts';

const dialect = { delimiter: ',', quote: '"', escape: '"' };

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Buffer, encoding: string, size = 7, using = dialect): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(decodedText(chunks(bytes, size), encoding), using, 'x.csv'))
    records.push(record);
  return records;
}

const cellsOf = (records: readonly CsvRecord[]) => records.map(({ cells }) => cells);

const written = (cell: string, { delimiter, quote }: typeof dialect): string =>
  `${quote}${cell.replaceAll(quote, quote + quote)}${quote}${delimiter}`.slice(0, -delimiter.length);

describe('reading CSV', () => {
  test('gives back what was written, for any cells, line endings, delimiters, chunks, and with or without a byte-order mark', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', 'ß', ' ', '"', ',', ';', '\t', '\n', '0', "'"),
      maxLength: 6,
    });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const encodings = fc.constantFrom('utf-8', 'windows-1252', 'latin1', 'utf-16', 'utf-16le', 'utf-16be');
    const endings = fc.array(fc.constantFrom('\n', '\r', '\r\n'), { minLength: 1, maxLength: 3 });
    const delimiters = fc.constantFrom(',', ';', '\t', '|');
    await fc.assert(
      fc.asyncProperty(
        table,
        encodings,
        endings,
        delimiters,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (rows, encoding, ends, delimiter, size, bom) => {
          const using = { ...dialect, delimiter };
          const text = rows
            .map(
              (cells, index) => cells.map((cell) => written(cell, using)).join(delimiter) + ends[index % ends.length],
            )
            .join('');
          const bytes = iconv.encode(text, encoding, { addBOM: bom || encoding === 'utf-16' });
          expect(cellsOf(await read(bytes, encoding, size, using))).toEqual(rows);
        },
      ),
      { numRuns: process.env.ORDERFOLD_SOAK ? 5000 : 250 },
    );
  });

  test('reads a file whose lines end in bare CR, and one that mixes all endings', async () => {
    expect(cellsOf(await read(Buffer.from('\ufeffa,b\r1,2\r3,4'), 'utf-8'))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(cellsOf(await read(Buffer.from('a,b\r\n1,2\n3,4\r5,6\r\n'), 'utf-8'))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  test('knows the line on which a record starts, also after quoted line breaks and empty lines', async () => {
    const records = await read(Buffer.from('a,b\r\n"x\r\ny",2\r\n\r\n3,4\r\n'), 'utf-8');
    expect(records.map(({ line }) => line)).toEqual([1, 2, 5]);
    expect(cellsOf(records)[1]).toEqual(['x\ny', '2']);
  });

  test('takes a quote in the middle of a cell as it stands', async () => {
    const records = await read(Buffer.from('a,b\n5" pipe,2\n"x"y,4\n'), 'utf-8');
    expect(cellsOf(records)).toEqual([
      ['a', 'b'],
      ['5" pipe', '2'],
      ['"x"y', '4'],
    ]);
  });

  test('refuses a file in which a quote is never closed, naming the line', async () => {
    await expect(read(Buffer.from('a,b\n1,2\n"x,2\n3,4\n'), 'utf-8')).rejects.toMatchObject({
      name: 'ImportFailure',
      code: 'csv-malformed',
      problems: [{ file: 'x.csv', line: 3 }],
    });
  });

  test('decodes a word of Windows-1252 and a comment line', async () => {
    const bytes = iconv.encode('# note\nname,n\nCôte d’Ivoire,1\n', 'windows-1252');
    const records = await read(bytes, 'windows-1252', 5, { ...dialect, comment: '#' } as typeof dialect);
    expect(cellsOf(records)).toEqual([
      ['name', 'n'],
      ['Côte d’Ivoire', '1'],
    ]);
  });
});
