import type { Specification } from '../../events/catalog/master/index.ts';
import type { PricedLine, PricedSurcharge, TaxShare } from '../../events/catalog/price.ts';
import { add, type Money, share, sum } from '../../values/money.ts';
import type { PriceBook, PriceRequest } from './request.ts';

/** Works out the taxes of an order. Another engine may take the place of the table of rates. */
export type TaxEngine = (
  taxed: readonly (PricedLine | PricedSurcharge)[],
  request: PriceRequest,
  rates: PriceBook['taxRates'],
) => readonly TaxShare[];

type TaxRate = Specification<'taxrate'>;

/**
 * Taxes by the table of rates: those of the jurisdiction of the customer (the country of the ship-to, if he has none) that are
 * for the category, or for all. Rounded for each line or once for the document, as the rate says.
 */
export const taxesByTable: TaxEngine = (taxed, request, rates) => {
  if (request.taxExempt) return [];
  const jurisdiction = request.taxJurisdiction ?? request.country;
  const here = [...rates].filter(([, rate]) => rate.jurisdiction === jurisdiction).sort(([a], [b]) => (a < b ? -1 : 1));
  const categories = [...new Set(taxed.map(({ taxCategory }) => taxCategory))].sort();
  return categories.flatMap((category) => {
    const nets = taxed.filter((one) => one.taxCategory === category).map(({ net }) => net);
    const named = here.filter(([, rate]) => rate.category === category);
    const fitting = named.length > 0 ? named : here.filter(([, rate]) => rate.category === undefined);
    return fitting.map(([ref, rate]) => ({
      ref,
      name: rate.name,
      category,
      rate: rate.rate,
      ...taxOf(rate, nets, request.currency),
    }));
  });
};

function taxOf({ rate, per, rounding }: TaxRate, nets: readonly Money[], currency: string) {
  const base = sum(nets, currency);
  const none = sum([], currency);
  const amount =
    per === 'document' ? share(base, rate, rounding) : nets.map((net) => share(net, rate, rounding)).reduce(add, none);
  return { base, amount };
}
