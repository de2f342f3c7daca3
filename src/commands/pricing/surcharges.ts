import type { Specification } from '../../events/catalog/master/index.ts';
import type { PricedLine, PricedSurcharge } from '../../events/catalog/price.ts';
import { currencyExponent } from '../../values/currencies.ts';
import { multiply } from '../../values/decimal.ts';
import { type Fraction, fraction, plus, times } from '../../values/fraction.ts';
import { compare, extendExactly, type Money, share, sum } from '../../values/money.ts';
import { exact } from '../../values/quantity.ts';
import type { Exchange } from './exchange.ts';
import { usualTaxCategory } from './lines.ts';
import { isFor, type PriceBook, type PriceProblem, type PriceRequest } from './request.ts';
import { inUnit } from './units.ts';

type Surcharge = Specification<'surcharge'>;

/** Grams of the units in which weights are given. */
const grams: Readonly<Record<string, string>> = {
  MGM: '0.001',
  GRM: '1',
  KGM: '1000',
  TNE: '1000000',
  LBR: '453.59237',
  ONZ: '28.349523125',
};

/** Surcharges and freight of the order, in order of their ids, and what kept one from being worked out. */
export function surchargesOf(
  lines: readonly PricedLine[],
  request: PriceRequest,
  book: PriceBook,
  exchange: Exchange,
): { readonly surcharges: readonly PricedSurcharge[]; readonly problems: readonly PriceProblem[] } {
  const surcharges: PricedSurcharge[] = [];
  const problems: PriceProblem[] = [];
  for (const [ref, surcharge] of [...book.surcharges].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const counted = lines.filter(({ sku }) => counts(surcharge, book.items.get(sku)));
    if (counted.length === 0 || !applies(surcharge, request)) continue;
    const goods = sum(
      counted.map(({ net }) => net),
      request.currency,
    );
    const free = surcharge.freeFrom && inCurrency(surcharge.freeFrom, request, exchange);
    if (free && compare(goods, free) >= 0) continue;
    const net = amountOf(surcharge, counted, goods, request, book, exchange);
    if ('code' in net) problems.push({ ...net, message: `${ref}: ${net.message}` });
    else {
      const { kind, description: about, taxCategory = usualTaxCategory } = surcharge;
      surcharges.push({ ref, kind, about, net, taxCategory });
    }
  }
  return { surcharges, problems };
}

const applies = (surcharge: Surcharge, request: PriceRequest): boolean =>
  isFor(surcharge, request) &&
  (surcharge.countries === undefined || surcharge.countries.includes(request.country ?? ''));

const counts = ({ priceGroups = [] }: Surcharge, item: Specification<'item'> | undefined): boolean =>
  priceGroups.length === 0 || priceGroups.includes(item?.priceGroup ?? '');

function amountOf(
  { amount, fraction, perKilogram }: Surcharge,
  lines: readonly PricedLine[],
  goods: Money,
  request: PriceRequest,
  book: PriceBook,
  exchange: Exchange,
): Money | PriceProblem {
  if (fraction !== undefined) return share(goods, fraction);
  const missing = (from: string): PriceProblem => ({
    code: 'exchange-rate-missing',
    message: `There is no rate from ${from} to ${request.currency}`,
  });
  if (amount) return inCurrency(amount, request, exchange) ?? missing(amount.currency);
  if (!perKilogram) throw new Error('A surcharge without an amount');
  const price = exchange.unitPrice(perKilogram.amount, perKilogram.currency);
  if (price === undefined) return missing(perKilogram.currency);
  const weight = kilograms(lines, book);
  return 'code' in weight ? weight : extendExactly({ amount: price, currency: request.currency }, weight);
}

function inCurrency(amount: Money, { currency }: PriceRequest, exchange: Exchange): Money | undefined {
  if (amount.currency === currency) return amount;
  const rate = exchange.rateFrom(amount.currency);
  if (!rate) return undefined;
  return extendExactly({ amount: rate.rate, currency }, majorUnits(amount));
}

function majorUnits({ amount, currency }: Money): Fraction {
  return fraction(BigInt(amount), 10n ** BigInt(currencyExponent(currency)));
}

function kilograms(lines: readonly PricedLine[], { items }: PriceBook): Fraction | PriceProblem {
  let total: Fraction = { numerator: 0n, denominator: 1n };
  for (const { sku, lineNo, quantity, priceUom } of lines) {
    const item = items.get(sku);
    const gram = item?.weight && grams[item.weight.uom];
    if (!item?.weight || gram === undefined)
      return { code: 'weight-missing', message: `Item ${sku} has no weight in a unit of mass`, lineNo };
    const ordered = fraction(BigInt(quantity.numerator), BigInt(quantity.denominator));
    const perUnit = inUnit(item, { value: '1', uom: priceUom }, item.uom);
    if (!perUnit) throw new Error(`Item ${sku} was priced in a unit that it does not know`);
    const weight = exact({ value: multiply(item.weight.value, gram), uom: 'GRM' });
    total = plus(total, times(times(ordered, perUnit), times(weight, fraction(1n, 1000n))));
  }
  return total;
}
