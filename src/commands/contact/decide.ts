import type { ContactFact } from '../../events/catalog/index.ts';
import { isRefused, pastInstant } from '../checks.ts';
import { accept, type Decision, type DecisionContext, refuse } from '../decider.ts';
import type { ContactCommand } from './commands.ts';
import type { ContactState } from './evolve.ts';

/** Which facts, of which persons. What they say is opaque here, plain or sealed. */
export function decide(state: ContactState, command: ContactCommand, context: DecisionContext): Decision<ContactFact> {
  const time = pastInstant(context.occurredAt, context.now, '/occurredAt');
  if (isRefused(time)) return time;
  if (command.kind === 'add') return add(state, command);
  if (state === null) return refuse('contact-unknown', 'There is no such contact');
  if (command.kind === 'remove')
    return state.removed ? accept() : accept({ type: 'ContactRemoved', data: { contactId: state.contactId } });
  if (state.removed) return refuse('contact-removed', `The contact ${state.contactId} was removed`);
  return change(state.contactId, command.body);
}

type Add = Extract<ContactCommand, { kind: 'add' }>;

function add(state: ContactState, { contactId, customerId, customerKnown, body }: Add): Decision<ContactFact> {
  if (state !== null) return refuse('contact-exists', `The contact ${contactId} exists`);
  if (!customerKnown) return refuse('customer-unknown', `Customer ${customerId} is not registered`, '/customerId');
  const { role, name, email, phone, address } = body;
  return accept({
    type: 'ContactAdded',
    data: {
      ...{ contactId, customerId, name },
      ...(role !== undefined && { role }),
      ...(email && { email }),
      ...(phone && { phone }),
      ...(address && { address }),
    },
  });
}

const clearable = ['role', 'email', 'phone', 'address'] as const;

function change(
  contactId: string,
  { role, name, email, phone, address }: Extract<ContactCommand, { kind: 'change' }>['body'],
): Decision<ContactFact> {
  const given = { role, email, phone, address };
  const cleared = clearable.filter((field) => given[field] === null);
  const data = {
    ...(role && { role }),
    ...(name && { name }),
    ...(email && { email }),
    ...(phone && { phone }),
    ...(address && { address }),
    ...(cleared.length > 0 && { cleared }),
  };
  if (Object.keys(data).length === 0) return refuse('nothing-asked', 'Name at least one thing that changes');
  return accept({ type: 'ContactChanged', data: { contactId, ...data } });
}
