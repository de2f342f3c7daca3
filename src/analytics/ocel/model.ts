/**
 * The words of the Object-Centric Event Log 2.0 (ocel-standard.org): which objects there are, and their attributes.
 * Customers are companies; nothing about persons is told, neither names nor who acted.
 */

export type AttributeType = 'string' | 'time' | 'integer' | 'float' | 'boolean';
export type AttributeValue = string | number | boolean;

export const objectTypes = {
  customer: { country: 'string' },
  order: {
    order_no: 'string',
    country: 'string',
    channel: 'string',
    currency: 'string',
    incoterm: 'string',
    status: 'string',
  },
  line: { quantity: 'float', uom: 'string', requested_on: 'string' },
  'schedule-line': { quantity: 'float', promised_on: 'string', ship_on: 'string' },
  shipment: { carrier: 'string', mode: 'string', delivered: 'boolean' },
  item: {},
} as const satisfies Record<string, Readonly<Record<string, AttributeType>>>;

export type ObjectType = keyof typeof objectTypes;

export const objectTypeNames = Object.keys(objectTypes) as readonly ObjectType[];

/** Attributes that an event of any type may have. */
export const eventAttributes = {
  actor_kind: 'string',
  via: 'string',
  reason: 'string',
  initiator: 'string',
  hold_type: 'string',
  error_kind: 'string',
  customer_agreed: 'boolean',
} as const satisfies Record<string, AttributeType>;

/** One object, by its type and its id, which is unique over all types. */
export interface Reference {
  readonly type: ObjectType;
  readonly id: string;
}

/** What one event says about objects. */
export interface Told {
  /** Of `eventAttributes`. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** The objects that took part, and as what. One qualifier for an object: readers keep no second one. */
  readonly relations: readonly (readonly [Reference, string])[];
  /** Values of attributes from this event on. */
  readonly changes: readonly (readonly [Reference, string, AttributeValue])[];
  /** Objects that belong together from this event on. */
  readonly links: readonly (readonly [Reference, Reference, string])[];
}
