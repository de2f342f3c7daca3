import { Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { PersonId } from './sealed.ts';
import { Code, Instant } from './terms.ts';

/** Stream family `access-{day}-{writer}`: who read what. One stream for each day and process, so that no two write into one. */

const Reader = closed({
  kind: Type.Union([Type.Literal('user'), Type.Literal('customer'), Type.Literal('program'), Type.Literal('system')]),
  id: Code,
  via: Type.Union([Type.Literal('api'), Type.Literal('cli')]),
});

const read = {
  reader: Reader,
  /** The role that allowed it; absent for the operator at the command line. */
  role: Type.Optional(Code),
  readAt: Instant,
  /** What was asked for: a stream like `order-...` or `contact-...`, or a word like `subject`. */
  subject: Type.String({ ...Code, maxLength: 200 }),
};

export const PersonalDataRead = defineEvent(
  'PersonalDataRead',
  1,
  'Personal data was read in plain; `persons` says whose.',
  closed({ ...read, persons: Type.Array(PersonId, { minItems: 1, maxItems: 1000 }) }),
);

export const EvidenceRead = defineEvent(
  'EvidenceRead',
  1,
  'The history or the evidence of something was read: events with all that they carry, proofs, packages.',
  closed(read),
);

export const accessEvents = [PersonalDataRead, EvidenceRead] as const;

export type AccessFact = FactOf<(typeof accessEvents)[number]>;
