/**
 * What every recorded event carries. `data` is the fact itself (see catalog/); `metadata` says who recorded it, when,
 * why and after which event, and chains it to its predecessor in the stream.
 */

/** 0-based place of an event in its stream. */
export type Revision = number;

/** Opaque place in the whole log; positions of one log compare as strings, later is greater. */
export type Position = string;

/** Who acted, and through which door. */
export interface Actor {
  readonly kind: 'user' | 'customer' | 'program' | 'system';
  readonly id: string;
  readonly via: 'api' | 'cli' | 'import' | 'simulation' | 'process' | 'edi';
}

/** Why something was done: a code of the field, and words when a person gave them. */
export interface Reason {
  readonly code: string;
  readonly text?: string;
}

/** Where a received fact came from, e.g. `{ kind: 'file', ref: 'history.csv:17' }`. */
export interface Source {
  readonly kind: string;
  readonly ref: string;
  readonly sha256?: string;
}

/**
 * How a value follows from what the events of its command say: the same (nothing is told), another value, the items of the
 * same list, all told alike or one by one, or the same object without some members and with others.
 */
export interface Telling {
  readonly is?: unknown;
  readonly each?: Telling;
  readonly items?: readonly Telling[];
  readonly without?: readonly string[];
  readonly with?: Readonly<Record<string, Telling>>;
}

/** What was asked for, as far as the events do not tell it. */
export interface RecordedCommand {
  readonly kind: string;
  /** Member of the command -> how it follows from the data of the events, taken together. */
  readonly asked: Readonly<Record<string, Telling>>;
  /** Received history: decided later than it was recorded elsewhere. When exactly is not told, so that the same import gives the same bytes. */
  readonly received?: true;
}

export interface EventMetadata {
  readonly schemaVersion: number;
  /** When it happened in the business (RFC 3339, UTC, milliseconds). */
  readonly occurredAt: string;
  /** When it was recorded; for imported history, when the system it came from recorded it, if that is known. */
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly reason?: Reason;
  readonly source?: Source;
  /** In the first event of a command, so that it can be decided again. Events of before commands were kept have none. */
  readonly command?: RecordedCommand;
  /** Hash of the predecessor in the stream; 64 zeros before the first event. */
  readonly prevHash: string;
  readonly hash: string;
}

/** An event ready to be appended: sealed into the chain of its stream. */
export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

/** An event as the log returns it. `data` is not yet parsed: see decode.ts. */
export interface Recorded extends NewEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
}
