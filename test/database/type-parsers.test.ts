import { expect, test } from 'vitest';
import { instantFromPostgres } from '../../src/database/type-parsers.ts';

test.each([
  ['2026-03-01 07:05:03+00', '2026-03-01T07:05:03.000Z'],
  ['2026-03-01 07:05:03.1+00', '2026-03-01T07:05:03.100Z'],
  ['2026-03-01 07:05:03.123456+02', '2026-03-01T05:05:03.123Z'],
  ['2026-03-01 07:05:03.999-03:30', '2026-03-01T10:35:03.999Z'],
])('%s is %s', (text, instant) => {
  expect(instantFromPostgres(text)).toBe(instant);
});

test.each(['infinity', '2026-03-01', '0044-03-15 12:00:00+00 BC'])('%s is refused', (text) => {
  expect(() => instantFromPostgres(text)).toThrow('outside of the supported range');
});
