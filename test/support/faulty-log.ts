import type { NewEvent, Recorded } from '../../src/events/envelope.ts';
import { type AppendOptions, type AppendOutcome, AppendTooLarge, type EventLog } from '../../src/events/log/port.ts';

/**
 * What goes wrong with one append:
 * `lost-answer` stored, but nobody says so; `lost-request` never arrived; `late` arrives just before the next append to the
 * stream; `rival` somebody else appends first; `overtaken` the same, and the request is lost; `unreadable` never arrived, and the next read fails too;
 * `too-large` nothing was sent, because the store does not take so much at once.
 */
export type Fault = 'lost-answer' | 'lost-request' | 'late' | 'rival' | 'overtaken' | 'unreadable' | 'too-large';

export interface FaultyLog extends EventLog {
  /** Streams that were read, one entry per read. */
  readonly reads: string[];
  appends: number;
}

export interface FaultOptions {
  /** Asked before every append. */
  readonly next: () => Fault | undefined;
  /** Appends somebody else's event to the stream. */
  readonly rival?: (stream: string) => Promise<void>;
}

const lost: AppendOutcome = { kind: 'unknown', cause: new Error('connection lost') };

/** A log over which appends go wrong in the ways that networks have. Appending the same events again is answered like the first time. */
export function faultyLog(base: EventLog, { next, rival }: FaultOptions): FaultyLog {
  const underWay = new Map<string, { events: readonly NewEvent[]; options: AppendOptions }>();
  let unreadable = false;

  async function append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendOutcome> {
    const outcome = await base.append(stream, events, options);
    if (outcome.kind !== 'conflict') return outcome;
    const first = options.expected === 'no-stream' ? 0 : options.expected + 1;
    const there: Recorded[] = [];
    for await (const event of base.readStream(stream, { after: first - 1, upTo: first + events.length - 1 }))
      there.push(event);
    const last = there.at(-1);
    const same = there.length === events.length && there.every(({ eventId }, i) => eventId === events[i]?.eventId);
    return same && last ? { kind: 'appended', revision: last.revision, position: last.position } : outcome;
  }

  const log: FaultyLog = {
    ...base,
    reads: [],
    appends: 0,
    async append(stream, events, options) {
      log.appends += 1;
      const waiting = underWay.get(stream);
      underWay.delete(stream);
      if (waiting) await append(stream, waiting.events, waiting.options);
      const fault = next();
      if (fault === 'too-large') throw new AppendTooLarge('3 events of together 2097152 bytes are too much');
      if (fault === 'rival' || fault === 'overtaken') await rival?.(stream);
      if (fault === undefined || fault === 'rival') return append(stream, events, options);
      if (fault === 'lost-answer') await append(stream, events, options);
      if (fault === 'late') underWay.set(stream, { events, options });
      unreadable = fault === 'unreadable';
      return lost;
    },
    async *readStream(stream, options) {
      log.reads.push(stream);
      if (unreadable) {
        unreadable = false;
        throw new Error('connection refused');
      }
      yield* base.readStream(stream, options);
    },
  };
  return log;
}
