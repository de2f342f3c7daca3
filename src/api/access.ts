import type { OrderCommandName } from '../commands/order/commands.ts';

/** Who may do what: one table and one pure function. Every route names its action; nothing else decides. */

export type Action =
  | `order.${OrderCommandName}`
  | 'order.read'
  | 'order.events'
  /** Who did what to an order and why, with everything tied to it; its state at any moment. */
  | 'order.history'
  /** To report something that happened earlier (`occurredAt`). */
  | 'order.backdate'
  /** To act as the supplier in changes, cancellations and promises. */
  | 'order.as-supplier'
  | 'customer.register'
  | 'customer.read'
  /** Contacts of customers; what is known of the persons only together with `person.read`. */
  | 'contact.read'
  | 'contact.add'
  | 'contact.change'
  | 'contact.remove'
  /** To see names, addresses and numbers of persons in plain. Every such read is in the access log. */
  | 'person.read'
  /** Everything about one person, for that person. */
  | 'subject.read'
  /** To destroy the keys of a person for ever. */
  | 'person.erase'
  /** Who read what. */
  | 'access.read'
  /** Items, price lists, calendars ... */
  | 'master.read'
  | 'master.change'
  /** What an order would cost. */
  | 'price.ask'
  /** To give a price by hand. */
  | 'price.by-hand'
  | 'kpi.read'
  /** KPIs at any moment, and the orders behind them. */
  | 'analytics.read'
  /** Which KPIs are watched, and the alerts that came of it. */
  | 'alert.read'
  | 'alert.acknowledge'
  | 'watch.change'
  /** Whole tables of facts; what happened, without who did it. */
  | 'export.read'
  /** The events with everything they carry: who acted, and the words of people. */
  | 'journal.read'
  /** The whole log, the rows of any read model at any moment, checkpoints and proofs; to verify an order. */
  | 'audit.read'
  /** To have a checkpoint signed now. */
  | 'audit.checkpoint'
  /** To take away everything that is recorded about an order, with proofs. */
  | 'evidence.read'
  /** To build read models anew, and to choose which is shown. */
  | 'projection.rebuild'
  /** To retry what a read model could not take in, or to leave it out. */
  | 'quarantine.resolve'
  | 'metrics.read';

const orderActions = [
  'order.place',
  'order.accept',
  'order.reject',
  'order.hold',
  'order.release-hold',
  'order.change-lines',
  'order.cancel-line',
  'order.cancel',
  'order.promise',
  'order.ship',
  'order.deliver',
  'order.record-delivery-error',
  'order.close',
  'order.reopen',
] as const satisfies readonly Action[];

const reading = [
  'order.read',
  'order.events',
  'customer.read',
  'master.read',
  'kpi.read',
] as const satisfies readonly Action[];
const analysing = ['analytics.read', 'export.read'] as const satisfies readonly Action[];

const auditing = ['journal.read', 'audit.read', 'evidence.read'] as const satisfies readonly Action[];
const contacting = [
  'contact.read',
  'contact.add',
  'contact.change',
  'contact.remove',
  'person.read',
] as const satisfies readonly Action[];

const alerting = ['alert.read', 'alert.acknowledge', 'watch.change'] as const satisfies readonly Action[];

const overseeing = [
  'subject.read',
  'person.erase',
  'access.read',
  'audit.checkpoint',
  'metrics.read',
] as const satisfies readonly Action[];

const operating = ['projection.rebuild', 'quarantine.resolve'] as const satisfies readonly Action[];

export const allActions: readonly Action[] = [
  ...orderActions,
  'order.backdate',
  'order.as-supplier',
  'customer.register',
  ...contacting,
  'master.change',
  'price.ask',
  'price.by-hand',
  ...reading,
  'order.history',
  ...analysing,
  ...alerting,
  ...auditing,
  ...overseeing,
  ...operating,
];

const beyondDaily: readonly Action[] = [...analysing, ...alerting, ...auditing, ...overseeing, ...operating];

const shopFloor: readonly Action[] = ['order.ship', 'order.deliver', 'order.record-delivery-error'];

export const roles = {
  'order-desk': [
    ...allActions.filter(
      (action) => !beyondDaily.includes(action) && action !== 'order.ship' && action !== 'order.deliver',
    ),
  ],
  warehouse: [
    'order.read',
    'master.read',
    'order.hold',
    'order.release-hold',
    'order.backdate',
    'order.as-supplier',
    'contact.read',
    'person.read',
    ...shopFloor,
  ],
  customer: [
    'order.place',
    'order.read',
    'order.change-lines',
    'order.cancel-line',
    'order.cancel',
    'customer.read',
    ...contacting,
    'price.ask',
  ],
  analyst: [...reading, ...analysing, ...alerting],
  // Reads only, and sees persons masked: who needs them in plain asks for an export.
  auditor: [...reading, 'order.history', ...analysing, 'alert.read', 'contact.read', 'access.read', ...auditing],
  integration: allActions.filter((action) => !beyondDaily.includes(action)),
  admin: allActions,
} as const satisfies Record<string, readonly Action[]>;

export type Role = keyof typeof roles;

export const isRole = (word: string): word is Role => Object.hasOwn(roles, word);
export const isAction = (word: string): word is Action => allActions.some((action) => action === word);

export interface Principal {
  /** Stays the same when a key is rotated; commands are idempotent per principal. */
  readonly id: string;
  readonly role: Role;
  /** The one customer that a `customer` principal acts for. */
  readonly customerId?: string;
  /** Narrows the role; the role's actions if left out. */
  readonly scopes?: readonly Action[];
}

/** What the action touches, as far as it matters: whose it is. */
export interface Resource {
  readonly kind: 'order' | 'customer' | 'contact';
  readonly customerId: string;
}

/** 'hidden' means: answer as if it did not exist. */
export type Verdict = 'allowed' | 'forbidden' | 'hidden';

export function can(principal: Principal, action: Action, resource?: Resource): Verdict {
  const granted: readonly Action[] = roles[principal.role];
  if (!granted.includes(action)) return 'forbidden';
  if (principal.scopes && !principal.scopes.includes(action)) return 'forbidden';
  if (principal.role !== 'customer') return 'allowed';
  if (principal.customerId === undefined) return 'forbidden';
  return resource === undefined || resource.customerId === principal.customerId ? 'allowed' : 'hidden';
}

/** The actions that a principal may do, e.g. to check that a key grants nothing its creator lacks. */
export function actionsOf(principal: Pick<Principal, 'role' | 'scopes'>): readonly Action[] {
  const granted: readonly Action[] = roles[principal.role];
  const scopes = principal.scopes;
  return scopes ? granted.filter((action) => scopes.includes(action)) : granted;
}
