/** The events that the protocol server keeps in memory, with the append rules of EventStoreDB. */

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Place in `$all`: sparse and rising, like the byte offset it is on a real server. */
  readonly position: bigint;
  /** .NET ticks (100 ns) since 1970. */
  readonly created: bigint;
}

export type Expected = number | 'any' | 'no-stream' | 'stream-exists';

export type Appended =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'wrong-version'; readonly current: number | 'no-stream' }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'too-large' };

interface Stream {
  readonly events: StoredEvent[];
  /** Events below this revision were deleted and are not read any more. */
  truncateBefore: number;
  tombstoned: boolean;
}

export interface EventStore {
  readonly all: readonly StoredEvent[];
  append(stream: string, events: readonly ProposedEvent[], expected: Expected): Appended;
  /** Soft delete: the stream reads as not found and may be started again at the next revision. */
  delete(stream: string, expected: Expected): Appended;
  /** Hard delete: the stream can never be used again. */
  tombstone(stream: string, expected: Expected): Appended;
  read(stream: string): readonly StoredEvent[] | 'not-found' | 'deleted';
  /** Calls `listener` after every append. Returns the way to stop. */
  watch(listener: () => void): () => void;
}

/** A server refuses appends that are larger than this in total (MaxAppendSize, 1 MiB). */
export const maxAppendSize = 1024 * 1024;

const sizeOf = (event: ProposedEvent) => event.data.length + event.metadata.length + 2 * event.type.length;

export function createEventStore(): EventStore {
  const all: StoredEvent[] = [];
  const streams = new Map<string, Stream>();
  const watchers = new Set<() => void>();
  let nextPosition = 1_000n;

  const record = (name: string, events: readonly ProposedEvent[]): StoredEvent | undefined => {
    const stream = streams.get(name) ?? { events: [], truncateBefore: 0, tombstoned: false };
    streams.set(name, stream);
    for (const event of events) {
      const created = BigInt(Date.now()) * 10_000n;
      const stored = { ...event, stream: name, revision: stream.events.length, position: nextPosition, created };
      nextPosition += BigInt(64 + sizeOf(event));
      stream.events.push(stored);
      all.push(stored);
    }
    for (const watcher of [...watchers]) watcher();
    return stream.events.at(-1);
  };

  const append: EventStore['append'] = (name, events, expected) => {
    const stream = streams.get(name);
    if (stream?.tombstoned) return { kind: 'stream-deleted' };
    if (events.reduce((sum, event) => sum + sizeOf(event), 0) > maxAppendSize) return { kind: 'too-large' };
    const verdict = judge(stream, events, expected);
    if (verdict !== 'fits') return verdict;
    const last = record(name, events);
    return { kind: 'appended', revision: last?.revision ?? -1, position: last?.position ?? nextPosition };
  };

  const mark = (
    name: string,
    expected: Expected,
    change: (stream: Stream) => void,
    note: [string, string],
  ): Appended => {
    const stream = streams.get(name);
    if (stream?.tombstoned) return { kind: 'stream-deleted' };
    const verdict = judge(stream, [], expected);
    if (verdict !== 'fits') return verdict;
    if (stream) change(stream);
    const system = { id: crypto.randomUUID(), type: note[1], contentType: 'application/json' };
    const body = new TextEncoder().encode('{}');
    const last = record(note[0], [{ ...system, data: body, metadata: new Uint8Array() }]);
    return { kind: 'appended', revision: last?.revision ?? 0, position: last?.position ?? 0n };
  };

  return {
    all,
    append,
    delete: (name, expected) =>
      mark(
        name,
        expected,
        (stream) => {
          stream.truncateBefore = stream.events.length;
        },
        [`$$${name}`, '$metadata'],
      ),
    tombstone: (name, expected) =>
      mark(
        name,
        expected,
        (stream) => {
          stream.tombstoned = true;
        },
        [name, '$streamDeleted'],
      ),
    read(name) {
      const stream = streams.get(name);
      if (stream?.tombstoned) return 'deleted';
      if (!stream || stream.truncateBefore >= stream.events.length) return 'not-found';
      return stream.events.slice(stream.truncateBefore);
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}

/**
 * May these events be appended? Events that are already there, at exactly the expected place, are answered as they were
 * the first time. A batch of which only a part is there is a wrong version.
 */
function judge(stream: Stream | undefined, events: readonly ProposedEvent[], expected: Expected): 'fits' | Appended {
  const stored = stream?.events ?? [];
  const last = stored.at(-1);
  const exists = last !== undefined && (stream?.truncateBefore ?? 0) < stored.length;
  const wrong: Appended = { kind: 'wrong-version', current: last && exists ? last.revision : 'no-stream' };
  if (expected === 'any' || expected === 'stream-exists') {
    if (expected === 'stream-exists' && !exists) return wrong;
    return (
      repeated(stored, events) ?? (stored.some(({ id }) => events.some((event) => event.id === id)) ? wrong : 'fits')
    );
  }
  if (expected === 'no-stream' ? !exists : last?.revision === expected) return 'fits';
  const from = expected === 'no-stream' ? (stream?.truncateBefore ?? 0) : expected + 1;
  return repeated(stored.slice(from, from + events.length), events) ?? wrong;
}

function repeated(stored: readonly StoredEvent[], events: readonly ProposedEvent[]): Appended | undefined {
  const found = events.map((event) => stored.find(({ id }) => id === event.id));
  const last = found.at(-1);
  if (!last || found.some((event, i) => event?.revision !== last.revision - found.length + 1 + i)) return undefined;
  return { kind: 'appended', revision: last.revision, position: last.position };
}
