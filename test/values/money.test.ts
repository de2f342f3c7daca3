import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeCurrencies, currencyExponent, isCurrency } from '../../src/values/currencies.ts';
import { rescale } from '../../src/values/decimal.ts';
import {
  add,
  allocate,
  compare,
  extend,
  formatMoney,
  isZero,
  type Money,
  money,
  moneyOfDecimal,
  negate,
  parseMoney,
  parseUnitPrice,
  subtract,
  sum,
} from '../../src/values/money.ts';
import { codeOf, numRuns } from './runs.ts';

const units = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const eur = (amount: bigint | string): Money => money(BigInt(amount), 'EUR');
const currencies = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF');

describe('currencies', () => {
  it('have the minor units of ISO 4217', () => {
    const exponents = [
      'EUR',
      'USD',
      'JPY',
      'KRW',
      'ISK',
      'KWD',
      'BHD',
      'TND',
      'CLF',
      'UYW',
      'CLP',
      'HUF',
      'IQD',
      'MRU',
    ];
    expect(exponents.map(currencyExponent)).toEqual([2, 2, 0, 0, 0, 3, 3, 3, 4, 4, 0, 2, 3, 2]);
  });

  it('are each listed once, and those of today are those that the runtime knows', () => {
    expect(new Set(activeCurrencies).size).toBe(activeCurrencies.length);
    expect(activeCurrencies.length).toBe(165);
    const metalsAndTests = ['XAG', 'XAU', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XXX', 'XUA', 'XBA', 'XBB', 'XBC', 'XBD'];
    const missing = Intl.supportedValuesOf('currency').filter(
      (code) => !isCurrency(code) && !metalsAndTests.includes(code),
    );
    // What is left is history: nothing on this list is in use in 2026.
    expect(missing.filter((code) => !historic.has(code))).toEqual([]);
  });

  it('keep withdrawn codes for old orders and refuse unknown ones', () => {
    expect(currencyExponent('HRK')).toBe(2);
    expect(activeCurrencies).not.toContain('HRK');
    for (const code of ['eur', 'EURO', 'XXX', '', 'toString'])
      expect(
        codeOf(() => currencyExponent(code)),
        code,
      ).toBe('unknown-currency');
  });
});

const historic = new Set(['CNH', 'MRO', 'STD', 'VEF', 'ZWD', 'ZWR', 'BYR']);

describe('money', () => {
  it('adds and subtracts without loss', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(add(eur(a), eur(b))).toEqual(eur(a + b));
        expect(subtract(add(eur(a), eur(b)), eur(b))).toEqual(eur(a));
        expect(add(eur(a), negate(eur(a)))).toEqual(eur(0n));
        expect(compare(eur(a), eur(b))).toBe(Number(a > b) - Number(a < b));
        expect(sum([eur(a), eur(b)], 'EUR')).toEqual(add(eur(a), eur(b)));
      }),
      { numRuns },
    );
    expect(isZero(sum([], 'JPY'))).toBe(true);
  });

  it('never mixes currencies', () => {
    for (const act of [add, subtract, compare])
      expect(codeOf(() => act(eur(1n), money(1n, 'USD')))).toBe('currency-mismatch');
    expect(codeOf(() => sum([eur(1n)], 'USD'))).toBe('currency-mismatch');
  });

  it('is refused outside its bounds', () => {
    for (const amount of ['1.5', '', '1e3', '--1', '1234567890123456789']) {
      expect(
        codeOf(() => parseMoney({ amount, currency: 'EUR' })),
        amount,
      ).toBe('invalid-money');
    }
    expect(parseMoney({ amount: '-00', currency: 'EUR' })).toEqual({ amount: '0', currency: 'EUR' });
    expect(codeOf(() => add(eur('999999999999999999'), eur(1n)))).toBe('money-out-of-bounds');
  });

  it('is written with the digits of its currency, and read back', () => {
    expect(formatMoney(eur(-5n))).toBe('-0.05');
    expect(formatMoney(eur(1250n))).toBe('12.50');
    expect(formatMoney(money(1000n, 'JPY'))).toBe('1000');
    expect(formatMoney(money(1001n, 'KWD'))).toBe('1.001');
    fc.assert(
      fc.property(units, currencies, (amount, currency) => {
        expect(moneyOfDecimal(formatMoney(money(amount, currency)), currency)).toEqual(money(amount, currency));
      }),
      { numRuns },
    );
    expect(codeOf(() => moneyOfDecimal('1.5', 'JPY'))).toBe('decimal-out-of-bounds');
  });
});

describe('the amount of a line', () => {
  it('is rounded once, to the minor unit of the currency', () => {
    expect(extend({ amount: '0.3335', currency: 'KWD' }, '3')).toEqual(money(1001n, 'KWD'));
    expect(extend({ amount: '0.3335', currency: 'KWD' }, '3', 'half-even')).toEqual(money(1000n, 'KWD'));
    expect(extend({ amount: '0.00125', currency: 'EUR' }, '1000')).toEqual(eur(125n));
    expect(extend({ amount: '0.00125', currency: 'EUR' }, '4')).toEqual(eur(1n));
    expect(extend({ amount: '0.005', currency: 'EUR' }, '1', 'half-even')).toEqual(eur(0n));
    expect(extend({ amount: '149.5', currency: 'JPY' }, '1')).toEqual(money(150n, 'JPY'));
  });

  it('is within half a minor unit of the exact product, and symmetric', () => {
    const price = fc.bigInt({ min: 0n, max: 10n ** 10n });
    fc.assert(
      fc.property(
        price,
        price,
        currencies,
        fc.constantFrom('half-up', 'half-even'),
        (unit, quantity, currency, mode) => {
          const amount = BigInt(extend({ amount: rescale(unit, 8), currency }, rescale(quantity, 4), mode).amount);
          const back = extend({ amount: rescale(unit, 8), currency }, rescale(-quantity, 4), mode);
          expect(BigInt(back.amount)).toBe(-amount);
          const scale = 10n ** BigInt(12 - currencyExponent(currency));
          const error = amount * scale - unit * quantity;
          expect(2n * (error < 0n ? -error : error)).toBeLessThanOrEqual(scale);
        },
      ),
      { numRuns },
    );
  });

  it('refuses prices with more than 8 digits after the point', () => {
    expect(parseUnitPrice({ amount: '0.12345678', currency: 'EUR' }).amount).toBe('0.12345678');
    expect(codeOf(() => parseUnitPrice({ amount: '0.123456789', currency: 'EUR' }))).toBe('decimal-out-of-bounds');
  });
});

describe('allocation', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 });

  it('gives the remainder to the largest fractions, earlier parts first', () => {
    const amounts = (total: Money, by: readonly string[]) => allocate(total, by).map((part) => part.amount);
    expect(amounts(eur(1000n), ['33.33', '33.33', '33.34'])).toEqual(['333', '333', '334']);
    expect(amounts(money(1000n, 'JPY'), ['1', '1', '1'])).toEqual(['334', '333', '333']);
    expect(amounts(eur(-1000n), ['1', '1', '1'])).toEqual(['-334', '-333', '-333']);
    expect(amounts(eur(5n), ['0', '3', '0', '1'])).toEqual(['0', '4', '0', '1']);
  });

  it('sums exactly and stays within one minor unit of the fair share', () => {
    fc.assert(
      fc.property(units, weights, fc.nat(8), (total, shares, scale) => {
        const whole = shares.reduce((a, b) => a + b, 0n);
        fc.pre(whole > 0n);
        const parts = allocate(
          eur(total),
          shares.map((share) => rescale(share, scale)),
        );
        expect(sum(parts, 'EUR')).toEqual(eur(total));
        parts.forEach((part, index) => {
          const error = BigInt(part.amount) * whole - total * (shares[index] ?? 0n);
          expect(error < 0n ? -error : error).toBeLessThan(whole);
        });
      }),
      { numRuns },
    );
  });

  it('refuses to divide by nothing', () => {
    expect(codeOf(() => allocate(eur(1n), []))).toBe('allocation-without-weight');
    expect(codeOf(() => allocate(eur(1n), ['0', '0']))).toBe('allocation-without-weight');
    expect(codeOf(() => allocate(eur(1n), ['2', '-1']))).toBe('negative-weight');
  });
});
