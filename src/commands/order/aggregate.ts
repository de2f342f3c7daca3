import type { OrderFact } from '../../events/catalog/index.ts';
import type { Aggregate } from '../decider.ts';
import type { OrderCommand } from './commands.ts';
import { decide } from './decide/decide.ts';
import { evolve } from './evolve.ts';
import { noOrder, type OrderState } from './state.ts';

export type { OrderState } from './state.ts';

/** Streams `order-{orderId}`. */
export const orderAggregate: Aggregate<OrderState, OrderCommand, OrderFact> = {
  family: 'order',
  initial: noOrder,
  decide,
  evolve,
  opens: (command) => command.kind === 'place',
  weight: (state) => 1 + state.lines.length + state.shipments.length,
};
