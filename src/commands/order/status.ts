import { isPositive, isZero } from '../../values/decimal.ts';
import { type At, lineHold, orderHold } from './holds.ts';
import { isFinished, isFullyShipped, open, toShip, unpromised } from './ledger.ts';
import type { OrderLineState, OrderState } from './state.ts';

export type DisplayStatus =
  | 'new'
  | 'draft'
  | 'submitted'
  | 'rejected'
  | 'cancelled'
  | 'on-hold'
  | 'delivered'
  | 'partly-delivered'
  | 'shipped'
  | 'partly-shipped'
  | 'promised'
  | 'accepted'
  | 'closed';

/**
 * One word for the order, derived: the commercial facet until it is accepted, then holds on the next step, then the
 * quantities. An order that is closed keeps showing how far its goods came; `closed` is for one of which nothing left.
 */
export function displayStatus(state: OrderState, at?: At): DisplayStatus {
  const { commercial, lines, tolerances } = state;
  if (commercial !== 'accepted' && commercial !== 'closed') return commercial;
  if (commercial === 'accepted' && shippingIsHeld(state, at)) return 'on-hold';
  const word = progress(lines, tolerances);
  return word === 'accepted' ? commercial : word;
}

/** One word for a line, by its quantities alone. */
export function lineStatus(line: OrderLineState, tolerances: OrderState['tolerances']): DisplayStatus {
  return isZero(open(line.ledger)) ? 'cancelled' : progress([line], tolerances);
}

function progress(lines: readonly OrderLineState[], tolerances: OrderState['tolerances']): DisplayStatus {
  const some = (bucket: 'delivered' | 'shipped' | 'promised') => lines.some(({ ledger }) => isPositive(ledger[bucket]));
  if (some('delivered'))
    return lines.every(({ ledger }) => isFinished(ledger, tolerances)) ? 'delivered' : 'partly-delivered';
  if (some('shipped'))
    return lines.every(({ ledger }) => isFullyShipped(ledger, tolerances)) ? 'shipped' : 'partly-shipped';
  if (some('promised') && lines.every(({ ledger }) => isZero(unpromised(ledger)))) return 'promised';
  return 'accepted';
}

/** What is left to ship cannot be shipped: all of the order, or at least one of its lines, is on hold. */
function shippingIsHeld(state: OrderState, at: At): boolean {
  if (state.holds.length === 0) return false;
  const waiting = state.lines.filter((line) => isPositive(toShip(line.ledger)));
  if (waiting.length === 0) return false;
  return (
    orderHold(state, 'ship', at) !== undefined ||
    waiting.some(({ lineNo }) => lineHold(state, lineNo, 'ship', at) !== undefined)
  );
}
