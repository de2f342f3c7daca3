import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, rescale } from '../../src/values/decimal.ts';
import {
  convert,
  convertExactly,
  exact,
  invert,
  parseConversion,
  parseQuantity,
  roundToStep,
  smallestStep,
  type UnitConversion,
} from '../../src/values/quantity.ts';
import { uoms } from '../../src/values/uoms.ts';
import { codeOf, numRuns } from './runs.ts';

const boxes: UnitConversion = { from: 'BX', to: 'EA', numerator: '12', denominator: '1' };
const rolls: UnitConversion = { from: 'ROL', to: 'MTR', numerator: '3048', denominator: '100' };

const values = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat(8))
  .map(([unscaled, scale]) => rescale(unscaled, scale));
const factors = fc.bigInt({ min: 1n, max: 10n ** 9n }).map(String);
const conversions = fc.record({
  from: fc.constant('BX'),
  to: fc.constant('KGM'),
  numerator: factors,
  denominator: factors,
});

describe('units', () => {
  it('are well-formed codes with a positive step', () => {
    expect(uoms.size).toBeGreaterThanOrEqual(60);
    for (const [code, { name, step }] of uoms) {
      expect(code).toMatch(/^[A-Z0-9]{2,3}$/);
      expect(name).not.toBe('');
      expect(compare(step, '0')).toBe(1);
    }
  });

  it('outside the table are accepted, but have no step of their own', () => {
    expect(parseQuantity({ value: '1', uom: '4L' })).toEqual({ value: '1', uom: '4L' });
    expect(codeOf(() => smallestStep('4L'))).toBe('unknown-unit');
    expect(roundToStep(exact({ value: '1.234', uom: '4L' }), 'down', '0.1')).toEqual({ value: '1.2', uom: '4L' });
  });
});

describe('quantities', () => {
  it('are refused when negative or in a malformed unit', () => {
    expect(codeOf(() => parseQuantity({ value: '-1', uom: 'EA' }))).toBe('negative-quantity');
    expect(codeOf(() => parseQuantity({ value: '1', uom: 'ea' }))).toBe('invalid-unit');
    expect(codeOf(() => parseQuantity({ value: 'x', uom: 'EA' }))).toBe('invalid-decimal');
    expect(parseQuantity({ value: '-0', uom: 'EA' })).toEqual({ value: '0', uom: 'EA' });
  });

  it('convert exactly by a rational', () => {
    expect(convert({ value: '3', uom: 'BX' }, boxes, 'down')).toEqual({ value: '36', uom: 'EA' });
    expect(convert({ value: '2.5', uom: 'ROL' }, rolls, 'down')).toEqual({ value: '76.2', uom: 'MTR' });
  });

  it('are promised in whole steps, never half a box', () => {
    expect(convert({ value: '30', uom: 'EA' }, invert(boxes), 'down')).toEqual({ value: '2', uom: 'BX' });
    expect(convert({ value: '30', uom: 'EA' }, invert(boxes), 'up')).toEqual({ value: '3', uom: 'BX' });
    expect(convert({ value: '24', uom: 'EA' }, invert(boxes), 'up')).toEqual({ value: '2', uom: 'BX' });
  });

  it('come back unchanged from a conversion and its inverse', () => {
    fc.assert(
      fc.property(values, conversions, (value, conversion) => {
        const start = exact({ value, uom: 'BX' });
        expect(convertExactly(convertExactly(start, conversion), invert(conversion))).toEqual(start);
      }),
      { numRuns },
    );
  });

  it('round down to at most, up to at least, and differ by at most one step', () => {
    fc.assert(
      fc.property(values, conversions, fc.constantFrom('1', '0.001', '0.25', '12'), (value, conversion, step) => {
        const there = convertExactly(exact({ value, uom: 'BX' }), conversion);
        const [down, up] = [roundToStep(there, 'down', step), roundToStep(there, 'up', step)];
        const scaled = (decimal: string) => exact({ value: decimal, uom: 'KGM' });
        const below = scaled(down.value);
        const above = scaled(up.value);
        expect(below.numerator * there.denominator).toBeLessThanOrEqual(there.numerator * below.denominator);
        expect(above.numerator * there.denominator).toBeGreaterThanOrEqual(there.numerator * above.denominator);
        expect(roundToStep(below, 'up', step)).toEqual(down);
        expect(roundToStep(above, 'down', step)).toEqual(up);
      }),
      { numRuns },
    );
  });

  it('round towards less and more also below zero', () => {
    expect(roundToStep({ numerator: -3n, denominator: 2n, uom: 'EA' }, 'down').value).toBe('-2');
    expect(roundToStep({ numerator: -3n, denominator: 2n, uom: 'EA' }, 'up').value).toBe('-1');
  });

  it('refuse conversions that do not fit or are not positive', () => {
    expect(codeOf(() => convert({ value: '1', uom: 'KGM' }, boxes, 'down'))).toBe('unit-mismatch');
    for (const numerator of ['0', '-1', '1.5', '']) {
      expect(
        codeOf(() => parseConversion({ ...boxes, numerator })),
        numerator,
      ).toBe('invalid-conversion');
    }
    expect(codeOf(() => roundToStep(exact({ value: '1', uom: 'EA' }), 'down', '0'))).toBe('invalid-step');
  });
});
