import type { OrderLine } from '../../../events/catalog/index.ts';
import { canonical, compare, type Decimal, isPositive } from '../../../values/decimal.ts';
import { shown } from '../../../values/refusal.ts';
import { dateProblem, zoneProblem } from '../../checks.ts';
import { type Refused, refuse } from '../../decider.ts';
import { lineOf, type OrderLineState, type OrderState, type Promised } from '../state.ts';

/** Checks that several commands of an order share; what other aggregates check too lies in commands/checks.ts. */

type Quantity = OrderLine['qty'];

/** A quantity above zero in the unit of the line. */
export function quantityOf(qty: Quantity, uom: string, place: string): Decimal | Refused {
  if (qty.uom !== uom)
    return refuse(
      'unit-mismatch',
      `The line is in ${uom}, the quantity in ${shown(qty.uom)}; give it in ${uom}`,
      place,
    );
  if (!isPositive(qty.value))
    return refuse('quantity-not-positive', `The quantity is ${shown(qty.value)}; give one above zero`, place);
  return canonical(qty.value);
}

export function namedLine(state: OrderState, lineNo: number, place: string): OrderLineState | Refused {
  const line = lineOf(state, lineNo);
  return line ?? refuse('line-unknown', `Order ${state.orderNo} has no line ${lineNo}`, place);
}

/** A promise with an existing zone and existing days, the ship date not after the delivery date. */
export function promiseProblem(promise: Promised, place: string): Refused | undefined {
  const problem = zoneProblem(promise.zone, `${place}/zone`) ?? dateProblem(promise.deliverOn, `${place}/deliverOn`);
  if (problem || promise.shipOn === undefined) return problem;
  const late = promise.shipOn > promise.deliverOn;
  return (
    dateProblem(promise.shipOn, `${place}/shipOn`) ??
    (late
      ? refuse(
          'shipped-after-promise',
          `Goods that leave on ${promise.shipOn} cannot arrive on ${promise.deliverOn}`,
          `${place}/shipOn`,
        )
      : undefined)
  );
}

/** True when `qty` is more than `limit`. */
export const exceeds = (qty: Decimal, limit: Decimal): boolean => compare(qty, limit) > 0;
