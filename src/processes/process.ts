import type { DomainEvent, EventOf } from '../events/decode.ts';
import type { TargetCommand } from './targets.ts';

/**
 * A process manager: a pure function of events to commands. It keeps a list of what is to be done, and that list is a fold of
 * the log like everything else: a crash between a command and its outcome repeats nothing, for the command's id derives from
 * the event that caused it.
 */
export interface Process<State = unknown> {
  readonly name: string;
  /** Raise it when handlers change: the list is folded anew. */
  readonly version: number;
  readonly about: string;
  /** The instance that an event belongs to, e.g. the id of the order. */
  readonly instanceOf: (event: DomainEvent) => string;
  readonly handles: Reactions<State>;
  /** A command was refused: what now? The task is off the list already. */
  readonly refused?: (state: State | undefined, event: EventOf<'TaskRefused'>) => Step<State>;
}

/** `undefined` is an instance of which nothing is known yet. */
export type Reactions<State> = {
  readonly [Name in DomainEvent['type']]?: (state: State | undefined, event: EventOf<Name>) => Step<State>;
};

export interface Step<State> {
  readonly state: State;
  /** Comes on the list. A name that stands on the list of the instance already is replaced. */
  readonly todo?: readonly Todo[];
  /** Names that are not to be done any more. */
  readonly drop?: readonly string[];
}

export interface Todo {
  /** Says what it is for; unique among the open tasks of the instance. */
  readonly name: string;
  readonly command: TargetCommand;
  /** A deadline: not to be done before this instant (RFC 3339, UTC); at once if left out. */
  readonly notBefore?: string;
  /** When it counts as done; when it is done, if left out. */
  readonly occurredAt?: string;
  readonly reason?: { readonly code: string };
}

/** Lets processes of different states stand in one list. */
export const defineProcess = <State>(process: Process<State>): Process => process as unknown as Process;
