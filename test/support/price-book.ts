import { expect } from 'vitest';
import { price } from '../../src/commands/pricing/price.ts';
import type { LineToPrice, PriceBook, PriceRequest } from '../../src/commands/pricing/request.ts';
import type { Specification } from '../../src/events/catalog/master/index.ts';
import type { Priced } from '../../src/events/catalog/price.ts';

/** A pump, oil in drums, and a list with a price for each. */

export const pump: Specification<'item'> = {
  description: 'Pump',
  uom: 'C62',
  sourcing: 'stock',
  priceGroup: 'pumps',
  weight: { value: '2.5', uom: 'KGM' },
};
export const oil: Specification<'item'> = {
  description: 'Oil',
  uom: 'LTR',
  sourcing: 'stock',
  taxCategory: 'reduced',
  conversions: [{ uom: 'DR', numerator: '200', denominator: '1' }],
};

export const empty: PriceBook = {
  items: new Map(Object.entries({ PUMP: pump, OIL: oil })),
  lists: new Map(),
  promotions: new Map(),
  surcharges: new Map(),
  taxRates: new Map(),
  exchangeRates: new Map(),
};
export const base = {
  currency: 'EUR',
  prices: [
    { sku: 'PUMP', amount: '100' },
    { sku: 'OIL', amount: '3.333' },
  ],
};
export const bookOf = (
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

export const line = (qty: string, more: Partial<LineToPrice> = {}): LineToPrice => ({
  lineNo: 1,
  sku: 'PUMP',
  qty: { value: qty, uom: 'C62' },
  ...more,
});
export const request = (lines: readonly LineToPrice[], more: Partial<PriceRequest> = {}): PriceRequest => ({
  on: '2026-03-10',
  currency: 'EUR',
  customerId: 'ACME',
  country: 'DE',
  lines,
  ...more,
});
export function priced(asked: PriceRequest, book: PriceBook): Priced {
  const result = price(asked, book);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.priced;
}
export const unitPriceOf = (asked: PriceRequest, book: PriceBook) => priced(asked, book).lines[0]?.unitPrice.amount;
export const stepsOf = (asked: PriceRequest, book: PriceBook) =>
  priced(asked, book).lines[0]?.trace.map(({ step, ref, after }) => [step, ref, after.amount]);
