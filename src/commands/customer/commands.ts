import type { Static } from 'typebox';
import { CustomerRegistered } from '../../events/catalog/customer.ts';

/** What may be asked of a customer account. The schema is the HTTP body as well. */
export const RegisterCustomer = CustomerRegistered.schema;

export interface CustomerCommand {
  readonly kind: 'register';
  readonly body: Static<typeof RegisterCustomer>;
}
