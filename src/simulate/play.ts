import { customerAggregate } from '../commands/customer/aggregate.ts';
import type { CommandHandler, CommandMeta } from '../commands/handle.ts';
import { orderAggregate } from '../commands/order/aggregate.ts';
import { orderIdOf } from '../commands/order/place.ts';
import type { EventLog } from '../events/log/port.ts';
import { uuidv5 } from '../values/ids.ts';
import { type Customer, customers } from './factory.ts';
import type { OrderScript, TimedCommand } from './script.ts';

const namespace = '0d1f6a52-6c0b-5d1e-9f27-64c5a3be1f10';

export const commandIdIn = (script: OrderScript, index: number): string => uuidv5(namespace, `${script.key}/${index}`);
export const orderIdIn = (script: OrderScript): string => orderIdOf(commandIdIn(script, 0));

export interface Stage {
  readonly handler: CommandHandler;
  readonly log: Pick<EventLog, 'readStream'>;
}

/** Registers all simulated customers; those that are known stay as they are. Gives the number of events. */
export async function registerCustomers({ handler }: Stage, at: string): Promise<number> {
  let events = 0;
  for (const customer of customers) {
    const { state } = await handler.load(customerAggregate, customer.customerId);
    if (state !== null) continue;
    const commandId = uuidv5(namespace, `customer/${customer.customerId}`);
    const body = account(customer);
    const meta: CommandMeta = {
      commandId,
      actor: { kind: 'system', id: 'simulation', via: 'simulation' },
      occurredAt: at,
      recordedAt: at,
    };
    const outcome = await handler.execute(customerAggregate, customer.customerId, { kind: 'register', body }, meta);
    if (outcome.kind === 'refused') throw new SimulationRefused(`customer ${customer.customerId}`, outcome.refusal);
    events += outcome.events.length;
  }
  return events;
}

const account = ({ customerId, name, zone, country, group }: Customer) => ({ customerId, name, zone, country, group });

/** Gives the commands of one order, except those that its stream holds already. Gives the number of events appended. */
export async function playScript(script: OrderScript, { handler, log }: Stage, signal?: AbortSignal): Promise<number> {
  const orderId = orderIdIn(script);
  const done = new Set<string>();
  for await (const event of log.readStream(`${orderAggregate.family}-${orderId}`)) done.add(event.metadata.commandId);
  let events = 0;
  for (const [index, timed] of script.commands.entries()) {
    const commandId = commandIdIn(script, index);
    if (done.has(commandId)) continue;
    if (signal?.aborted) break;
    const command =
      timed.kind === 'place'
        ? {
            kind: timed.kind,
            body: timed.body,
            placement: {
              ...{ orderId, orderNo: script.orderNo, customer: script.customer },
              contact: { customerId: script.customer.customerId, removed: false },
            },
          }
        : timed;
    const outcome = await handler.execute(orderAggregate, orderId, command, metaOf(timed, commandId));
    if (outcome.kind === 'refused') throw new SimulationRefused(`${timed.kind} in ${script.key}`, outcome.refusal);
    if (!outcome.repeated) events += outcome.events.length;
  }
  return events;
}

const metaOf = ({ at, actor, reason }: TimedCommand, commandId: string): CommandMeta => ({
  commandId,
  actor,
  occurredAt: at,
  recordedAt: at,
  ...(reason === undefined ? {} : { reason }),
});

/** The simulation asks only for what can be done: a refusal is a defect of the simulation, or somebody else's change. */
export class SimulationRefused extends Error {
  override readonly name = 'SimulationRefused';
  readonly code: string;
  constructor(what: string, refusal: { readonly code: string; readonly message: string }) {
    super(`${what} was refused (${refusal.code}): ${refusal.message}`);
    this.code = refusal.code;
  }
}
