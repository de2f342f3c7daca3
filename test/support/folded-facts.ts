import { FoldedFacts } from '../../src/analytics/facts/facts.ts';
import { fold, settleAll } from '../../src/analytics/facts/fold.ts';
import type { Recorded } from '../../src/events/envelope.ts';

/** Folds events after what `facts` know already. */
export function folded(events: Iterable<Recorded>, facts = new FoldedFacts()): FoldedFacts {
  for (const event of events) fold(facts, event);
  for (const _ of settleAll(facts));
  return facts;
}
