import type { Priced, PricedLine } from '../../events/catalog/price.ts';
import { add, sum } from '../../values/money.ts';
import { Exchange } from './exchange.ts';
import { priceLine } from './lines.ts';
import type { PriceBook, PriceProblem, PriceRequest } from './request.ts';
import { surchargesOf } from './surcharges.ts';
import { type TaxEngine, taxesByTable } from './taxes.ts';

export type Pricing =
  | { readonly ok: true; readonly priced: Priced }
  /** Everything that has no price. */
  | { readonly ok: false; readonly problems: readonly PriceProblem[] };

/**
 * Prices an order: list price, exchange, options, promotions and manual prices of each line with a trace of every step,
 * surcharges and freight, taxes, totals that add up to the minor unit. Pure: the same request and book give the same bytes.
 */
export function price(request: PriceRequest, book: PriceBook, taxes: TaxEngine = taxesByTable): Pricing {
  const { currency, on } = request;
  const exchange = new Exchange(book, request);
  const results = request.lines.map((line) => priceLine(line, request, book, exchange));
  const problems = results.filter((one): one is PriceProblem => 'code' in one);
  if (problems.length > 0) return { ok: false, problems };
  const lines = results as readonly PricedLine[];
  const { surcharges, problems: more } = surchargesOf(lines, request, book, exchange);
  if (more.length > 0) return { ok: false, problems: more };
  const shares = taxes([...lines, ...surcharges], request, book.taxRates);
  const totalOf = (parts: readonly { readonly net: Priced['totals']['goods'] }[]) =>
    sum(
      parts.map(({ net }) => net),
      currency,
    );
  const [goods, extra] = [totalOf(lines), totalOf(surcharges)];
  const tax = sum(
    shares.map(({ amount }) => amount),
    currency,
  );
  const totals = { goods, surcharges: extra, tax, total: add(add(goods, extra), tax) };
  const priced = {
    currency,
    on,
    lines: [...lines],
    surcharges: [...surcharges],
    taxes: [...shares],
    exchange: [...exchange.used],
    totals,
  };
  return { ok: true, priced };
}
