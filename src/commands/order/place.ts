import type { Static } from 'typebox';
import { uuidv5 } from '../../values/ids.ts';
import { customerAggregate } from '../customer/aggregate.ts';
import type { CommandHandler, CommandMeta, CommandOutcome } from '../handle.ts';
import type { OrderNumbers } from '../order-numbers.ts';
import { commandIdOf } from '../receipts.ts';
import { type OrderState, orderAggregate } from './aggregate.ts';
import type { PlaceOrder } from './commands.ts';

/** The order that a `place` command opens: a repeat of the command leads to the same order. */
export const orderIdOf = (commandId: string): string => uuidv5(commandId, 'order');

/** Places an order: finds the customer, draws a number, and derives the order id from the command. */
export async function placeOrder(
  { handler, numbers }: { readonly handler: CommandHandler; readonly numbers: Pick<OrderNumbers, 'draw'> },
  body: Static<typeof PlaceOrder>,
  meta: CommandMeta,
): Promise<CommandOutcome<OrderState>> {
  const orderId = orderIdOf(commandIdOf(meta));
  const { state: customer } = await handler.load(customerAggregate, body.customerId, { cached: true });
  const placement = {
    orderId,
    orderNo: customer ? await numbers.draw() : '',
    customer: customer ?? undefined,
  };
  return handler.execute(orderAggregate, orderId, { kind: 'place', body, placement }, meta);
}
