import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../src/analytics/export/csv.ts';
import { json, ndjson } from '../../../src/analytics/export/json.ts';
import { anyTable, rowsAsObjects, tableOf } from '../../support/tables.ts';

const metadata = new Map<string, string>();
async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('JSON', () => {
  it('gives back every cell of any table', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        expect(JSON.parse(await whole(json({ table, metadata })))).toEqual(rowsAsObjects(table));
      }),
    );
  });

  it('by lines, an object on each, and nothing for no rows', async () => {
    const table = tableOf(5_000);
    const lines = (await whole(ndjson({ table, metadata }))).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rowsAsObjects(table));
    expect(await whole(ndjson({ table: tableOf(0), metadata }))).toBe('');
  });
});

describe('CSV', () => {
  const formula = /^[=+\-@\t\r\0]/;

  it('gives back every cell of any table, formulas with an apostrophe before them', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const [header, ...records] = parse(await whole(csv({ table, metadata })), {
          record_delimiter: '\r\n',
        }) as string[][];
        expect(header).toEqual(table.columns.map(({ name }) => name));
        const expected = rowsAsObjects(table).map((row) =>
          Object.values(row).map((cell) =>
            typeof cell === 'string' && formula.test(cell) ? `'${cell}` : String(cell ?? ''),
          ),
        );
        expect(records).toEqual(expected);
      }),
    );
  });

  it('tells an empty text from none, and leaves negative numbers alone', async () => {
    const table = {
      name: 't',
      rows: 2,
      columns: [
        { name: 'a', about: '', kind: 'text' as const, values: ['', null] },
        { name: 'b', about: '', kind: 'count' as const, values: Int32Array.of(-1, 2) },
      ],
    };
    expect(await whole(csv({ table, metadata }))).toBe('a,b\r\n"",-1\r\n,2\r\n');
  });
});
