import type { Specification } from '../../events/catalog/master/index.ts';
import { compare } from '../../values/decimal.ts';
import { atLeast } from '../../values/fraction.ts';
import { type ExactQuantity, exact } from '../../values/quantity.ts';
import { isFor, type LineToPrice, type PriceBook, type PriceRequest } from './request.ts';
import { inUnit } from './units.ts';

type PriceList = Specification<'pricelist'>;
type ListedPrice = PriceList['prices'][number];

export interface ListPrice {
  readonly listId: string;
  readonly currency: string;
  /** Of one `uom`. */
  readonly amount: string;
  readonly uom: string;
  readonly fromQuantity?: string;
  /** What is ordered, in `uom`. */
  readonly quantity: ExactQuantity;
}

/**
 * The price of the first list that has one for the item: by priority, then one for the customer before one for his group before
 * one for everybody, then one in the currency of the order, then by id. Of quantity breaks the highest that is reached holds.
 */
export function listPriceOf(
  line: LineToPrice,
  item: Specification<'item'>,
  request: PriceRequest,
  { lists }: PriceBook,
): ListPrice | undefined {
  for (const [listId, list] of inOrder(lists, request)) {
    const found = breakOf(list, line, item);
    if (found) return { listId, currency: list.currency, ...found };
  }
  return undefined;
}

function inOrder(lists: PriceBook['lists'], request: PriceRequest): readonly (readonly [string, PriceList])[] {
  const rank = ({ priority = 0, customers = [], groups = [], currency }: PriceList): readonly number[] => [
    -priority,
    customers.includes(request.customerId) ? 0 : groups.length > 0 ? 1 : 2,
    currency === request.currency ? 0 : 1,
  ];
  return [...lists]
    .filter(([, list]) => isFor(list, request))
    .sort(([idA, a], [idB, b]) => {
      const [left, right] = [rank(a), rank(b)];
      const place = left.findIndex((value, index) => value !== right[index]);
      if (place >= 0) return (left[place] ?? 0) - (right[place] ?? 0);
      return idA < idB ? -1 : 1;
    });
}

function breakOf(
  { prices }: PriceList,
  { sku, qty }: LineToPrice,
  item: Specification<'item'>,
): Omit<ListPrice, 'listId' | 'currency'> | undefined {
  let best: Omit<ListPrice, 'listId' | 'currency'> | undefined;
  for (const price of prices) {
    if (price.sku !== sku) continue;
    const uom = price.uom ?? item.uom;
    const quantity = inUnit(item, qty, uom);
    if (!quantity || !reaches(quantity, price)) continue;
    if (best && compare(price.fromQuantity ?? '0', best.fromQuantity ?? '0') <= 0) continue;
    const { amount, fromQuantity } = price;
    best = { amount, uom, quantity, ...(fromQuantity !== undefined && { fromQuantity }) };
  }
  return best;
}

const reaches = (quantity: ExactQuantity, { fromQuantity = '0' }: ListedPrice): boolean =>
  atLeast(quantity, exact({ value: fromQuantity, uom: quantity.uom }));
