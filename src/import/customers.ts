import { customerAggregate } from '../commands/customer/aggregate.ts';
import type { CommandHandler, CommandMeta } from '../commands/handle.ts';
import type { RegisteredCustomer } from '../commands/order/commands.ts';
import { usualZone } from './cells/dates.ts';
import type { Mapping } from './mapping/schema.ts';
import type { HistoryRow } from './rows/history-row.ts';

export type Registration =
  | { readonly ok: true; readonly customer: RegisteredCustomer; readonly added: number }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/**
 * Registers the customer of an order, once per import, as its first row describes it. A customer that is registered
 * already stays as it is. Memory: one entry per customer.
 */
export function customerRegister(handler: CommandHandler, mapping: Mapping) {
  const known = new Map<string, Promise<Registration>>();
  return async (row: HistoryRow, meta: CommandMeta): Promise<Registration> => {
    const { id } = row.customer;
    const before = known.get(id);
    if (before) {
      const registration = await before;
      return registration.ok ? { ...registration, added: 0 } : registration;
    }
    const registering = register(handler, customerOf(row, mapping), meta);
    known.set(id, registering);
    return registering;
  };
}

export function customerOf({ customer, order }: HistoryRow, mapping: Mapping) {
  const { id, name, zone, country, group } = customer;
  return {
    customerId: id,
    name: name ?? id,
    zone: zone ?? order.zone ?? usualZone(mapping.dates),
    ...(country === null ? {} : { country }),
    ...(group === null ? {} : { group }),
  };
}

async function register(
  handler: CommandHandler,
  body: ReturnType<typeof customerOf>,
  meta: CommandMeta,
): Promise<Registration> {
  const { state: registered } = await handler.load(customerAggregate, body.customerId);
  if (registered !== null) return { ok: true, customer: registered, added: 0 };
  const outcome = await handler.execute(customerAggregate, body.customerId, { kind: 'register', body }, meta);
  if (outcome.kind === 'done') return { ok: true, customer: body, added: outcome.repeated ? 0 : outcome.events.length };
  return { ok: false, code: outcome.refusal.code, reason: outcome.refusal.message };
}
