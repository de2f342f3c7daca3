import type { FoldedFacts } from './facts/facts.ts';
import type { History } from './history/history.ts';

/** The facts of now, and what tells of the past. Both are others once the history was read. */
export interface Live {
  facts: FoldedFacts;
  history: History | undefined;
}
