import type { Fact } from '../events/catalog/index.ts';
import type { NewEvent, Position, Revision } from '../events/envelope.ts';
import { type AppendOutcome, AppendTooLarge } from '../events/log/port.ts';
import type { Means, Task } from './attempts.ts';
import { type Refusal, refuse } from './decider.ts';
import { type Folded, type Found, readOn } from './folding.ts';

type CertainOutcome<State> =
  | { readonly kind: 'appended'; readonly revision: Revision; readonly position: Position }
  /** The answer was lost, but the events are there. */
  | { readonly kind: 'found'; readonly found: Found<State> }
  /** Others wrote to the stream first; our events are not in it and never will be. */
  | { readonly kind: 'overtaken' }
  /** Nothing was written, or nobody can say. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Pauses before each look for an append whose outcome is not known, in milliseconds. */
const pauses = [0, 50, 250, 1_000] as const;

/**
 * Appends and finds out what became of it. After an answer that was lost, the stream is read before anything else is
 * said or done. If nothing was written, the same events go to the same revision again: whatever may still be under way
 * from before, at most one of the two is kept.
 */
export async function appendCertainly<State, Command, F extends Fact>(
  means: Means,
  task: Task<State, Command, F>,
  folded: Folded<State>,
  events: readonly NewEvent[],
): Promise<CertainOutcome<State>> {
  const { log, cache, pause } = means;
  const { aggregate, stream, metadata } = task;
  const append = () => log.append(stream, events, { expected: folded.revision });
  let outcome: AppendOutcome;
  try {
    outcome = await append();
  } catch (error) {
    if (!(error instanceof AppendTooLarge)) throw error;
    return { kind: 'refused', refusal: refuse('append-too-large', error.message).refusal };
  }
  let lost: unknown = outcome.kind === 'unknown' ? outcome.cause : undefined;
  for (const ms of pauses) {
    if (outcome.kind === 'appended') return outcome;
    if (outcome.kind === 'conflict' && lost === undefined) return { kind: 'overtaken' };
    await pause(ms);
    try {
      const read = await readOn(log, aggregate, stream, folded, { commandId: metadata.commandId });
      cache.put(aggregate, stream, read.folded);
      if (read.found) return { kind: 'found', found: read.found };
      if (read.folded.revision !== folded.revision) return { kind: 'overtaken' };
      outcome = await append();
      if (outcome.kind === 'unknown') lost = outcome.cause;
    } catch (error) {
      lost = error;
    }
  }
  if (outcome.kind === 'appended') return outcome;
  const cause = lost instanceof Error ? lost.message : String(lost);
  return {
    kind: 'refused',
    refusal: refuse('outcome-unknown', `The log did not say what became of the command: ${cause}`).refusal,
  };
}
