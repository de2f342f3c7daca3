import { afterAll, describe, expect, test } from 'vitest';
import { ImportFailure, type Problem } from '../../../src/import/failure.ts';
import { parseMapping, readMapping } from '../../../src/import/mapping/read-mapping.ts';
import { fileFolder } from '../../support/import-files.ts';

const minimal = {
  name: 'x',
  order: { key: 'order', currency: { value: 'EUR' } },
  customer: { id: 'customer' },
  line: { sku: 'sku', quantity: 'qty' },
};

function problemsOf(mapping: unknown): readonly Problem[] {
  try {
    parseMapping(typeof mapping === 'string' ? mapping : JSON.stringify(mapping), 'm.json');
    return [];
  } catch (error) {
    if (error instanceof ImportFailure) return error.problems;
    throw error;
  }
}

const places = (mapping: unknown) => problemsOf(mapping).map(({ code, pointer }) => `${code} ${pointer}`);

describe('a mapping file', () => {
  const folder = fileFolder();
  afterAll(() => folder.remove());

  test('may be small', () => expect(problemsOf(minimal)).toEqual([]));

  test('that is no JSON is refused with its line', () => {
    expect(problemsOf('{\n "name": "x",\n  oops\n}')).toMatchObject([
      { code: 'mapping-not-json', file: 'm.json', line: 3 },
    ]);
    expect(problemsOf('{\n "name": "x"')).toMatchObject([{ code: 'mapping-not-json', line: 2 }]);
  });

  test('names every unknown, missing or wrong option with its place', () => {
    const wrong = {
      ...minimal,
      order: { key: 'order', currency: { colum: 'c' } },
      line: { sku: 'sku', quantity: 3 },
      nuls: [],
    };
    expect(places(wrong).sort()).toEqual([
      'mapping-invalid /line/quantity',
      'mapping-invalid /nuls',
      'mapping-invalid /order/currency/colum',
    ]);
    expect(problemsOf({ ...minimal, line: { sku: 'sku' } })[0]?.message).toContain('quantity');
    expect(places({ ...minimal, name: 'Not a name!' })).toEqual(['mapping-invalid /name']);
  });

  test('names formats, zones, encodings, files and cells that cannot be', () => {
    const wrong = {
      ...minimal,
      files: { lines: { match: 'l*.csv', encoding: 'klingon' }, extra: { match: 'e*.csv' } },
      rows: 'lines',
      dates: { formats: ['D/M'], zone: 'Mars/Olympus' },
      customer: { id: { default: 'c' } },
      promises: [{ deliverOn: { column: 'p', file: 'nowhere', formats: ['iso', 'X'] } }],
    };
    expect(places(wrong).sort()).toEqual([
      'mapping-invalid /customer/id',
      'mapping-invalid /dates/formats/0',
      'mapping-invalid /dates/zone',
      'mapping-invalid /files/extra',
      'mapping-invalid /files/lines/encoding',
      'mapping-invalid /promises/0/deliverOn/file',
      'mapping-invalid /promises/0/deliverOn/formats/1',
    ]);
  });

  test('has no dimension that is called like a period', () => {
    const order = { ...minimal.order, dimensions: { month: 'Month', region: 'Region' } };
    expect(places({ ...minimal, order })).toEqual(['mapping-invalid /order/dimensions/month']);
  });

  test('cannot add rows up and take them for promises of one line', () => {
    const line = { ...minimal.line, quantityPer: 'row', promisesPer: 'line' };
    expect(places({ ...minimal, line })).toEqual(['mapping-invalid /line/promisesPer']);
  });

  test('may use the words of the mapping as names of dimensions and statuses', () => {
    const named = {
      ...minimal,
      order: { ...minimal.order, dimensions: { file: 'a', zone: 'b', formats: 'c' } },
      status: { cell: 'status', means: { file: 'open', zone: 'shipped' } },
    };
    expect(problemsOf(named)).toEqual([]);
  });

  test('is read from a file, with or without a byte-order mark; one that is not there is named', async () => {
    const path = folder.write('m.json', `\ufeff${JSON.stringify(minimal)}`);
    await expect(readMapping(path)).resolves.toEqual(minimal);
    await expect(readMapping(folder.path('none.json'))).rejects.toMatchObject({ code: 'mapping-not-readable' });
  });

  test('of the shipped example is valid', async () => {
    await expect(readMapping('docs/examples/scms-mapping.json')).resolves.toMatchObject({ name: 'scms' });
  });
});
