import type { CustomerFact } from '../../../events/catalog/index.ts';
import type { Phrases } from './phrase.ts';

export const customerPhrases: Phrases<CustomerFact> = {
  CustomerRegistered: ({ customerId, name, country }) =>
    `opened the account ${customerId} of ${name}${country === undefined ? '' : ` in ${country}`}`,
};
