import { type Static, Type } from 'typebox';
import { closed } from './definition.ts';
import { Selections } from './master/model.ts';
import { Code, Currency, Decimal, LineNo, LocalDate, Money, Quantity, Text, UnitPrice } from './terms.ts';

/** What a price was made of: enough to make it again by hand, without any price list at hand. */

export const ExchangeUsed = closed({
  from: Currency,
  to: Currency,
  rate: Decimal,
  source: Text,
  on: Type.Unsafe<string>({ ...LocalDate, description: 'Day whose rate was taken' }),
});
export type ExchangeUsed = Static<typeof ExchangeUsed>;

/** One step of the trace of a unit price; `after` is the price from here on. */
export const PriceStep = closed({
  step: Type.Union([
    Type.Literal('list'),
    Type.Literal('exchange'),
    Type.Literal('options'),
    Type.Literal('promotion'),
    Type.Literal('manual'),
  ]),
  ref: Type.Optional(Code),
  about: Text,
  after: UnitPrice,
});
export type PriceStep = Static<typeof PriceStep>;

export const PricedLine = closed({
  lineNo: LineNo,
  sku: Code,
  /** Of one `priceUom`. */
  unitPrice: UnitPrice,
  priceUom: Code,
  /** The ordered quantity in `priceUom` as an exact fraction. */
  quantity: closed({ numerator: Type.String({ maxLength: 60 }), denominator: Type.String({ maxLength: 60 }) }),
  net: Money,
  taxCategory: Code,
  trace: Type.Array(PriceStep, { maxItems: 50 }),
});
export type PricedLine = Static<typeof PricedLine>;

export const PricedSurcharge = closed({
  ref: Code,
  kind: Type.Union([Type.Literal('surcharge'), Type.Literal('freight')]),
  about: Text,
  net: Money,
  taxCategory: Code,
});
export type PricedSurcharge = Static<typeof PricedSurcharge>;

export const TaxShare = closed({
  ref: Code,
  name: Text,
  category: Code,
  rate: Decimal,
  base: Money,
  amount: Money,
});
export type TaxShare = Static<typeof TaxShare>;

export const Priced = closed({
  currency: Currency,
  on: LocalDate,
  lines: Type.Array(PricedLine, { maxItems: 5_000 }),
  surcharges: Type.Array(PricedSurcharge, { maxItems: 200 }),
  taxes: Type.Array(TaxShare, { maxItems: 200 }),
  exchange: Type.Array(ExchangeUsed, { maxItems: 50 }),
  totals: closed({ goods: Money, surcharges: Money, tax: Money, total: Money }),
});
export type Priced = Static<typeof Priced>;

/** A price that somebody gave by hand, and why. */
export const ManualPrice = closed({ amount: Decimal, reason: Text, approvedBy: Type.Optional(Code) });

export const LineToPrice = closed({
  lineNo: LineNo,
  sku: Code,
  qty: Quantity,
  selections: Type.Optional(Selections),
  manualPrice: Type.Optional(ManualPrice),
});
