import { Type } from 'typebox';
import { closed } from './definition.ts';
import { PersonId } from './sealed.ts';

/** The words that events and commands share. Every string and list is bounded. */

export const Instant = Type.String({
  description: 'Instant, RFC 3339 in UTC, e.g. 2026-03-01T08:30:00.000Z',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
  maxLength: 24,
});

export const LocalDate = Type.String({
  description: 'Calendar date without a zone, YYYY-MM-DD',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  maxLength: 10,
});

export const Zone = Type.String({ description: 'IANA time zone, e.g. Europe/Berlin', minLength: 1, maxLength: 64 });

export const Decimal = Type.String({
  description: 'Decimal number in a string, e.g. 12.5',
  pattern: '^-?\\d{1,15}(\\.\\d{1,8})?$',
  maxLength: 25,
});

export const Uom = Type.String({
  description: 'UN/ECE Recommendation 20 unit code, e.g. C62 (piece), KGM',
  pattern: '^[A-Z0-9]{2,3}$',
  maxLength: 3,
});

export const Quantity = closed({ value: Decimal, uom: Uom });

export const Currency = Type.String({ description: 'ISO 4217 currency code', pattern: '^[A-Z]{3}$', maxLength: 3 });

export const Money = closed({
  amount: Type.String({
    description: 'Integer number of minor units (cents) in a string',
    pattern: '^-?\\d{1,18}$',
    maxLength: 19,
  }),
  currency: Currency,
});

export const UnitPrice = closed({ amount: Decimal, currency: Currency });

export const LineNo = Type.Integer({ description: 'Number of the order line, from 1', minimum: 1, maximum: 99_999 });

export const ScheduleId = Type.String({
  description: 'Schedule line: line number, dot, running number, e.g. 1.2',
  pattern: '^\\d{1,5}\\.\\d{1,4}$',
  maxLength: 10,
});

/** Code chosen by people or other systems: customer, item, shipment, hold ... */
export const Code = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}\\s](?:[^\\p{Cc}\\p{Cs}]*[^\\p{Cc}\\p{Cs}\\s])?$',
  minLength: 1,
  maxLength: 120,
});

/** Words of people. No control characters but tabs and line ends, no halves of characters: not every store could keep them. */
const words = '^(?:[^\\p{Cc}\\p{Cs}]|[\\t\\n\\r])*$';

export const Text = Type.String({ pattern: words, minLength: 1, maxLength: 500 });

export const Country = Type.String({ pattern: words, maxLength: 80 });

/** Free dimensions kept for grouping, e.g. { mode: 'Air' }. */
export const Dimensions = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  Type.String({ pattern: words, maxLength: 200 }),
  { maxProperties: 40, additionalProperties: false },
);

export const Initiator = Type.Union([Type.Literal('customer'), Type.Literal('supplier')], {
  description: 'Who moved it: the customer, or we (the supplier)',
});

/** Where the goods go. Business places only; whom to ask there, and that person's address, lie with the contact. */
export const ShipTo = closed({
  zone: Zone,
  country: Type.Optional(Country),
  site: Type.Optional(Code),
  contactId: Type.Optional(PersonId),
});

/** A promise: a local date at the ship-to, and the local date on which the goods leave, when that is planned. */
export const DeliveryPromise = closed({ deliverOn: LocalDate, zone: Zone, shipOn: Type.Optional(LocalDate) });

export const Tolerances = closed({
  under: Type.String({
    description: 'Fraction of the ordered quantity, e.g. 0.05',
    pattern: '^0(\\.\\d{1,4})?$',
    maxLength: 6,
  }),
  over: Type.String({ pattern: '^[01](\\.\\d{1,4})?$', maxLength: 6 }),
});
