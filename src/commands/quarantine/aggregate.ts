import type { QuarantineFact } from '../../events/catalog/index.ts';
import { type Aggregate, accept } from '../decider.ts';

export interface QuarantineCommand {
  readonly kind: 'skip';
  readonly body: QuarantineFact['data'];
}

/** What a read model leaves out, each as its place: `{revision}@{stream}`. */
export type QuarantineState = readonly string[];

export const placeOf = ({ stream, revision }: { readonly stream: string; readonly revision: number }): string =>
  `${revision}@${stream}`;

/** Streams `quarantine-{projection}`. What is left out already needs no second decision. */
export const quarantineAggregate: Aggregate<QuarantineState, QuarantineCommand, QuarantineFact> = {
  family: 'quarantine',
  initial: [],
  decide: (state, { body }) =>
    state.includes(placeOf(body)) ? accept() : accept({ type: 'EventSkipped', data: body }),
  evolve: (state, { data }) => [...state, placeOf(data)],
};
