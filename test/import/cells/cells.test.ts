import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindCell } from '../../../src/import/cells/cell.ts';
import { columnsOf } from '../../../src/import/cells/columns.ts';
import { compileDateFormat } from '../../../src/import/cells/date-format.ts';
import { decimalOf } from '../../../src/import/cells/decimal.ts';
import { momentOf } from '../../../src/import/cells/moment.ts';

const dateIn = (format: string, cell: string, pivot = 70): unknown => compileDateFormat(format, pivot)?.(cell);

describe('dates in cells', () => {
  test.each([
    ['D-MMM-YY', '2-Jun-06', { date: '2006-06-02' }],
    ['D-MMM-YY', '02-JUN-06', { date: '2006-06-02' }],
    ['M/D/YY', '11/13/06', { date: '2006-11-13' }],
    ['DD.MM.YYYY', '01.12.2024', { date: '2024-12-01' }],
    ['MMMM D, YYYY', 'March 5, 2024', { date: '2024-03-05' }],
    ['YYYYMMDD', '20240305', { date: '2024-03-05' }],
    ['M/D/YYYY H:mm A', '3/5/2024 12:07 am', { date: '2024-03-05', time: '00:07:00' }],
    ['M/D/YYYY H:mm A', '3/5/2024 1:07 PM', { date: '2024-03-05', time: '13:07:00' }],
    ['YYYY-MM-DD HH:mm:ss', '2024-03-05 23:59:58', { date: '2024-03-05', time: '23:59:58' }],
    ['D/M/YYYY hh:mm:ss.SSS A', '5/3/2024 01:07:09.123 pm', { date: '2024-03-05', time: '13:07:09' }],
    ['iso', '2024-03-05', { date: '2024-03-05' }],
    ['iso', '2024-03-05T07:30', { date: '2024-03-05', time: '07:30:00' }],
    ['iso', '2024-03-05T07:30:10Z', { date: '2024-03-05', instant: '2024-03-05T07:30:10.000Z' }],
    ['iso', '2024-03-05 07:30:10.25+0200', { date: '2024-03-05', instant: '2024-03-05T05:30:10.250Z' }],
  ])('%s reads %s', (format, cell, expected) => {
    expect(dateIn(format, cell)).toEqual(expected);
  });

  test.each([
    ['D-MMM-YY', '31-Feb-06'],
    ['D-MMM-YY', '2-Juni-06'],
    ['D-MMM-YY', ' 2-Jun-06 x'],
    ['M/D/YY', '13/11/06'],
    ['M/D/YYYY H:mm A', '3/5/2024 13:07 PM'],
    ['YYYY-MM-DD HH:mm:ss', '2024-03-05 24:00:00'],
    ['iso', '2024-02-30'],
    ['iso', '2024-03-05T25:00'],
    ['iso', 'Pre-PQ Process'],
  ])('%s does not read %s', (format, cell) => {
    expect(dateIn(format, cell)).toBeUndefined();
  });

  test('a format needs a day, a month and a year, once each', () => {
    for (const format of ['M/D', 'YYYY', 'D-MMM-YY-YY', 'hello', ''])
      expect(compileDateFormat(format, 70)).toBeUndefined();
  });

  test('two-digit years turn at the pivot', () => {
    expect([dateIn('D/M/YY', '1/1/69'), dateIn('D/M/YY', '1/1/70'), dateIn('D/M/YY', '1/1/70', 71)]).toEqual([
      { date: '2069-01-01' },
      { date: '1970-01-01' },
      { date: '2070-01-01' },
    ]);
  });

  test('any date written in any of the formats is read back', () => {
    const pad = (value: number): string => String(value).padStart(2, '0');
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2069-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (instant) => {
        const [y, m, d] = [instant.getUTCFullYear(), instant.getUTCMonth() + 1, instant.getUTCDate()];
        const date = instant.toISOString().slice(0, 10);
        const short = pad(y % 100);
        expect(dateIn('D-MMM-YY', `${d}-${names[m - 1]}-${short}`)).toEqual({ date });
        expect(dateIn('M/D/YY', `${m}/${d}/${short}`)).toEqual({ date });
        expect(dateIn('DD.MM.YYYY', `${pad(d)}.${pad(m)}.${y}`)).toEqual({ date });
        expect(dateIn('iso', date)).toEqual({ date });
      }),
    );
  });

  test('a date is the start of its local day; a local time is of the zone; an instant keeps itself', () => {
    const at = (cell: string, zone: string) => {
      const written = compileDateFormat('iso', 70)?.(cell);
      return written && momentOf(written, { calendar: zone, clock: zone });
    };
    expect(at('2024-07-01', 'America/New_York')).toEqual({ at: '2024-07-01T04:00:00.000Z', date: '2024-07-01' });
    expect(at('2024-07-01T09:30', 'Europe/Berlin')).toEqual({ at: '2024-07-01T07:30:00.000Z', date: '2024-07-01' });
    expect(at('2024-07-01T23:30:00Z', 'Asia/Tokyo')).toEqual({ at: '2024-07-01T23:30:00.000Z', date: '2024-07-02' });
    expect(at('2024-03-31T02:30', 'Europe/Berlin')).toEqual({ at: '2024-03-31T01:00:00.000Z', date: '2024-03-31' });
  });
});

describe('numbers in cells', () => {
  test.each([
    ['1,234.50', '.', ',', '1234.5'],
    ['1.234,5', ',', '.', '1234.5'],
    ["12'000", '.', "'", '12000'],
    ['+7', '.', '', '7'],
    ['.5', '.', '', '0.5'],
    ['5.', '.', '', '5'],
    ['1e3', '.', '', '1000'],
    ['-0.125', '.', '', '-0.125'],
    ['12,34,567.5', '.', ',', '1234567.5'],
    ['0.30000000000000004', '.', '', '0.3'],
    ['0.123456785', '.', '', '0.12345679'],
  ])('%s with %s and %s is %s', (cell, decimal, thousands, expected) => {
    expect(decimalOf(cell, { decimal, thousands })).toBe(expected);
  });

  test.each(['', 'x', '1.2.3', '1,5', '--1', '0x10', '1e999', '1234567890123456'])('%s is no number', (cell) => {
    expect(decimalOf(cell, { decimal: '.', thousands: '' })).toBeUndefined();
  });

  test.each(['1,5', '1,2345', ',123', '1234,567', '1,23', '1,,234', '1.5,000'])(
    '%s with groups of thousands is no number: its mark is another',
    (cell) => {
      expect(decimalOf(cell, { decimal: '.', thousands: ',' })).toBeUndefined();
    },
  );
});

describe('cells', () => {
  const columns = columnsOf([{ alias: 'rows', path: 'x.csv', header: ['a', 'b'] }]);
  const row = (...cells: string[]) => ({ file: 'x.csv', line: 2, cells: [cells] });

  test('null words of the mapping and of the column mean null, then the default counts', () => {
    const cell = bindCell({ columns, nulls: ['N/A'] }, { column: 'a', nulls: ['none yet'], default: 'd' }, '/x');
    expect(['N/A', ' none yet ', '', 'v '].map((text) => cell.read(row(text, '')))).toEqual(['d', 'd', 'd', 'v']);
  });

  test('the first column that is not null is taken, and words are translated', () => {
    const cell = bindCell({ columns, nulls: ['-'] }, { columns: ['a', 'b'], words: { Y: 'yes' } }, '/x');
    expect([row('Y', 'q'), row('-', 'Y'), row('', '-')].map((one) => cell.read(one))).toEqual(['yes', 'yes', null]);
  });

  test('a column that is not there is named with its place in the mapping', () => {
    const searched = columnsOf([{ alias: 'rows', path: 'x.csv', header: ['a', 'a'] }]);
    bindCell({ columns: searched, nulls: [] }, 'zz', '/order/key/0');
    bindCell({ columns: searched, nulls: [] }, 'zz', '/order/key/0');
    bindCell({ columns: searched, nulls: [] }, 'a', '/line/sku');
    expect(searched.problems).toMatchObject([
      { code: 'column-not-found', file: 'x.csv', line: 1, pointer: '/order/key/0', column: 'zz' },
      { code: 'column-ambiguous', pointer: '/line/sku', column: 'a' },
    ]);
  });
});
