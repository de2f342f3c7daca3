import type { Queryable } from '../database/database.ts';
import type { DetailName } from '../events/catalog/contact.ts';
import { detailNames } from '../events/catalog/contact.ts';
import type { EventOf } from '../events/decode.ts';
import { marks, placed } from '../events/seals/seals.ts';
import { defineProjection } from './projection.ts';

/** A contact. What is known of the person is sealed here, too: it is opened when it is shown. */
export type ContactDoc = {
  readonly contactId: string;
  /** Empty for a person who is no contact. */
  readonly customerId: string;
  readonly version: number;
  readonly role?: string;
  readonly addedAt: string;
  readonly changedAt?: string;
  readonly removedAt?: string;
  readonly erasedAt?: string;
} & { readonly [Name in DetailName]?: unknown };

type Recorded = EventOf<'ContactAdded'> | EventOf<'ContactChanged'>;

/** Details as they were sealed; an event that comes after the erasure of the person brings nothing back. */
function detailsOf(event: Recorded, erased: boolean): Partial<Record<DetailName, unknown>> {
  const data = placed(event as never) as Readonly<Record<string, unknown>>;
  const known = detailNames.filter((name) => name in data);
  return Object.fromEntries(known.map((name) => [name, erased ? marks.erased : data[name]]));
}

function without(doc: ContactDoc, cleared: readonly string[] = []): ContactDoc {
  return Object.fromEntries(Object.entries(doc).filter(([name]) => !cleared.includes(name))) as ContactDoc;
}

function known(doc: ContactDoc | undefined): ContactDoc {
  if (!doc) throw new Error('A contact is changed or removed that was not added');
  return doc;
}

/** Contacts of customers, one row each. */
export const contactsProjection = defineProjection<ContactDoc>({
  name: 'contacts',
  version: 1,
  keyOf: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  handles: {
    ContactAdded: (doc, event) => ({
      contactId: event.data.contactId,
      customerId: event.data.customerId,
      version: event.revision,
      ...(event.data.role !== undefined && { role: event.data.role }),
      ...detailsOf(event, doc?.erasedAt !== undefined),
      addedAt: event.metadata.occurredAt,
      ...(doc?.erasedAt !== undefined && { erasedAt: doc.erasedAt }),
    }),
    ContactChanged: (doc, event) => ({
      ...without(known(doc), event.data.cleared),
      ...(event.data.role !== undefined && { role: event.data.role }),
      ...detailsOf(event, known(doc).erasedAt !== undefined),
      version: event.revision,
      changedAt: event.metadata.occurredAt,
    }),
    ContactRemoved: (doc, { revision, metadata }) => ({
      ...known(doc),
      version: revision,
      removedAt: metadata.occurredAt,
    }),
    PersonalDataErased: (doc, { data, metadata }) => {
      const erasedAt = metadata.occurredAt;
      if (!doc) return { contactId: data.personId, customerId: '', version: 0, addedAt: erasedAt, erasedAt };
      const erased = detailNames.filter((name) => name in doc).map((name) => [name, marks.erased]);
      return { ...doc, ...Object.fromEntries(erased), erasedAt };
    },
  },
  tables: [
    {
      name: 'contacts',
      columns: { contact_id: 'text', customer_id: 'text', removed: 'boolean', erased: 'boolean', doc: 'document' },
      key: ['contact_id'],
      indexes: ['customer_id, contact_id'],
      rows: (after) =>
        after.customerId === ''
          ? []
          : [
              {
                contact_id: after.contactId,
                customer_id: after.customerId,
                removed: after.removedAt !== undefined,
                erased: after.erasedAt !== undefined,
                doc: JSON.stringify(after),
              },
            ],
    },
  ],
});

export interface ContactReader {
  contact(contactId: string): Promise<ContactDoc | undefined>;
  /** Those that were not removed, in order of id, after `after`. */
  ofCustomer(
    customerId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ContactDoc[]>;
}

export function createContactReader(database: Queryable): ContactReader {
  const read = async (name: string, text: string, values: readonly unknown[]): Promise<ContactDoc[]> => {
    const rows = await database.query<{ doc: string }>({ name, text, values });
    return rows.map(({ doc }) => JSON.parse(doc) as ContactDoc);
  };
  return {
    contact: async (contactId) =>
      (await read('contact-by-id', 'select doc from contacts where contact_id = $1', [contactId]))[0],
    ofCustomer: (customerId, { after = '', limit }) =>
      read(
        'contacts-of-customer',
        `select doc from contacts where customer_id = $1 and not removed and contact_id > $2
         order by contact_id limit $3`,
        [customerId, after, limit],
      ),
  };
}
