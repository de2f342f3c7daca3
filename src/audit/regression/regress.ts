import type { AnyAggregate } from '../../commands/families.ts';
import { MalformedEvent } from '../../events/decode.ts';
import type { Position } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { type Redecision, redecideStream, type StreamRegression } from './redecide.ts';

export interface RegressionOptions {
  readonly log: Pick<EventLog, 'readStream' | 'subscribe' | 'head'>;
  /** By family. */
  readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  /** Only these streams; all, if left out. */
  readonly streams?: readonly string[];
  /** Only commands recorded at this instant (RFC 3339, UTC) or later. */
  readonly since?: string;
  /** Goes on after streams that began at this position or before, as an interrupted call told it. */
  readonly after?: Position | 'start';
  /** Stops between streams. */
  readonly signal?: AbortSignal;
  readonly onFound: (found: Redecision) => void;
  readonly onProgress?: (progress: RegressionCounts) => void;
}

export interface RegressionCounts {
  readonly streams: number;
  /** Commands that were decided again. */
  readonly commands: number;
  /** Commands that cannot be: they were recorded before commands were kept. */
  readonly unrecorded: number;
  readonly differing: number;
  /** Streams whose events this program cannot read. */
  readonly unreadable: readonly string[];
}

export interface Regression extends RegressionCounts {
  readonly kind: 'finished' | 'interrupted';
  /** Everything that began up to here is done. */
  readonly position: Position | 'start';
}

/** So many streams are read at the same time; they are told in order all the same. */
const together = 16;

/**
 * Decides every recorded command again, each on the state that was recorded before it, and tells those that would leave other
 * events. The same log and the same program tell the same. Commands that were refused left no event and are not covered.
 */
export async function regress(options: RegressionOptions): Promise<Regression> {
  const { signal, onFound, onProgress } = options;
  let counts: RegressionCounts = { streams: 0, commands: 0, unrecorded: 0, differing: 0, unreadable: [] };
  let position = options.after ?? 'start';
  for await (const batch of options.streams ? given(options.streams) : streamsOf(options)) {
    if (signal?.aborted) break;
    const results = await Promise.all(batch.streams.map((stream) => one(options, stream)));
    for (const { found, ...result } of results) {
      counts = plus(counts, result, found.length);
      found.forEach(onFound);
    }
    position = batch.position ?? position;
    onProgress?.(counts);
  }
  return { ...counts, kind: signal?.aborted ? 'interrupted' : 'finished', position };
}

const plus = (
  counts: RegressionCounts,
  { commands, unrecorded, unreadable }: Omit<OneResult, 'found'>,
  differing: number,
): RegressionCounts => ({
  streams: counts.streams + 1,
  commands: counts.commands + commands,
  unrecorded: counts.unrecorded + unrecorded,
  differing: counts.differing + differing,
  unreadable: unreadable === undefined ? counts.unreadable : [...counts.unreadable, unreadable],
});

interface OneResult extends StreamRegression {
  readonly unreadable?: string;
}

const familyOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));

async function one({ log, aggregates, since }: RegressionOptions, stream: string): Promise<OneResult> {
  const aggregate = aggregates.get(familyOf(stream));
  if (!aggregate) return { commands: 0, unrecorded: 0, found: [] };
  try {
    return await redecideStream(aggregate, log.readStream(stream), since);
  } catch (error) {
    if (error instanceof MalformedEvent) return { commands: 0, unrecorded: 0, found: [], unreadable: stream };
    throw error;
  }
}

interface Batch {
  readonly streams: readonly string[];
  readonly position?: Position;
}

async function* given(streams: readonly string[]): AsyncGenerator<Batch> {
  for (let at = 0; at < streams.length; at += together) yield { streams: streams.slice(at, at + together) };
}

/** Streams in the order in which they began, up to the end that the log has now. */
async function* streamsOf({ log, aggregates, after = 'start' }: RegressionOptions): AsyncGenerator<Batch> {
  const head = await log.head();
  if (head === 'start' || (after !== 'start' && after >= head)) return;
  const closing = new AbortController();
  let streams: string[] = [];
  try {
    for await (const message of log.subscribe({ after, signal: closing.signal })) {
      const position = message.kind === 'event' ? message.event.position : message.position;
      if (message.kind === 'event' && position <= head) {
        const { stream, revision } = message.event;
        if (revision === 0 && aggregates.has(familyOf(stream))) streams.push(stream);
      }
      const ended = position !== 'start' && position >= head;
      if (streams.length < together && !ended) continue;
      yield position === 'start' ? { streams } : { streams, position };
      streams = [];
      if (ended) return;
    }
  } finally {
    closing.abort();
  }
}
