import { LRUCache } from 'lru-cache';
import type { Aggregate } from './decider.ts';
import type { Folded } from './folding.ts';

/**
 * Folded states by stream, the least recently used dropped first. A state may be some events old: appends show that as a
 * conflict, and whoever would refuse a command reads on first.
 */
export interface StreamCache {
  get<State>(stream: string): Folded<State> | undefined;
  /** Keeps the newer of the two. */
  put<State>(aggregate: Pick<Aggregate<State, never>, 'weight'>, stream: string, folded: Folded<State>): void;
  drop(stream: string): void;
}

interface Entry {
  readonly folded: Folded<unknown>;
  readonly weight: number;
}

/** `size` is in units of about one order line. */
export function streamCache(size: number): StreamCache {
  const entries = new LRUCache<string, Entry>({ maxSize: size, sizeCalculation: ({ weight }) => weight });
  return {
    get: <State>(stream: string) => entries.get(stream)?.folded as Folded<State> | undefined,
    put(aggregate, stream, folded) {
      if (folded.revision === 'no-stream') return;
      const known = entries.peek(stream)?.folded.revision;
      if (typeof known === 'number' && known >= folded.revision) return;
      entries.set(stream, { folded, weight: Math.max(1, Math.ceil(aggregate.weight?.(folded.state) ?? 1)) });
    },
    drop(stream) {
      entries.delete(stream);
    },
  };
}
