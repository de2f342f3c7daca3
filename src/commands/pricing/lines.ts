import type { Specification } from '../../events/catalog/master/index.ts';
import type { PricedLine, PriceStep } from '../../events/catalog/price.ts';
import { add } from '../../values/decimal.ts';
import { extendExactly } from '../../values/money.ts';
import type { Exchange } from './exchange.ts';
import { listPriceOf } from './list-price.ts';
import { discounts } from './promotions.ts';
import type { LineToPrice, PriceBook, PriceProblem, PriceRequest } from './request.ts';
import { inUnit } from './units.ts';

/** The category of items that name none. */
export const usualTaxCategory = 'standard';

/** The price of one line with its trace, or why it has none. */
export function priceLine(
  line: LineToPrice,
  request: PriceRequest,
  book: PriceBook,
  exchange: Exchange,
): PricedLine | PriceProblem {
  const { lineNo, sku } = line;
  const problem = (code: PriceProblem['code'], message: string): PriceProblem => ({ code, message, lineNo });
  const item = book.items.get(sku);
  if (!item) return problem('item-unknown', `There is no item ${sku} on ${request.on}`);
  if (!inUnit(item, line.qty, item.uom))
    return problem('unit-not-convertible', `Item ${sku} is kept in ${item.uom} and knows no ${line.qty.uom}`);
  const found = line.manualPrice ? manual(line, item, request) : listed(line, item, request, book, exchange);
  if ('code' in found) return { ...found, lineNo };
  const { uom, quantity, trace } = found;
  const unitPrice = trace.at(-1)?.after;
  if (!unitPrice) throw new Error('A price without a step');
  return {
    lineNo,
    sku,
    unitPrice,
    priceUom: uom,
    quantity: { numerator: String(quantity.numerator), denominator: String(quantity.denominator) },
    net: extendExactly(unitPrice, quantity),
    taxCategory: item.taxCategory ?? usualTaxCategory,
    trace,
  };
}

interface Found {
  readonly uom: string;
  readonly quantity: { readonly numerator: bigint; readonly denominator: bigint };
  readonly trace: PriceStep[];
}

function manual({ qty, manualPrice }: LineToPrice, item: Specification<'item'>, { currency }: PriceRequest): Found {
  const quantity = inUnit(item, qty, qty.uom);
  if (!manualPrice || !quantity) throw new Error('No manual price');
  const after = { amount: manualPrice.amount, currency };
  const by = manualPrice.approvedBy;
  const about = `Given by hand: ${manualPrice.reason}`.slice(0, 500);
  return { uom: qty.uom, quantity, trace: [{ step: 'manual', about, after, ...(by !== undefined && { ref: by }) }] };
}

function listed(
  line: LineToPrice,
  item: Specification<'item'>,
  request: PriceRequest,
  book: PriceBook,
  exchange: Exchange,
): Found | PriceProblem {
  const { currency } = request;
  const list = listPriceOf(line, item, request, book);
  if (!list) return { code: 'price-missing', message: `No price list has a price of ${line.sku} for this customer` };
  const { listId, amount, uom, quantity, fromQuantity } = list;
  const trace: PriceStep[] = [];
  const step = (kind: PriceStep['step'], about: string, after: string, ref?: string, of = currency): void =>
    void trace.push({ step: kind, about, after: { amount: after, currency: of }, ...(ref !== undefined && { ref }) });
  const from = fromQuantity === undefined ? '' : ` from ${fromQuantity}`;
  step('list', `Price list ${listId}, for 1 ${uom}${from}`, amount, listId, list.currency);
  let price = exchange.unitPrice(amount, list.currency);
  if (price === undefined)
    return { code: 'exchange-rate-missing', message: `There is no rate from ${list.currency} to ${currency}` };
  if (list.currency !== currency) {
    const { rate, source, on } = exchange.rateFrom(list.currency) ?? { rate: '', source: '', on: '' };
    step('exchange', `1 ${list.currency} = ${rate} ${currency}, ${source} of ${on}`, price);
  }
  for (const option of line.options ?? []) {
    price = add(price, option.amount);
    step('options', option.about, price, option.ref);
  }
  for (const { ref, about, after } of discounts(price, line, item, request, book)) step('promotion', about, after, ref);
  return { uom, quantity, trace };
}
