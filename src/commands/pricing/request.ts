import type { Specification } from '../../events/catalog/master/index.ts';
import type { Money, UnitPrice } from '../../values/money.ts';
import type { Quantity } from '../../values/quantity.ts';

/** What is to be priced, for whom, on which day. */
export interface PriceRequest {
  readonly on: string;
  readonly currency: string;
  readonly customerId: string;
  readonly group?: string;
  readonly country?: string;
  readonly taxJurisdiction?: string;
  readonly taxExempt?: boolean;
  readonly lines: readonly LineToPrice[];
}

export interface LineToPrice {
  readonly lineNo: number;
  readonly sku: string;
  readonly qty: Quantity;
  /** What the chosen options add to the price of one stock unit, in the currency of the request. */
  readonly options?: readonly { readonly ref: string; readonly about: string; readonly amount: string }[];
  readonly manualPrice?: { readonly amount: string; readonly reason: string; readonly approvedBy?: string };
}

/** The master data that prices are made of, as it holds on the day. */
export interface PriceBook {
  readonly items: ReadonlyMap<string, Specification<'item'>>;
  readonly lists: ReadonlyMap<string, Specification<'pricelist'>>;
  readonly promotions: ReadonlyMap<string, Specification<'promotion'>>;
  readonly surcharges: ReadonlyMap<string, Specification<'surcharge'>>;
  readonly taxRates: ReadonlyMap<string, Specification<'taxrate'>>;
  readonly exchangeRates: ReadonlyMap<string, Specification<'exchangerate'>>;
}

/** Why a line or a surcharge has no price. */
export interface PriceProblem {
  readonly code: 'item-unknown' | 'price-missing' | 'unit-not-convertible' | 'exchange-rate-missing' | 'weight-missing';
  readonly message: string;
  readonly lineNo?: number;
}

export type { Money, UnitPrice };

/** True when something for certain customers or groups is for this customer; without any it is for everybody. */
export const isFor = (
  { customers = [], groups = [] }: { readonly customers?: readonly string[]; readonly groups?: readonly string[] },
  { customerId, group }: Pick<PriceRequest, 'customerId' | 'group'>,
): boolean =>
  (customers.length === 0 && groups.length === 0) ||
  customers.includes(customerId) ||
  (group !== undefined && groups.includes(group));
