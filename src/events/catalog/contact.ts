import { type Static, Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { PersonId, sealed } from './sealed.ts';
import { Code, Country, Text } from './terms.ts';

/**
 * Stream family `contact-{contactId}`: a person at a customer. The contact id is the id of the person; whatever says something
 * about the person is sealed.
 */

const line = Type.String({ ...Text, maxLength: 120 });

/** A postal address in the lines of an envelope. */
export const PostalAddress = closed({
  lines: Type.Array(line, { minItems: 1, maxItems: 6 }),
  postcode: Type.Optional(Type.String({ ...Text, maxLength: 20 })),
  city: Type.Optional(line),
  country: Type.Optional(Country),
});

/** What is known of a person, in plain: the shape of commands, and of answers to those who may read it. */
export const personalDetails = {
  name: line,
  email: Type.String({ pattern: '^[^\\p{Cc}\\p{Cs}\\s@]+@[^\\p{Cc}\\p{Cs}\\s@]+$', maxLength: 254 }),
  phone: Type.String({ pattern: '^[+0-9(][0-9 ()./-]{2,38}$', maxLength: 40 }),
  address: PostalAddress,
} as const;

export type PersonalDetails = { [Name in keyof typeof personalDetails]: Static<(typeof personalDetails)[Name]> };
export type DetailName = keyof typeof personalDetails;
export const detailNames = Object.keys(personalDetails) as DetailName[];

const sealedDetails = {
  email: Type.Optional(sealed(personalDetails.email)),
  phone: Type.Optional(sealed(personalDetails.phone)),
  address: Type.Optional(sealed(personalDetails.address)),
};

/** What the person does at the customer, e.g. purchasing; a word of the trade, not about the person. */
export const ContactRole = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', maxLength: 40 });

export const ContactAdded = defineEvent(
  'ContactAdded',
  1,
  'A person was named whom we deal with at a customer.',
  closed({
    contactId: PersonId,
    customerId: Code,
    role: Type.Optional(ContactRole),
    name: sealed(personalDetails.name),
    ...sealedDetails,
  }),
);

export const ContactChanged = defineEvent(
  'ContactChanged',
  1,
  'Something about a contact became known or changed; `cleared` names what is not kept any more.',
  closed({
    contactId: PersonId,
    role: Type.Optional(ContactRole),
    name: Type.Optional(sealed(personalDetails.name)),
    ...sealedDetails,
    cleared: Type.Optional(
      Type.Array(
        Type.Union([Type.Literal('role'), Type.Literal('email'), Type.Literal('phone'), Type.Literal('address')]),
        { minItems: 1, maxItems: 4 },
      ),
    ),
  }),
);

export const ContactRemoved = defineEvent(
  'ContactRemoved',
  1,
  'We do not deal with the person any more. What is known of it stays until it is erased.',
  closed({ contactId: PersonId }),
);

/** Stream family `person-{personId}`: what concerns a person as such, whatever it is to us. */

export const PersonalDataErased = defineEvent(
  'PersonalDataErased',
  1,
  'The keys of a person were destroyed: everything sealed under them can never be read again.',
  closed({ personId: PersonId }),
);

export const contactEvents = [ContactAdded, ContactChanged, ContactRemoved] as const;
export const personEvents = [PersonalDataErased] as const;

export type ContactFact = FactOf<(typeof contactEvents)[number]>;
export type PersonFact = FactOf<(typeof personEvents)[number]>;
