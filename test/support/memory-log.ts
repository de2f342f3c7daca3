import type { NewEvent, Position, Recorded } from '../../src/events/envelope.ts';
import type { EventLog, LogMessage, SubscribeOptions } from '../../src/events/log/port.ts';

export interface MemoryLog extends EventLog {
  readonly events: readonly Recorded[];
  /** Appends whatever the stream holds so far. */
  record(stream: string, ...events: readonly NewEvent[]): Position;
  /** Appends events as they are, malformed ones too, at the next revisions of the stream. */
  recordRaw(stream: string, ...events: readonly { type: string; data: unknown; occurredAt?: string }[]): Position;
  /** The next subscription, or the running one, ends as if the connection were lost. */
  disconnect(): void;
  subscriptions: number;
}

const positionOf = (index: number): Position => String(index + 1).padStart(20, '0');

/** A log in memory with the order and the markers of the real ones. */
export function memoryLog(): MemoryLog {
  const events: Recorded[] = [];
  const lengths = new Map<string, number>();
  let wake: (() => void)[] = [];
  let generation = 0;
  const notify = (): void => {
    const waiting = wake;
    wake = [];
    for (const one of waiting) one();
  };

  const record = (stream: string, ...added: readonly NewEvent[]): Position => {
    for (const event of added) {
      const revision = lengths.get(stream) ?? 0;
      lengths.set(stream, revision + 1);
      events.push({ ...event, stream, revision, position: positionOf(events.length) });
    }
    notify();
    return positionOf(events.length - 1);
  };

  async function* subscribe({ after, types, signal }: SubscribeOptions): AsyncGenerator<LogMessage> {
    const mine = generation;
    log.subscriptions += 1;
    let next = after === 'start' ? 0 : Number(after);
    const wanted = types && new Set(types);
    signal.addEventListener('abort', notify);
    while (!signal.aborted) {
      for (; next < events.length; next += 1) {
        if (mine !== generation) throw new Error('connection lost');
        const event = events[next];
        if (event && (!wanted || wanted.has(event.type))) yield { kind: 'event', event };
      }
      yield { kind: 'caught-up', position: events.length === 0 ? 'start' : positionOf(events.length - 1) };
      if (next === events.length && !signal.aborted && mine === generation)
        await new Promise<void>((resolve) => wake.push(resolve));
      if (mine !== generation) throw new Error('connection lost');
    }
  }

  const log: MemoryLog = {
    events,
    subscriptions: 0,
    record,
    recordRaw: (stream, ...added) => record(stream, ...added.map((event) => rawEvent(event))),
    disconnect() {
      generation += 1;
      notify();
    },
    async *readStream(stream, { after = -1, upTo = Number.MAX_SAFE_INTEGER } = {}) {
      yield* events.filter((event) => event.stream === stream && event.revision > after && event.revision <= upTo);
    },
    async append(stream, added, { expected }) {
      const length = lengths.get(stream) ?? 0;
      const actual = length === 0 ? 'no-stream' : length - 1;
      if (actual !== expected) return { kind: 'conflict', actual };
      const position = record(stream, ...added);
      return { kind: 'appended', revision: length + added.length - 1, position };
    },
    subscribe,
    head: async () => (events.length === 0 ? 'start' : positionOf(events.length - 1)),
    close: async () => {},
  };
  return log;
}

let serial = 0;

export function rawEvent({ type, data, occurredAt }: { type: string; data: unknown; occurredAt?: string }): NewEvent {
  serial += 1;
  const id = `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
  return {
    eventId: id,
    type,
    data,
    metadata: {
      schemaVersion: 1,
      occurredAt: occurredAt ?? '2026-03-02T08:00:00.000Z',
      recordedAt: '2026-03-02T08:00:00.000Z',
      actor: { kind: 'program', id: 'test', via: 'simulation' },
      commandId: id,
      correlationId: id,
      causationId: id,
      prevHash: '0'.repeat(64),
      hash: '0'.repeat(64),
    },
  };
}
