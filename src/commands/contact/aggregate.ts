import type { ContactFact } from '../../events/catalog/index.ts';
import type { Aggregate } from '../decider.ts';
import type { ContactCommand } from './commands.ts';
import { decide } from './decide.ts';
import { type ContactState, evolve } from './evolve.ts';

export type { ContactState } from './evolve.ts';

/** Streams `contact-{contactId}`: persons at customers. */
export const contactAggregate: Aggregate<ContactState, ContactCommand, ContactFact> = {
  family: 'contact',
  initial: null,
  decide,
  evolve,
  opens: (command) => command.kind === 'add',
};
