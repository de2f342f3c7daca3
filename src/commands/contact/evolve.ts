import type { ContactFact } from '../../events/catalog/index.ts';

/** What decisions need to know of a contact; nothing about the person. Null before it is added. */
export type ContactState = {
  readonly contactId: string;
  readonly customerId: string;
  readonly removed: boolean;
} | null;

/** Throws on facts of other families, and on any fact before the contact is added. */
export function evolve(state: ContactState, fact: ContactFact): ContactState {
  if (fact.type === 'ContactAdded') {
    const { contactId, customerId } = fact.data;
    return { contactId, customerId, removed: false };
  }
  if (state === null) throw new Error(`${fact.type} is not the first fact of a contact`);
  switch (fact.type) {
    case 'ContactChanged':
      return state;
    case 'ContactRemoved':
      return { ...state, removed: true };
    default:
      throw new Error(`${(fact as { type: string }).type} is not a fact of a contact`);
  }
}
