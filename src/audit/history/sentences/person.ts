import type { AccessFact, ContactFact, PersonFact } from '../../../events/catalog/index.ts';
import { listText } from '../../words.ts';
import type { Phrases } from './phrase.ts';

/** Persons are named by their ids: a sentence tells nothing about them. */
export const personPhrases: Phrases<ContactFact | PersonFact> = {
  ContactAdded: ({ contactId, customerId, role }) =>
    `added ${contactId} as a contact${role === undefined ? '' : ` for ${role}`} of customer ${customerId}`,
  ContactChanged: ({ contactId, cleared = [], ...changed }) => {
    const known = Object.keys(changed);
    const parts = [
      ...(known.length > 0 ? [`changed ${listText(known)}`] : []),
      ...(cleared.length > 0 ? [`cleared ${listText(cleared)}`] : []),
    ];
    return `${listText(parts)} of contact ${contactId}`;
  },
  ContactRemoved: ({ contactId }) => `removed contact ${contactId}`,
  PersonalDataErased: ({ personId }) => `destroyed the keys of person ${personId} for ever`,
};

export const accessPhrases: Phrases<AccessFact> = {
  PersonalDataRead: ({ reader, subject, persons }) =>
    `noted that ${reader.kind} ${reader.id} read personal data of ${persons.length === 1 ? persons[0] : `${persons.length} persons`} in ${subject}`,
  EvidenceRead: ({ reader, subject }) =>
    `noted that ${reader.kind} ${reader.id} read the history or evidence of ${subject}`,
};
