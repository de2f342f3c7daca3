import type { Specification } from '../../events/catalog/master/index.ts';
import { compare, multiply, round, subtract } from '../../values/decimal.ts';
import { atLeast } from '../../values/fraction.ts';
import { exact } from '../../values/quantity.ts';
import { unitPriceScale } from './exchange.ts';
import { isFor, type LineToPrice, type PriceBook, type PriceRequest } from './request.ts';
import { inUnit } from './units.ts';

type Promotion = Specification<'promotion'>;

export interface Discounted {
  readonly ref: string;
  readonly about: string;
  readonly after: string;
}

/**
 * The promotions that make the price lowest: either all that go together, one after the other, or the best of those that stand
 * alone. Equal prices: those that go together.
 */
export function discounts(
  price: string,
  line: LineToPrice,
  item: Specification<'item'>,
  request: PriceRequest,
  { promotions }: PriceBook,
): readonly Discounted[] {
  const fitting = [...promotions].filter(([, one]) => applies(one, line, item, request)).sort(byId);
  const together = inTurn(
    price,
    fitting.filter(([, { exclusive }]) => !exclusive),
  );
  const alone = fitting.filter(([, { exclusive }]) => exclusive).map((one) => inTurn(price, [one]));
  return alone.reduce((best, one) => (compare(endOf(one, price), endOf(best, price)) < 0 ? one : best), together);
}

const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
const endOf = (steps: readonly Discounted[], price: string): string => steps.at(-1)?.after ?? price;

function inTurn(price: string, promotions: readonly (readonly [string, Promotion])[]): readonly Discounted[] {
  let after = price;
  return promotions.map(([ref, { description, discount }]) => {
    after = round(multiply(after, subtract('1', discount)), unitPriceScale, 'half-up');
    return { ref, about: `${description}: ${multiply(discount, '100')} % off`, after };
  });
}

function applies(promotion: Promotion, line: LineToPrice, item: Specification<'item'>, request: PriceRequest): boolean {
  const { until, skus = [], priceGroups = [], minimumQuantity, discount } = promotion;
  if (until !== undefined && request.on > until) return false;
  if (compare(discount, '1') > 0 || !isFor(promotion, request)) return false;
  if (skus.length > 0 && !skus.includes(line.sku)) return false;
  if (priceGroups.length > 0 && !priceGroups.includes(item.priceGroup ?? '')) return false;
  return minimumQuantity === undefined || reaches(minimumQuantity, line, item);
}

/** In stock units. */
function reaches(minimum: string, { qty }: LineToPrice, item: Specification<'item'>): boolean {
  const stock = inUnit(item, qty, item.uom);
  return stock !== undefined && atLeast(stock, exact({ value: minimum, uom: item.uom }));
}
