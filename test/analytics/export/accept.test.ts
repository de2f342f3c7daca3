import fc from 'fast-check';
import { expect, it } from 'vitest';
import { negotiated } from '../../../src/analytics/export/accept.ts';
import { formats } from '../../../src/analytics/export/formats.ts';

const chosen = (accept: string | undefined): string | undefined => negotiated(accept, formats)?.name;

it.each([
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['text/*', 'csv'],
  ['text/csv', 'csv'],
  ['TEXT/CSV; charset=utf-8', 'csv'],
  ['application/vnd.apache.arrow.stream; codecs="zstd, lz4"', 'arrows'],
  ['application/vnd.apache.arrow.file', 'arrow'],
  ['text/csv;q=0.5, application/vnd.apache.arrow.stream;q=0.9', 'arrows'],
  ['text/csv;q=0.5, */*;q=0.1', 'csv'],
  ['application/json;q=0, */*', 'arrows'],
  ['application/*;q=0.2, application/vnd.apache.parquet', 'parquet'],
  ['text/html', undefined],
  ['text/csv;q=0', undefined],
  ['text/csv;q=7', undefined],
] as const)('Accept: %s is answered with %s', (accept, format) => {
  expect(chosen(accept)).toBe(format);
});

it('reads whatever a client sends', () => {
  fc.assert(fc.property(fc.string(), (accept) => void chosen(accept)));
});
