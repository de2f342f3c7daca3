import { Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { Code, Country, Text, Tolerances, Zone } from './terms.ts';

/** Stream family `customer-{customerId}`: a customer account. Company facts only; no personal data. */

export const CustomerRegistered = defineEvent(
  'CustomerRegistered',
  1,
  'A customer account was opened; orders may name it from now on.',
  closed({
    customerId: Code,
    name: Text,
    zone: Zone,
    country: Type.Optional(Country),
    group: Type.Optional(Code),
    tolerances: Type.Optional(Tolerances),
  }),
);

export const customerEvents = [CustomerRegistered] as const;

export type CustomerFact = FactOf<(typeof customerEvents)[number]>;
