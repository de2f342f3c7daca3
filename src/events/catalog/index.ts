import { type AccessFact, accessEvents } from './access.ts';
import { type AlertFact, alertEvents } from './alert.ts';
import { type ContactFact, contactEvents, type PersonFact, personEvents } from './contact.ts';
import { type CustomerFact, customerEvents } from './customer.ts';
import type { EventDefinition } from './definition.ts';
import { type MasterFact, masterEvents } from './master/index.ts';
import { type OrderFact, orderEvents } from './order.ts';
import { type QuarantineFact, quarantineEvents } from './quarantine.ts';
import { type TaskFact, taskEvents } from './task.ts';

export type { AccessFact } from './access.ts';
export type { AlertFact } from './alert.ts';
export type { ContactFact, PersonFact } from './contact.ts';
export type { CustomerFact } from './customer.ts';
export type { MasterFact } from './master/index.ts';
export type { OrderFact, OrderLine } from './order.ts';
export type { QuarantineFact } from './quarantine.ts';
export type { TaskFact } from './task.ts';

/** Every fact that Orderfold records. */
export type Fact =
  | OrderFact
  | CustomerFact
  | ContactFact
  | PersonFact
  | AccessFact
  | AlertFact
  | MasterFact
  | TaskFact
  | QuarantineFact;

/** The events of one family of streams. */
export interface EventFamily {
  readonly title: string;
  readonly about: string;
  readonly events: readonly EventDefinition[];
}

const family = (title: string, about: string, events: readonly unknown[]): EventFamily => ({
  title,
  about,
  events: events as readonly EventDefinition[],
});

export const families: readonly EventFamily[] = [
  family('Orders', 'Streams `order-{orderId}`.', orderEvents),
  family('Customers', 'Streams `customer-{customerId}`.', customerEvents),
  family(
    'Contacts',
    'Streams `contact-{contactId}`: persons at customers. What is said about them is sealed under a key of theirs (docs/personal-data.md).',
    contactEvents,
  ),
  family('Persons', 'Streams `person-{personId}`.', personEvents),
  family('Access log', 'Streams `access-{day}-{writer}`: who read personal data or evidence.', accessEvents),
  family('Master data', 'Streams `{kind}-{id}`, e.g. `item-4711`.', masterEvents),
  family('Watches', 'Streams `watch-{watchId}`.', alertEvents),
  family('Tasks', 'Streams `task-{taskId}`: what became of commands that processes asked for.', taskEvents),
  family('Quarantine', 'Streams `quarantine-{projection}`: events that a read model leaves out.', quarantineEvents),
];

/** The whole catalogue, by event type. */
export const catalog: ReadonlyMap<string, EventDefinition> = new Map(
  families.flatMap(({ events }) => events.map((definition) => [definition.type, definition])),
);
