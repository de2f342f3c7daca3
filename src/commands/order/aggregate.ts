import type { OrderFact } from '../../events/catalog/index.ts';
import type { Aggregate } from '../decider.ts';
import type { OrderCommand, RegisteredCustomer } from './commands.ts';
import { decide } from './decide/decide.ts';
import { evolve } from './evolve.ts';
import { noOrder, type OrderState } from './state.ts';

export type { OrderState } from './state.ts';

/** Kind and body; of a placement what is decided by: of customer and contact, not how they are called. */
function kept(command: OrderCommand): unknown {
  const { kind, body } = command;
  if (command.kind !== 'place') return { kind, body };
  const { orderId, orderNo, customer, contact } = command.placement;
  const known = {
    ...(customer && { customer: registered(customer) }),
    ...(contact && { contact: { customerId: contact.customerId, removed: contact.removed } }),
  };
  return { kind, body, placement: { orderId, orderNo, ...known } };
}

const registered = ({ customerId, zone, country, tolerances }: RegisteredCustomer) => ({
  customerId,
  zone,
  country,
  tolerances,
});

/** Streams `order-{orderId}`. */
export const orderAggregate: Aggregate<OrderState, OrderCommand, OrderFact> = {
  family: 'order',
  initial: noOrder,
  decide,
  evolve,
  kept,
  opens: (command) => command.kind === 'place',
  weight: (state) => 1 + state.lines.length + state.shipments.length,
};
