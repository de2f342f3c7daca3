import type { Static } from 'typebox';
import type { CustomerFact } from '../../events/catalog/index.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { isRefused, pastInstant, zoneProblem } from '../checks.ts';
import { type Aggregate, accept, type Decision, refuse } from '../decider.ts';
import type { CustomerCommand, RegisterCustomer } from './commands.ts';

/** The customer as registered; null before that. */
export type CustomerState = Static<typeof RegisterCustomer> | null;

function decide(
  state: CustomerState,
  { body }: CustomerCommand,
  context: Parameters<Aggregate<CustomerState, CustomerCommand>['decide']>[2],
): Decision<CustomerFact> {
  const time = pastInstant(context.occurredAt, context.now, '/occurredAt');
  if (isRefused(time)) return time;
  const problem = zoneProblem(body.zone, '/zone');
  if (problem) return problem;
  if (state === null) return accept({ type: 'CustomerRegistered', data: body });
  if (canonicalJson(state) === canonicalJson(body)) return accept();
  return refuse('customer-exists', `Customer ${body.customerId} is registered with other data`, '/customerId');
}

/** Streams `customer-{customerId}`. Registering again with the same data changes nothing. */
export const customerAggregate: Aggregate<CustomerState, CustomerCommand, CustomerFact> = {
  family: 'customer',
  initial: null,
  decide,
  evolve: (_, fact) => {
    if (fact.type !== 'CustomerRegistered')
      throw new Error(`${(fact as { type: string }).type} is not a fact of a customer`);
    return fact.data;
  },
  opens: () => true,
};
