import type { OrderFact } from '../../../events/catalog/index.ts';
import { accept, type Decision, refuse } from '../../decider.ts';
import { isFinished } from '../ledger.ts';
import type { OrderState } from '../state.ts';

/** Closes an order of which nothing more is expected. */
export function close(state: OrderState): Decision<OrderFact> {
  const { orderNo, lines, tolerances } = state;
  const unfinished = lines.filter((line) => !isFinished(line.ledger, tolerances));
  if (unfinished.length > 0) {
    const some = unfinished.slice(0, 5).map((line) => line.lineNo);
    const more = unfinished.length > some.length ? ' and others' : '';
    return refuse('order-not-finished', `Lines ${some.join(', ')}${more} of order ${orderNo} are not finished`);
  }
  return accept({ type: 'OrderClosed', data: { orderNo } });
}
