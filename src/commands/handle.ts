import type { Fact } from '../events/catalog/index.ts';
import type { Actor, Position, Reason, Recorded, Revision, Source } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import type { Aggregate, Refusal } from './decider.ts';
import type { Receipts } from './receipts.ts';

/** Who asks, when, why, and after what: the part of a command that is the same for every aggregate. */
export interface CommandMeta {
  /**
   * Identifies the command for ever: event ids and generated ids derive from it, so a repeat changes nothing.
   * With `idempotency` it is replaced by the id that derives from principal, key and body (see `commandIdOf`).
   */
  readonly commandId: string;
  readonly actor: Actor;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** When it happened; now, if left out. */
  readonly occurredAt?: string;
  /** When it was recorded; now, if left out. Only received history and the simulation set it. */
  readonly recordedAt?: string;
  readonly reason?: Reason;
  readonly source?: Source;
  /** The caller decided on this revision (If-Match): any other is refused with `stale-version`, also after a lost race. */
  readonly expectedRevision?: Revision;
  /** Present when the caller may repeat the request: see receipts.ts. */
  readonly idempotency?: Idempotency;
  /** For callers without a receipt who may ask twice (a resumed import): the stream is searched for the command id first. */
  readonly mayBeRepeat?: boolean;
}

export interface Idempotency {
  readonly principal: string;
  readonly key: string;
  readonly bodyHash: string;
}

export type CommandOutcome<State> =
  | {
      readonly kind: 'done';
      readonly stream: string;
      readonly revision: Revision;
      readonly position: Position;
      readonly state: State;
      /** The events of this command; empty when it changed nothing. */
      readonly events: readonly Pick<Recorded, 'eventId' | 'type' | 'revision'>[];
      /** The same command was answered before. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly currentRevision?: Revision };

export interface Loaded<State> {
  readonly state: State;
  readonly revision: Revision | 'no-stream';
}

/** The one path from command to events. */
export interface CommandHandler {
  execute<State, Command, F extends Fact>(
    aggregate: Aggregate<State, Command, F>,
    id: string,
    command: Command,
    meta: CommandMeta,
  ): Promise<CommandOutcome<State>>;
  /** The folded stream: the newest state, or with `upTo` the state at that revision. `cached` may be some events old. */
  load<State, Command, F extends Fact>(
    aggregate: Aggregate<State, Command, F>,
    id: string,
    options?: { readonly upTo?: Revision; readonly cached?: boolean },
  ): Promise<Loaded<State>>;
  /** Waits until the answers already given are written to their receipts. */
  settle(): Promise<void>;
}

export interface HandlerOptions {
  readonly log: EventLog;
  readonly receipts?: Receipts;
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
  /** Room for folded states, in order lines; 20,000 if left out. */
  readonly cacheSize?: number;
  /** Called once per command. */
  readonly observe?: (command: ObservedCommand) => void;
  /** Told of failures that do not fail the command, e.g. a receipt that could not be completed. */
  readonly report?: (problem: { readonly message: string; readonly error: unknown }) => void;
}

export interface ObservedCommand {
  readonly family: string;
  readonly outcome: 'done' | 'repeated' | 'refused';
  readonly code?: string;
  readonly attempts: number;
}

export function createCommandHandler(_options: HandlerOptions): CommandHandler {
  throw new Error('not built yet');
}
