import type { Position, Recorded, Revision } from '../events/envelope.ts';
import { uuidv5 } from '../values/ids.ts';
import type { Refusal } from './decider.ts';
import type { CommandMeta, Idempotency } from './handle.ts';

/** What was answered to a command. The state is left out: it is the fold of the stream up to the revision. */
export type Answer =
  | {
      readonly kind: 'done';
      readonly stream: string;
      readonly revision: Revision;
      readonly position: Position;
      readonly events: readonly Pick<Recorded, 'eventId' | 'type' | 'revision'>[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly currentRevision?: Revision };

export type Claim =
  | { readonly kind: 'fresh' }
  /** An earlier attempt was cut off: its events may lie in the stream. */
  | { readonly kind: 'taken-over' }
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The key was used with another body. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'in-flight' };

/**
 * Remembers, per principal and key, what was asked and what was answered. The promise "never twice" does not rest on the
 * answer: a claim that was never answered leads whoever takes it over to look for the command in the stream.
 */
export interface Receipts {
  /** Written before it resolves: the key is ours until answered, dropped, left open, or its lease runs out. */
  claim(request: Idempotency): Promise<Claim>;
  answer(request: Idempotency, answer: Answer): Promise<void>;
  /** As if never asked: the same key may be used again. */
  drop(request: Idempotency): Promise<void>;
  /** The outcome is not known: the next to ask takes over at once. */
  leaveOpen(request: Idempotency): Promise<void>;
  /** Removes receipts claimed before the instant (RFC 3339) that nobody works on; returns how many. */
  purge(before: string): Promise<number>;
}

const namespace = '6f6d5f1e-5a1c-5b0e-8f55-0d1f1f7a9a10';

/**
 * The id that a command goes by: with a key the one that derives from principal, key and body, so that a repeat has the same
 * and derives the same stream and event ids; without a key its own.
 */
export const commandIdOf = ({ idempotency, commandId }: Pick<CommandMeta, 'idempotency' | 'commandId'>): string =>
  idempotency
    ? uuidv5(namespace, JSON.stringify([idempotency.principal, idempotency.key, idempotency.bodyHash]))
    : commandId;
