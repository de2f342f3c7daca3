import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  canonical,
  compare,
  isNegative,
  max,
  min,
  multiply,
  negate,
  parseDecimal,
  rescale,
  round,
  subtract,
  sum,
  unscale,
} from '../../src/values/decimal.ts';
import { codeOf, numRuns } from './runs.ts';

const integers = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const shortIntegers = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const scaled = fc.tuple(
  fc.oneof(integers, shortIntegers, fc.bigInt({ min: -999n, max: 999n })),
  fc.integer({ min: 0, max: 8 }),
);
const decimals = scaled.map(([unscaled, scale]) => rescale(unscaled, scale));

/** Any way to write a number: leading zeros, trailing zeros, a minus before zero. */
const sloppy = fc.tuple(decimals, fc.nat(3), fc.nat(3)).map(([value, before, after]) => {
  const [sign, digits] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
  const point = digits.includes('.') || after === 0 ? '' : '.';
  return `${sign}${'0'.repeat(before)}${digits}${point}${'0'.repeat(after)}`;
});

/** The sum in integer arithmetic, at 12 places: an oracle that shares nothing with the code. */
const at12 = (value: string): bigint => {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(`${whole}${fraction.padEnd(12, '0')}`);
};

describe('decimal strings', () => {
  it('have one canonical form', () => {
    expect(['-0', '0.0', '-0.000', '007', '1.50', '100', '-0.10'].map(canonical)).toEqual([
      '0',
      '0',
      '0',
      '7',
      '1.5',
      '100',
      '-0.1',
    ]);
    fc.assert(
      fc.property(sloppy, (text) => {
        expect(canonical(text)).toMatch(/^(0|-?(?!0\d)\d+(\.\d*[1-9])?)$/);
        expect(canonical(text)).not.toBe('-0');
        expect(at12(canonical(text))).toBe(at12(text));
        expect(canonical(canonical(text))).toBe(canonical(text));
      }),
      { numRuns },
    );
  });

  it('are never written with an exponent, however large or small', () => {
    expect(multiply('0.00000001', '0.00000001')).toBe('0.0000000000000001');
    expect(multiply('100000000000000', '100000000000000')).toBe('10000000000000000000000000000');
  });

  it('add, subtract and compare exactly, on the short path and the long one', () => {
    fc.assert(
      fc.property(sloppy, sloppy, (a, b) => {
        expect(at12(add(a, b))).toBe(at12(a) + at12(b));
        expect(at12(subtract(a, b))).toBe(at12(a) - at12(b));
        expect(Math.sign(compare(a, b))).toBe(Number(at12(a) > at12(b)) - Number(at12(a) < at12(b)));
        expect(subtract(add(a, b), b)).toBe(canonical(a));
      }),
      { numRuns },
    );
  });

  it('multiply exactly', () => {
    fc.assert(
      fc.property(scaled, scaled, ([a, aScale], [b, bScale]) => {
        expect(multiply(rescale(a, aScale), rescale(b, bScale))).toBe(rescale(a * b, aScale + bScale));
      }),
      { numRuns },
    );
    expect(multiply('-3', '0')).toBe('0');
    expect(multiply('12345678', '12345678')).toBe('152415765279684');
  });

  it('know the smaller, the greater, the sign and the sum', () => {
    expect([min('10', '9.5'), max('10', '9.50'), negate('1.50'), negate('0')]).toEqual(['9.5', '10', '-1.5', '0']);
    expect([isNegative('-0'), isNegative('-0.01'), isNegative('3')]).toEqual([false, true, false]);
    expect(sum([])).toBe('0');
    expect(sum(['0.1', '0.2', '-0.3'])).toBe('0');
  });

  it('round symmetrically around zero', () => {
    fc.assert(
      fc.property(decimals, fc.nat(4), fc.constantFrom('half-up', 'half-even', 'down', 'up'), (value, places, mode) => {
        expect(round(negate(value), places, mode)).toBe(negate(round(value, places, mode)));
        expect(round(round(value, places, mode), places, mode)).toBe(round(value, places, mode));
      }),
      { numRuns },
    );
    expect([round('2.5', 0, 'half-up'), round('2.5', 0, 'half-even'), round('3.5', 0, 'half-even')]).toEqual([
      '3',
      '2',
      '4',
    ]);
    expect([round('-2.5', 0, 'half-up'), round('2.1', 0, 'up'), round('-2.9', 0, 'down')]).toEqual(['-3', '3', '-2']);
    expect(round('-0.4', 0, 'half-up')).toBe('0');
  });

  it('survive the way to integers and back', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const { unscaled, scale } = unscale(value);
        expect(rescale(unscaled, scale)).toBe(value);
      }),
      { numRuns },
    );
  });

  it('are refused with a reason when they are not numbers', () => {
    for (const text of ['', '-', '.5', '5.', '1e3', '1,5', ' 1', '+1', 'NaN', 'Infinity', '0x10', '١']) {
      expect(
        codeOf(() => parseDecimal(text)),
        text,
      ).toBe('invalid-decimal');
      expect(
        codeOf(() => add(text, '1')),
        text,
      ).toBe('invalid-decimal');
    }
    expect(() => parseDecimal('1e3')).toThrow('"1e3" is not a decimal number; write it like 12.5');
  });

  it('are bounded where they enter', () => {
    expect(parseDecimal('123456789012345.12345678')).toBe('123456789012345.12345678');
    expect(parseDecimal('0000000000000000001.100000000000')).toBe('1.1');
    expect(codeOf(() => parseDecimal('1234567890123456'))).toBe('decimal-out-of-bounds');
    expect(codeOf(() => parseDecimal('0.123456789'))).toBe('decimal-out-of-bounds');
    expect(() => parseDecimal('0.123', { integerDigits: 3, fractionDigits: 2 })).toThrow(
      'at most 3 before the point and 2 after',
    );
  });
});
