import type { Position } from '../../events/envelope.ts';
import type { EventLog, LogMessage, SubscribeOptions } from '../../events/log/port.ts';
import type { Journal } from './journal.ts';
import { type Holdings, messagesAfter } from './reading.ts';
import { DamagedSegment } from './view.ts';

export interface ReplayOptions {
  readonly log: Pick<EventLog, 'subscribe'>;
  /** What belongs to this log, compared with it. */
  readonly holdings: (signal: AbortSignal) => Promise<Holdings>;
  readonly last: () => Position | 'start';
  readonly onDamage: (segment: number) => void;
  readonly report: (problem: { message: string; error?: unknown }) => void;
  readonly closed: AbortSignal;
}

/** The log as it would be heard from the log itself: from the files as far as they go, then on from the log. */
export function replay(options: ReplayOptions): Pick<Journal, 'subscribe' | 'read'> {
  async function* subscribe({ after, types, signal: given }: SubscribeOptions): AsyncGenerator<LogMessage, void> {
    const signal = AbortSignal.any([given, options.closed]);
    let position = after;
    try {
      const holdings = await unlessAborted(options.holdings(signal), signal);
      const known = isAlike(after, options.last()) ? holdings : nothing(holdings);
      for await (const message of messagesAfter(known, after, types && new Set(types))) {
        if (signal.aborted) return;
        position = message.kind === 'event' ? message.event.position : message.position;
        yield message;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof DamagedSegment)) throw error;
      options.report({ message: `${error.message}; the rest is read from the log`, error });
      options.onDamage(error.number);
    }
    if (signal.aborted) return;
    yield* options.log.subscribe({ after: position, ...(types && { types }), signal });
  }
  return {
    subscribe,
    async *read(after, upTo = options.last(), signal) {
      if (upTo === 'start' || (after !== 'start' && after >= upTo)) return;
      const enough = new AbortController();
      const signals = signal ? [signal, enough.signal] : [enough.signal];
      try {
        for await (const message of subscribe({ after, signal: AbortSignal.any(signals) })) {
          if (message.kind === 'caught-up') return;
          const position = message.kind === 'event' ? message.event.position : message.position;
          if (message.kind === 'event' && position <= upTo) yield message.event;
          if (position >= upTo) return;
        }
        signal?.throwIfAborted();
      } finally {
        enough.abort();
      }
    },
  };
}

/** A position of another kind of log compares as a string all the same; only the log itself refuses it. */
const isAlike = (after: Position | 'start', last: Position | 'start'): boolean =>
  after === 'start' || after.replaceAll(/\d/g, '0') === last.replaceAll(/\d/g, '0');

const nothing = ({ view }: Holdings): Holdings => ({
  view: { ...view, segments: [], part: undefined },
  tail: undefined,
});

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
