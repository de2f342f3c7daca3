import type { Position, Recorded } from '../events/envelope.ts';
import type { LogMessage } from '../events/log/port.ts';

/** Where events come from: the log, or an archive of it. */
export interface EventSource {
  subscribe(options: { readonly after: Position | 'start'; readonly signal: AbortSignal }): AsyncIterable<LogMessage>;
}

/** A second source for going over the past again, faster than the log: everything after a position up to another, in order. */
export interface PastEvents {
  read(after: Position | 'start', upTo?: Position): AsyncIterable<Recorded>;
}

export type Report = (problem: { readonly code: string; readonly message: string; readonly cause?: unknown }) => void;

/** The events of a log up to a position that it has reached. */
export const pastOf = (log: EventSource): PastEvents => ({
  async *read(after, upTo) {
    const stop = new AbortController();
    try {
      for await (const message of log.subscribe({ after, signal: stop.signal })) {
        if (message.kind !== 'event') {
          if (message.kind === 'caught-up' || (upTo !== undefined && message.position >= upTo)) return;
          continue;
        }
        const { position } = message.event;
        if (upTo !== undefined && position > upTo) return;
        yield message.event;
        if (position === upTo) return;
      }
    } finally {
      stop.abort();
    }
  },
});
