import type { AccessFact } from '../../events/catalog/index.ts';
import { type Aggregate, accept } from '../decider.ts';

/** Reads as they are reported, in the order in which they were answered. */
export interface RecordReads {
  readonly kind: 'record';
  readonly reads: readonly AccessFact[];
}

/** Streams `access-{day}-{writer}`: nothing is decided, everything is kept. */
export const accessAggregate: Aggregate<null, RecordReads, AccessFact> = {
  family: 'access',
  initial: null,
  decide: (_, { reads }) => accept(...reads),
  evolve: () => null,
  kept: () => undefined,
};
