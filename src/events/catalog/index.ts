import { type AccessFact, accessEvents } from './access.ts';
import { type AlertFact, alertEvents } from './alert.ts';
import { type ContactFact, contactEvents, type PersonFact, personEvents } from './contact.ts';
import { type CustomerFact, customerEvents } from './customer.ts';
import type { EventDefinition } from './definition.ts';
import { type OrderFact, orderEvents } from './order.ts';

export type { AccessFact } from './access.ts';
export type { AlertFact } from './alert.ts';
export type { ContactFact, PersonFact } from './contact.ts';
export type { CustomerFact } from './customer.ts';
export type { OrderFact, OrderLine } from './order.ts';

/** Every fact that Orderfold records. */
export type Fact = OrderFact | CustomerFact | ContactFact | PersonFact | AccessFact | AlertFact;

/** The whole catalogue, by event type. */
export const catalog: ReadonlyMap<string, EventDefinition> = new Map(
  [...customerEvents, ...contactEvents, ...personEvents, ...orderEvents, ...alertEvents, ...accessEvents].map(
    (definition) => [definition.type, definition as unknown as EventDefinition],
  ),
);
