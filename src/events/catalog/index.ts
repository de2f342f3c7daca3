import { type AlertFact, alertEvents } from './alert.ts';
import { type CustomerFact, customerEvents } from './customer.ts';
import type { EventDefinition } from './definition.ts';
import { type OrderFact, orderEvents } from './order.ts';

export type { AlertFact } from './alert.ts';
export type { CustomerFact } from './customer.ts';
export type { OrderFact, OrderLine } from './order.ts';

/** Every fact that Orderfold records. */
export type Fact = OrderFact | CustomerFact | AlertFact;

/** The whole catalogue, by event type. */
export const catalog: ReadonlyMap<string, EventDefinition> = new Map(
  [...customerEvents, ...orderEvents, ...alertEvents].map((definition) => [
    definition.type,
    definition as EventDefinition,
  ]),
);
