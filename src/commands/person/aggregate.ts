import type { PersonFact } from '../../events/catalog/index.ts';
import { type Aggregate, accept } from '../decider.ts';

/** What became of a person as such. */
export interface PersonState {
  readonly erased: boolean;
}

export interface ErasePerson {
  readonly kind: 'erase';
  readonly personId: string;
}

/** Streams `person-{personId}`. Erasing again changes nothing. */
export const personAggregate: Aggregate<PersonState, ErasePerson, PersonFact> = {
  family: 'person',
  initial: { erased: false },
  decide: ({ erased }, { personId }) =>
    erased ? accept() : accept({ type: 'PersonalDataErased', data: { personId } }),
  evolve: (_, fact) => {
    if (fact.type !== 'PersonalDataErased')
      throw new Error(`${(fact as { type: string }).type} is not a fact of a person`);
    return { erased: true };
  },
};
