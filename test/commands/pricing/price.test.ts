import { describe, expect, test } from 'vitest';
import { price } from '../../../src/commands/pricing/price.ts';
import type { PriceRequest } from '../../../src/commands/pricing/request.ts';
import { base, bookOf, line, oil, priced, request, stepsOf, unitPriceOf } from '../../support/price-book.ts';

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
