import { randomUUID } from 'node:crypto';
import {
  type CommandHandler,
  type CommandMeta,
  createCommandHandler,
  type HandlerOptions,
} from '../../src/commands/handle.ts';
import { type OrderState, orderAggregate } from '../../src/commands/order/aggregate.ts';
import type { OrderCommand } from '../../src/commands/order/commands.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { orderId, place } from './orders.ts';

/** The command handler of one process, as tests drive it. */

export const now = '2026-03-10T12:00:00.000Z';

/** Another handler on the same log is another process: it shares nothing but the log. */
export const handlerOn = (log: EventLog, options: Partial<HandlerOptions> = {}): CommandHandler =>
  createCommandHandler({ log, clock: () => now, pause: async () => {}, ...options });

export const meta = (more: Partial<CommandMeta> = {}): CommandMeta => ({
  commandId: randomUUID(),
  actor: { kind: 'user', id: 'tester', via: 'api' },
  ...more,
});

export const ask = (handler: CommandHandler, command: OrderCommand, more: Partial<CommandMeta> = {}) =>
  handler.execute(orderAggregate, orderId, command, meta(more));

export const placed = (handler: CommandHandler) => ask(handler, place());

export const orderOf = async (handler: CommandHandler): Promise<OrderState> =>
  (await handler.load(orderAggregate, orderId)).state;
