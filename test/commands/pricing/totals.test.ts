import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { price } from '../../../src/commands/pricing/price.ts';
import type { PriceRequest } from '../../../src/commands/pricing/request.ts';
import { add, allocate } from '../../../src/values/money.ts';
import { bookOf, empty, line, priced, request } from '../../support/price-book.ts';

describe('surcharges', () => {
  const cents = (more: object, asked: Partial<PriceRequest> = {}) =>
    priced(
      request([line('2')], asked),
      bookOf({ surcharges: { s: { description: 'S', kind: 'freight', ...more } as never } }),
    ).totals.surcharges.amount;

  test('an amount, a fraction, or by weight', () => {
    expect(cents({ amount: { amount: '1250', currency: 'EUR' } })).toBe('1250');
    expect(cents({ fraction: '0.015' })).toBe('300');
    expect(cents({ perKilogram: { amount: '0.35', currency: 'EUR' } })).toBe('175');
  });

  test('not above what goods are free from, not elsewhere, not for others', () => {
    const amount = { amount: '1250', currency: 'EUR' };
    expect(cents({ amount, freeFrom: { amount: '20000', currency: 'EUR' } })).toBe('0');
    expect(cents({ amount, freeFrom: { amount: '20001', currency: 'EUR' } })).toBe('1250');
    expect(cents({ amount, countries: ['FR'] })).toBe('0');
    expect(cents({ amount, customers: ['OTHER'] })).toBe('0');
    expect(cents({ amount, priceGroups: ['seals'] })).toBe('0');
  });

  test('freight of what has no weight is a problem', () => {
    const book = bookOf({
      surcharges: { s: { description: 'S', kind: 'freight', perKilogram: { amount: '1', currency: 'EUR' } } },
    });
    const asked = request([line('1', { sku: 'OIL', qty: { value: '1', uom: 'LTR' } })]);
    expect(price(asked, book)).toMatchObject({ problems: [{ code: 'weight-missing' }] });
  });
});

describe('taxes', () => {
  const rate = { jurisdiction: 'DE', name: 'USt', rate: '0.19', per: 'document', rounding: 'half-up' } as const;
  const reduced = { ...rate, name: 'USt reduced', category: 'reduced', rate: '0.07' } as const;
  const lines = [line('1'), line('1', { lineNo: 2, sku: 'OIL', qty: { value: '10', uom: 'LTR' } })];
  const taxes = (asked: Partial<PriceRequest>, rates: object) =>
    priced(request(lines, asked), bookOf({ taxRates: rates as never })).taxes.map(({ ref, base: of, amount }) => [
      ref,
      of.amount,
      amount.amount,
    ]);

  test('by jurisdiction and category; a rate for the category before one for all', () => {
    expect(taxes({}, { a: rate, b: reduced })).toEqual([
      ['b', '3333', '233'],
      ['a', '10000', '1900'],
    ]);
    expect(taxes({}, { a: rate })).toEqual([
      ['a', '3333', '633'],
      ['a', '10000', '1900'],
    ]);
    expect(taxes({ taxJurisdiction: 'FR' }, { a: rate })).toEqual([]);
    expect(taxes({ taxExempt: true }, { a: rate })).toEqual([]);
  });

  test('rounded for each line, or once', () => {
    const three = [1, 2, 3].map((lineNo) => line('1', { lineNo, manualPrice: { amount: '0.13', reason: 'x' } }));
    const amount = (per: 'line' | 'document') =>
      priced(request(three), bookOf({ taxRates: { a: { ...rate, per } } })).totals.tax.amount;
    expect(amount('line')).toBe('6'); // 3 x round(2.47)
    expect(amount('document')).toBe('7'); // round(7.41)
  });

  test('ties go up, or to the even cent', () => {
    const half = (rounding: 'half-up' | 'half-even') =>
      priced(
        request([line('1', { manualPrice: { amount: '0.5', reason: 'x' } })]),
        bookOf({ taxRates: { a: { ...rate, rate: '0.05', rounding } } }),
      ).totals.tax.amount;
    expect([half('half-up'), half('half-even')]).toEqual(['3', '2']);
  });
});

describe('whatever is priced', () => {
  const amount = fc.integer({ min: 0, max: 10_000_000 }).map((n) => (n / 1000).toFixed(3));
  const anyLine = fc.record({ qty: fc.integer({ min: 1, max: 9_999 }).map((n) => (n / 10).toFixed(1)), amount });

  test.each(['JPY', 'EUR', 'KWD'])('totals in %s are the sum of their parts, to the minor unit', (currency) => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('line', 'document'),
        amount,
        (asked, per, extra) => {
          const lines = asked.map(({ qty, amount: by }, i) =>
            line(qty, { lineNo: i + 1, manualPrice: { amount: by, reason: 'x' } }),
          );
          const taxRates = { a: { jurisdiction: 'DE', name: 'T', rate: '0.077', per, rounding: 'half-even' } as const };
          const surcharges = {
            s: { description: 'S', kind: 'surcharge', fraction: '0.033' },
            t: { description: 'T', kind: 'freight', perKilogram: { amount: extra, currency } },
          } as const;
          const result = priced(request(lines, { currency }), bookOf({ taxRates, surcharges }));
          const { goods, surcharges: more, tax, total } = result.totals;
          const sumOf = (parts: readonly { amount: string }[]) =>
            String(parts.reduce((sum, part) => sum + BigInt(part.amount), 0n));
          expect(goods.amount).toBe(sumOf(result.lines.map(({ net }) => net)));
          expect(more.amount).toBe(sumOf(result.surcharges.map(({ net }) => net)));
          expect(tax.amount).toBe(sumOf(result.taxes.map((one) => one.amount)));
          expect(total).toEqual(add(add(goods, more), tax));
          expect(result.taxes.reduce((sum, one) => sum + BigInt(one.base.amount), 0n)).toBe(
            BigInt(goods.amount) + BigInt(more.amount),
          );
          if (BigInt(goods.amount) > 0n) {
            const parts = allocate(
              tax,
              result.lines.map(({ net }) => net.amount),
            );
            expect(sumOf(parts)).toBe(tax.amount);
          }
        },
      ),
    );
  });

  test('what is missing is told, line by line, and nothing is priced', () => {
    const lines = [line('1', { sku: 'NOPE' }), line('1', { lineNo: 2 })];
    expect(price(request(lines), { ...empty })).toEqual({
      ok: false,
      problems: [
        expect.objectContaining({ code: 'item-unknown', lineNo: 1 }),
        expect.objectContaining({ code: 'price-missing', lineNo: 2 }),
      ],
    });
  });
});
