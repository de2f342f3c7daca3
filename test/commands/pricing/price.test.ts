import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { price } from '../../../src/commands/pricing/price.ts';
import type { LineToPrice, PriceBook, PriceRequest } from '../../../src/commands/pricing/request.ts';
import type { Specification } from '../../../src/events/catalog/master/index.ts';
import type { Priced } from '../../../src/events/catalog/price.ts';
import { add, allocate } from '../../../src/values/money.ts';

const pump: Specification<'item'> = {
  description: 'Pump',
  uom: 'C62',
  sourcing: 'stock',
  priceGroup: 'pumps',
  weight: { value: '2.5', uom: 'KGM' },
};
const oil: Specification<'item'> = {
  description: 'Oil',
  uom: 'LTR',
  sourcing: 'stock',
  taxCategory: 'reduced',
  conversions: [{ uom: 'DR', numerator: '200', denominator: '1' }],
};

const empty: PriceBook = {
  items: new Map(Object.entries({ PUMP: pump, OIL: oil })),
  lists: new Map(),
  promotions: new Map(),
  surcharges: new Map(),
  taxRates: new Map(),
  exchangeRates: new Map(),
};
const base = {
  currency: 'EUR',
  prices: [
    { sku: 'PUMP', amount: '100' },
    { sku: 'OIL', amount: '3.333' },
  ],
};
const bookOf = (
  more: {
    readonly [Part in keyof PriceBook]?: Record<
      string,
      PriceBook[Part] extends ReadonlyMap<string, infer V> ? V : never
    >;
  },
): PriceBook => ({
  ...empty,
  lists: new Map([['base', base]]),
  ...Object.fromEntries(Object.entries(more).map(([part, entries]) => [part, new Map(Object.entries(entries))])),
});

const line = (qty: string, more: Partial<LineToPrice> = {}): LineToPrice => ({
  lineNo: 1,
  sku: 'PUMP',
  qty: { value: qty, uom: 'C62' },
  ...more,
});
const request = (lines: readonly LineToPrice[], more: Partial<PriceRequest> = {}): PriceRequest => ({
  on: '2026-03-10',
  currency: 'EUR',
  customerId: 'ACME',
  country: 'DE',
  lines,
  ...more,
});
function priced(asked: PriceRequest, book: PriceBook): Priced {
  const result = price(asked, book);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.priced;
}
const unitPriceOf = (asked: PriceRequest, book: PriceBook) => priced(asked, book).lines[0]?.unitPrice.amount;
const stepsOf = (asked: PriceRequest, book: PriceBook) =>
  priced(asked, book).lines[0]?.trace.map(({ step, ref, after }) => [step, ref, after.amount]);

describe('the list that a price is taken from', () => {
  const withList = (more: object) =>
    bookOf({ lists: { base, more: { ...base, prices: [{ sku: 'PUMP', amount: '80' }], ...more } } });

  test('one of higher priority goes first', () => {
    expect(unitPriceOf(request([line('1')]), withList({ priority: 1 }))).toBe('80');
    expect(unitPriceOf(request([line('1')]), withList({ priority: 0 }))).toBe('100');
  });

  test('one for the customer before one for his group before one for everybody', () => {
    expect(unitPriceOf(request([line('1')]), withList({ customers: ['ACME'] }))).toBe('80');
    expect(unitPriceOf(request([line('1')]), withList({ customers: ['OTHER'] }))).toBe('100');
    expect(unitPriceOf(request([line('1')], { group: 'trade' }), withList({ groups: ['trade'] }))).toBe('80');
    expect(unitPriceOf(request([line('1')]), withList({ groups: ['trade'] }))).toBe('100');
  });

  test('a list without the item is passed over', () =>
    expect(
      unitPriceOf(request([line('1', { sku: 'OIL', qty: { value: '1', uom: 'LTR' } })]), withList({ priority: 9 })),
    ).toBe('3.333'));

  test('of quantity breaks the highest that is reached', () => {
    const prices = [
      { sku: 'PUMP', amount: '100' },
      { sku: 'PUMP', fromQuantity: '10', amount: '90' },
      { sku: 'PUMP', fromQuantity: '100', amount: '70' },
    ];
    const book = bookOf({ lists: { base: { ...base, prices } } });
    expect(['9', '10', '99.5', '100', '1000'].map((qty) => unitPriceOf(request([line(qty)]), book))).toEqual([
      '100',
      '90',
      '90',
      '70',
      '70',
    ]);
  });

  test('a price in another currency takes the rate of the day, and the order keeps it', () => {
    const dollars = { currency: 'USD', prices: [{ sku: 'PUMP', amount: '100' }] };
    const rate = { from: 'USD', to: 'EUR', rate: '0.92236', source: 'ECB' };
    const book = bookOf({ lists: { dollars }, exchangeRates: { 'USD-EUR': rate } });
    expect(stepsOf(request([line('1')]), book)).toEqual([
      ['list', 'dollars', '100'],
      ['exchange', undefined, '92.236'],
    ]);
    expect(priced(request([line('1')]), book).exchange).toEqual([{ ...rate, on: '2026-03-10' }]);
    expect(price(request([line('1')]), bookOf({ lists: { dollars } }))).toMatchObject({
      problems: [{ code: 'exchange-rate-missing', lineNo: 1 }],
    });
  });
});

describe('units', () => {
  const drums = { ...base, prices: [{ sku: 'OIL', uom: 'DR', amount: '600' }] };
  const litres = (value: string) => line(value, { sku: 'OIL', qty: { value, uom: 'LTR' } });

  test('a price for a drum prices litres exactly: a third of a drum is no decimal', () => {
    const book = bookOf({ lists: { drums } });
    expect(priced(request([litres('50')]), book).lines[0]).toMatchObject({
      priceUom: 'DR',
      quantity: { numerator: '1', denominator: '4' },
      net: { amount: '15000' },
    });
    const thirds = { ...oil, conversions: [{ uom: 'DR', numerator: '3', denominator: '1' }] };
    expect(priced(request([litres('1')]), { ...book, items: new Map([['OIL', thirds]]) }).totals.goods.amount).toBe(
      '20000',
    );
  });

  test('a unit that the item does not know is a problem', () =>
    expect(price(request([line('1', { qty: { value: '1', uom: 'KGM' } })]), bookOf({}))).toMatchObject({
      problems: [{ code: 'unit-not-convertible', lineNo: 1 }],
    }));
});

describe('promotions', () => {
  const five = { description: 'Five', discount: '0.05' };
  const ten = { description: 'Ten', discount: '0.1' };

  test('go one after the other, with every step in the trace', () =>
    expect(stepsOf(request([line('1')]), bookOf({ promotions: { a: five, b: ten } }))).toEqual([
      ['list', 'base', '100'],
      ['promotion', 'a', '95'],
      ['promotion', 'b', '85.5'],
    ]));

  test('one that stands alone is taken when it is better than the others together', () => {
    const alone = { description: 'Alone', discount: '0.2', exclusive: true };
    expect(stepsOf(request([line('1')]), bookOf({ promotions: { a: five, b: ten, c: alone } }))).toEqual([
      ['list', 'base', '100'],
      ['promotion', 'c', '80'],
    ]);
    const weak = { ...alone, discount: '0.14' };
    expect(unitPriceOf(request([line('1')]), bookOf({ promotions: { a: five, b: ten, c: weak } }))).toBe('85.5');
  });

  test('only for whom, what, how much and as long as it says', () => {
    const off = (more: object, asked: Partial<PriceRequest> = {}, qty = '1') =>
      unitPriceOf(request([line(qty)], asked), bookOf({ promotions: { a: { ...ten, ...more } } }));
    expect(off({ until: '2026-03-10' })).toBe('90');
    expect(off({ until: '2026-03-09' })).toBe('100');
    expect(off({ groups: ['trade'] })).toBe('100');
    expect(off({ groups: ['trade'] }, { group: 'trade' })).toBe('90');
    expect(off({ skus: ['OIL'] })).toBe('100');
    expect(off({ priceGroups: ['pumps'] })).toBe('90');
    expect(off({ priceGroups: ['seals'] })).toBe('100');
    expect(off({ minimumQuantity: '5' }, {}, '4')).toBe('100');
    expect(off({ minimumQuantity: '5' }, {}, '5')).toBe('90');
  });
});

describe('a price by hand', () => {
  test('stands for itself, with its reason and who approved it', () => {
    const manualPrice = { amount: '77', reason: 'Trade fair', approvedBy: 'mira' };
    const [one] = priced(
      request([line('2', { manualPrice })]),
      bookOf({ promotions: { a: { description: 'x', discount: '0.5' } } }),
    ).lines;
    expect(one?.trace).toEqual([
      { step: 'manual', ref: 'mira', about: 'Given by hand: Trade fair', after: { amount: '77', currency: 'EUR' } },
    ]);
    expect(one?.net.amount).toBe('15400');
  });
});

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
