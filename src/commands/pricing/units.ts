import type { Specification } from '../../events/catalog/master/index.ts';
import { convertExactly, type ExactQuantity, exact, invert, type Quantity } from '../../values/quantity.ts';

/** The quantity in another unit of the item, exactly; undefined when the item does not know one of the units. */
export function inUnit(
  { uom: stockUom, conversions = [] }: Specification<'item'>,
  quantity: Quantity,
  uom: string,
): ExactQuantity | undefined {
  const start = exact(quantity);
  if (start.uom === uom) return start;
  const conversionOf = (unit: string) => {
    const found = conversions.find((one) => one.uom === unit);
    return found && { from: unit, to: stockUom, numerator: found.numerator, denominator: found.denominator };
  };
  const toStock = conversionOf(start.uom);
  const stock = start.uom === stockUom ? start : toStock && convertExactly(start, toStock);
  if (!stock || uom === stockUom) return stock;
  const fromStock = conversionOf(uom);
  return fromStock && convertExactly(stock, invert(fromStock));
}
