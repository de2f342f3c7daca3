import type { Fact } from '../events/catalog/index.ts';
import type { RefusalCode } from './refusals.ts';

/** A refusal is a value: a stable code, words that say what to do, and the place in the command (JSON pointer) if there is one. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly place?: string;
}

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

export type Decision<F extends Fact = Fact> = { readonly ok: true; readonly facts: readonly F[] } | Refused;

/** What a decision may know of the outside: time and ids come in with the command. */
export interface DecisionContext {
  readonly now: string;
  /** When the fact happened; `now` unless the caller reports something that happened earlier. */
  readonly occurredAt: string;
  /** Ids that the command did not give (shipment, hold, error) derive from it, so that a repeat derives the same. */
  readonly commandId: string;
}

/** When a fact happened and when it was recorded. The metadata of a recorded event is one. */
export interface FactTimes {
  readonly occurredAt: string;
  readonly recordedAt: string;
}

/** Three pure functions: no clock, no randomness, no I/O. Re-deciding gives the same bytes. */
export interface Decider<State, Command, F extends Fact = Fact> {
  readonly initial: State;
  readonly decide: (state: State, command: Command, context: DecisionContext) => Decision<F>;
  /** Total over the facts of its family; any other type throws. States are plain JSON values and never changed in place. */
  readonly evolve: (state: State, fact: F, times: FactTimes) => State;
}

/** A decider that owns a family of streams: the stream of id `x` is `{family}-x`. */
export interface Aggregate<State, Command, F extends Fact = Fact> extends Decider<State, Command, F> {
  readonly family: string;
  /** True for a command that can only be the first of its stream: it is decided without reading the stream. */
  readonly opens?: (command: Command) => boolean;
  /** What a decision looks at, to be kept with its events; all of the command, if left out. Undefined: the events tell it all. */
  readonly kept?: (command: Command) => unknown;
  /** How much room a state takes in the cache, in units of about one order line; 1 if left out. */
  readonly weight?: (state: State) => number;
}

export const accept = <F extends Fact>(...facts: readonly F[]): Decision<F> => ({ ok: true, facts });

export const refuse = (code: RefusalCode, message: string, place?: string): Refused => ({
  ok: false,
  refusal: place === undefined ? { code, message } : { code, message, place },
});

/** The outermost allowed difference between the clock of a reporter and ours, in milliseconds. */
export const clockTolerance = 5 * 60_000;
