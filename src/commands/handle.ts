import type { Actor, Position, Reason, Recorded, Revision, Source } from '../events/envelope.ts';
import type { Refusal } from './decider.ts';

/** Who asks, when, why, and after what: the part of a command that is the same for every aggregate. */
export interface CommandMeta {
  /** Identifies the command for ever: event ids and generated ids derive from it, so a repeat changes nothing. */
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
  readonly idempotency?: { readonly principal: string; readonly key: string; readonly bodyHash: string };
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
      /** The same key and body were answered before. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly currentRevision?: Revision };
