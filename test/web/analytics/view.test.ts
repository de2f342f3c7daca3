import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bases } from '../../../src/analytics/kpis/kpi.ts';
import { parametersOf, type View, viewOf } from '../../../src/web/analytics/view.ts';
import { queryOf } from '../../support/html.ts';

const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const day = date.map((one) => one.toISOString().slice(0, 10));
const position = fc.bigInt(0n, 10n ** 19n).map((number) => ({ position: String(number).padStart(20, '0') }));
const instant = date.map((one) => ({ instant: one.toISOString() }));
const dimension = fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/).filter((name) => name !== '__proto__');
const values = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 3 });

const views: fc.Arbitrary<View> = fc.record(
  {
    basis: fc.constantFrom(...bases),
    filter: fc.dictionary(dimension, values, { maxKeys: 3 }).map((filter) => ({ ...filter })),
    from: day,
    to: day,
    on: day,
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
    asOf: fc.oneof(position, instant),
  },
  { requiredKeys: ['basis', 'filter'] },
);

test('a view is its query string', () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(viewOf(queryOf(`/analytics?${parametersOf(view)}`))).toEqual(view);
    }),
  );
});

test('the empty fields of a form are left out, and a date field is read as UTC', () => {
  const form = {
    basis: 'request',
    from: '',
    to: '',
    zone: '',
    asOf: '2026-03-31T23:59',
    filter: ['', 'country=Spain', ''],
  };
  expect(viewOf(form)).toEqual({
    basis: 'request',
    asOf: { instant: '2026-03-31T23:59:00.000Z' },
    filter: { country: ['Spain'] },
  });
});

test.each([
  ['unknown-parameter', { fro: '2026-01-01' }],
  ['unknown-basis', { basis: 'hope' }],
  ['repeated-parameter', { from: ['2026-01-01', '2026-01-02'] }],
  ['invalid-filter', { filter: 'country' }],
  ['invalid-date', { from: '2026-02-30' }],
  ['unknown-zone', { zone: 'Mars/Olympus' }],
  ['invalid-position', { asOf: "1' or '1" }],
  ['invalid-instant', { asOf: '2026-02-30T00:00' }],
])('%s', (code, query) => {
  expect(() => viewOf(query as Record<string, string | string[]>)).toThrow(expect.objectContaining({ code }));
});
