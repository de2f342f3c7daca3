import { type Static, Type } from 'typebox';
import { ContactRole, type DetailName, type PersonalDetails, personalDetails } from '../../events/catalog/contact.ts';
import { closed } from '../../events/catalog/definition.ts';
import { Personal, type PersonalField } from '../../events/seals/personal.ts';
import { uuidv5 } from '../../values/ids.ts';

/** What may be asked of a contact. The schemas are HTTP bodies, in plain; `personal` hides what they say before anybody decides. */

const { name, email, phone, address } = personalDetails;
const optional = { email: Type.Optional(email), phone: Type.Optional(phone), address: Type.Optional(address) };

export const AddContact = closed({ name, role: Type.Optional(ContactRole), ...optional });

const nothing = Type.Null({ description: 'It is not kept any more' });
export const ChangeContact = closed({
  name: Type.Optional(name),
  role: Type.Optional(Type.Union([ContactRole, nothing])),
  email: Type.Optional(Type.Union([email, nothing])),
  phone: Type.Optional(Type.Union([phone, nothing])),
  address: Type.Optional(Type.Union([address, nothing])),
});

/** Details as deciders see them. Null: not kept any more. */
export type HiddenDetails = { readonly [Name in DetailName]?: PersonalField<PersonalDetails[Name]> | null };

export type ContactCommand =
  | {
      readonly kind: 'add';
      readonly contactId: string;
      readonly customerId: string;
      /** Whether the customer is registered. */
      readonly customerKnown: boolean;
      readonly body: { readonly role?: string } & HiddenDetails & { readonly name: PersonalField<string> };
    }
  | { readonly kind: 'change'; readonly body: { readonly role?: string | null } & HiddenDetails }
  | { readonly kind: 'remove' };

/** The contact that a command adds: a repeat of the command leads to the same contact. */
export const contactIdOf = (commandId: string): string => uuidv5(commandId, 'contact');

type Hidden<Body> = {
  readonly [Name in keyof Body]: Name extends DetailName
    ? PersonalField<PersonalDetails[Name]> | Extract<Body[Name], null>
    : Body[Name];
};

/** Hides what a body says about the person. */
export function hidden<Body extends Static<typeof AddContact> | Static<typeof ChangeContact>>(
  person: string,
  body: Body,
): Hidden<Body> {
  const entries = Object.entries(body).map(([field, value]) => [
    field,
    field in personalDetails && value !== null ? new Personal(person, value) : value,
  ]);
  return Object.fromEntries(entries) as Hidden<Body>;
}
