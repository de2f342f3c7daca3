import type { Fact } from '../events/catalog/index.ts';

/** A refusal is a value: a stable code, words that say what to do, and the place in the command (JSON pointer) if there is one. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
}

export type Decision<F extends Fact = Fact> =
  | { readonly ok: true; readonly facts: readonly F[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** What a decision may know of the outside: time and ids come in with the command. */
export interface DecisionContext {
  readonly now: string;
  /** When the fact happened; `now` unless the caller reports something that happened earlier. */
  readonly occurredAt: string;
}

/** Three pure functions: no clock, no randomness, no I/O. Re-deciding gives the same bytes. */
export interface Decider<State, Command, F extends Fact = Fact> {
  readonly initial: State;
  readonly decide: (state: State, command: Command, context: DecisionContext) => Decision<F>;
  readonly evolve: (state: State, fact: F) => State;
}

export const accept = <F extends Fact>(...facts: readonly F[]): Decision<F> => ({ ok: true, facts });

export const refuse = (code: string, message: string, place?: string): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: place === undefined ? { code, message } : { code, message, place },
});
