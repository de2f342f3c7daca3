import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, Recorded } from '../events/envelope.ts';
import type { LogMessage } from '../events/log/port.ts';

/** What lay in the inbox: large when the runner is behind, small when it is live. */
export interface Delivery {
  readonly events: readonly Recorded[];
  /** Nothing more was waiting, and the log had said that this is its end. */
  readonly caughtUp: boolean;
  /** How far the log was seen, markers included. */
  readonly seen: Position | 'start' | undefined;
}

export interface Inbox {
  /** Everything that has arrived; waits for the first message. Rejects when the subscription ended or failed. */
  take(): Promise<Delivery>;
  readonly waiting: number;
  /** Resolves when the inbox holds as much as it can. */
  full(): Promise<void>;
  /** Stops pulling; a waiting `take` rejects with the cause. */
  close(cause?: unknown): void;
}

/** A subscription that ends without being asked to has lost its connection. */
export class SubscriptionEnded extends Error {
  override readonly name = 'SubscriptionEnded';
}

const weightOf = (event: Recorded): number => {
  const lines = (event.data as { lines?: readonly unknown[] } | null)?.lines;
  return 1 + (Array.isArray(lines) ? lines.length : 0);
};

/**
 * Pulls a subscription into a bounded buffer while the previous batch is being written, so that batches adapt by
 * themselves. `capacity` counts events and their lines: it bounds memory, and with it the size of a batch.
 */
export function openInbox(messages: AsyncIterable<LogMessage>, capacity: number): Inbox {
  let events: Recorded[] = [];
  let weight = 0;
  let seen: Position | 'start' | undefined;
  let fresh = false;
  let reachedEnd = false;
  let closed = false;
  let ended: { readonly cause: unknown } | undefined;
  let wakeReader = (): void => {};
  let wakePump = (): void => {};
  let tellFull = (): void => {};

  const accept = (message: LogMessage): void => {
    fresh = true;
    if (message.kind === 'event') {
      events.push(message.event);
      weight += weightOf(message.event);
      seen = message.event.position;
    } else {
      seen = message.position;
      if (message.kind === 'caught-up') reachedEnd = true;
    }
    wakeReader();
  };

  const pump = async (): Promise<void> => {
    try {
      for await (const message of messages) {
        accept(message);
        if (weight >= capacity) tellFull();
        if (weight >= capacity && !closed) await new Promise<void>((resolve) => (wakePump = resolve));
        if (closed) break;
      }
      ended ??= { cause: new SubscriptionEnded('The subscription to the event log ended') };
    } catch (cause) {
      ended ??= { cause };
    }
    wakeReader();
    tellFull();
  };
  void pump();

  return {
    get waiting() {
      return events.length;
    },
    async take() {
      if (!fresh && !ended) await new Promise<void>((resolve) => (wakeReader = resolve));
      // One turn of the event loop: what the log has already read arrives together instead of one by one.
      if (weight < capacity) await nextTurn();
      if (ended && events.length === 0) throw ended.cause;
      const delivery = { events, caughtUp: reachedEnd && weight < capacity, seen };
      events = [];
      weight = 0;
      fresh = false;
      wakePump();
      return delivery;
    },
    full: () => (weight >= capacity || ended ? Promise.resolve() : new Promise((resolve) => (tellFull = resolve))),
    close(cause) {
      closed = true;
      if (cause !== undefined) events = [];
      ended ??= { cause: cause ?? new SubscriptionEnded('The inbox was closed') };
      wakePump();
      wakeReader();
      tellFull();
    },
  };
}
