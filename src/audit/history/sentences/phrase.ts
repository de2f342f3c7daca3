import type { Fact } from '../../../events/catalog/index.ts';

export type DataOf<Name extends Fact['type']> = Extract<Fact, { type: Name }>['data'];

/** What somebody did, as it goes on after his name: `accepted order SO-1`. One for every event type of the family. */
export type Phrases<Family extends Fact> = {
  readonly [Name in Family['type']]: (data: DataOf<Name>) => string;
};
