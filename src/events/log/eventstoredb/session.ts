import type { Schedule } from './timing.ts';

/** Milliseconds. */
export interface Timeouts {
  /** For an append to be answered. */
  readonly append: number;
  /** For a read to deliver the next event. */
  readonly read: number;
  /** A subscription that was silent for so long is probed, and replaced if the probe shows that it is dead. */
  readonly silence: number;
}

export const defaultTimeouts: Timeouts = { append: 5_000, read: 10_000, silence: 30_000 };

/** What the parts of the adapter share. */
export interface Session {
  readonly timeouts: Timeouts;
  readonly schedule: Schedule;
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly report: (problem: { readonly message: string; readonly error?: unknown }) => void;
  /** Aborts when the log is closed. */
  readonly closed: AbortSignal;
}

/** How many items a call holds ahead of its consumer, at each of three places between the wire and the consumer. */
export const readAhead = 64;
