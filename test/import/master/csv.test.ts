import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type MasterKind, master } from '../../../src/events/catalog/master/index.ts';
import { ImportFailure } from '../../../src/import/failure.ts';
import { cellText, cellValue } from '../../../src/import/master/cells.ts';
import { columnsOf } from '../../../src/import/master/columns.ts';
import { readMasterCsv } from '../../../src/import/master/read-master.ts';
import { masterCsv, type Version } from '../../../src/import/master/write-master.ts';
import type { JsonSchema } from '../../support/routes.ts';
import { fitting } from '../../support/schemaInputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderfold-master-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const kinds = Object.keys(master) as MasterKind[];

/** Strings without a pattern may be anything; here they have no characters that an editor would not show. */
const specifications = (kind: MasterKind): fc.Arbitrary<object> =>
  (fitting(master[kind].specification as unknown as JsonSchema) as fc.Arbitrary<object>).filter(
    (specification) => !/\\[a-z]|\s/u.test(JSON.stringify(specification)),
  );

async function readBack(kind: MasterKind, text: string) {
  const file = join(folder, `${kind}.csv`);
  writeFileSync(file, text);
  const read = [];
  for await (const one of readMasterCsv(master[kind].specification, file)) read.push(one);
  return read;
}

/** Empty lists are as good as none: a cell cannot say which. */
const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, part]) => !(Array.isArray(part) && part.length === 0));
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutEmpty(part)]));
};

describe('master data as CSV', () => {
  test.each(kinds)('%s reads back as it was written', async (kind) => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-04-${String(n).padStart(2, '0')}`);
    const version = fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9ä,"-]{1,8}$/),
      effectiveFrom: day,
      specification: specifications(kind),
    });
    const versions = fc.uniqueArray(version, {
      maxLength: 5,
      selector: ({ id, effectiveFrom }) => `${id} ${effectiveFrom}`,
    });
    await fc.assert(
      fc.asyncProperty(versions, async (written: Version[]) => {
        // A list that must have entries is never empty; the others may be.
        const read = await readBack(kind, [...masterCsv(master[kind].specification, written)].join(''));
        expect(read.map((one) => ({ ...one, line: 0 })).map(withoutEmpty)).toEqual(
          written.map((one) => withoutEmpty({ kind: 'read', line: 0, ...one })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('words with bars and backslashes keep them', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a|\\,"ß]{1,6}$/), { minLength: 1 }), (words) => {
        expect(cellValue('words', cellText('words', words))).toEqual(words);
      }),
    );
  });

  test('an item has the columns that people expect', () => {
    expect(columnsOf(master.item.specification).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['description', 'uom', 'conversions.uom', 'weight.value', 'weight.uom', 'leadTimeDays']),
    );
  });

  const item =
    'id,effectiveFrom,description,uom,sourcing,leadTimeDays,conversions.uom,conversions.numerator,conversions.denominator';

  test('rows of one thing follow one another; the rest need not be repeated', async () => {
    const text = `${item}\nP,2026-01-01,Pump,C62,stock,5,BX,12,1\nP,2026-01-01,,,,,PF,480,1\nQ,,Seal,C62,buy,,,,\n`;
    const conversions = [
      { uom: 'BX', numerator: '12', denominator: '1' },
      { uom: 'PF', numerator: '480', denominator: '1' },
    ];
    expect(await readBack('item', text)).toEqual([
      {
        kind: 'read',
        line: 2,
        id: 'P',
        effectiveFrom: '2026-01-01',
        specification: { description: 'Pump', uom: 'C62', sourcing: 'stock', leadTimeDays: 5, conversions },
      },
      { kind: 'read', line: 4, id: 'Q', specification: { description: 'Seal', uom: 'C62', sourcing: 'buy' } },
    ]);
  });

  test.each([
    [
      'a number that is none',
      `${item}\nP,,Pump,C62,stock,soon,,,\n`,
      { line: 2, code: 'cell-unreadable', column: 'leadTimeDays' },
    ],
    [
      'two rows that differ',
      `${item}\nP,,Pump,C62,stock,5,BX,12,1\nP,,Seal,,,,PF,480,1\n`,
      { line: 3, code: 'rows-differ', column: 'description' },
    ],
    ['no id', `${item}\n,,Pump,C62,stock,5,,,\n`, { line: 2, code: 'id-missing' }],
    ['what does not fit', `${item}\nP,,Pump,pieces,stock,5,,,\n`, { line: 2, code: 'specification-invalid' }],
    ['a line that is too short', `${item}\nP,,Pump\n`, { line: 2, code: 'column-count' }],
  ])('%s is rejected, with its place', async (_, text, reject) => {
    expect(await readBack('item', text)).toMatchObject([{ kind: 'rejected', reject }]);
  });

  test('what was withdrawn is written and read', async () => {
    const text = [...masterCsv(master.item.specification, [{ id: 'P', effectiveFrom: '2026-01-01' }])].join('');
    expect(await readBack('item', text)).toEqual([{ kind: 'read', line: 2, id: 'P', effectiveFrom: '2026-01-01' }]);
  });

  test('a column that is unknown, twice or missing fails the whole file', async () => {
    await expect(readBack('item', 'id,colour\nP,red\n')).rejects.toThrow(ImportFailure);
    await expect(readBack('item', 'id,uom,uom\nP,C62,C62\n')).rejects.toThrow(ImportFailure);
    await expect(readBack('item', 'uom\nC62\n')).rejects.toThrow(ImportFailure);
  });
});
