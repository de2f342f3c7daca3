import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Position, Recorded } from '../events/envelope.ts';
import { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import { inSlices } from './kernel/slices.ts';
import type { AsOf } from './query/answer.ts';
import type { PastEvents } from './source.ts';

const sliceMs = 3;

/** Facts as they were known at earlier moments, folded again from the events; the last few are kept. */
export class Pasts {
  readonly #past: PastEvents;
  readonly #known: LRUCache<string, Promise<FoldedFacts>>;

  constructor(past: PastEvents, remembered: number) {
    this.#past = past;
    this.#known = new LRUCache({ max: remembered });
  }

  /** `head`: how far the log was read; no later event is looked at. */
  at(asOf: AsOf, head: Position): Promise<FoldedFacts> {
    const key = 'position' in asOf ? `position ${asOf.position}` : `instant ${asOf.instant} at ${head}`;
    const known = this.#known.get(key);
    if (known) return known;
    const folding =
      'position' in asOf ? this.#fold(asOf.position, () => true) : this.#fold(head, knownBy(asOf.instant));
    this.#known.set(key, folding);
    folding.catch(() => this.#known.delete(key));
    return folding;
  }

  async #fold(upTo: Position, isKnown: (event: Recorded) => boolean): Promise<FoldedFacts> {
    const facts = new FoldedFacts();
    let until = performance.now() + sliceMs;
    for await (const event of this.#past.read('start', upTo)) {
      if (isKnown(event)) fold(facts, event);
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + sliceMs;
    }
    await inSlices(settleAll(facts));
    return facts;
  }
}

/**
 * Imported history may have been recorded elsewhere long before it came here, so times of recording do not rise with the
 * position. Of each stream counts what lies before its first event that was recorded later.
 */
function knownBy(instant: string): (event: Recorded) => boolean {
  const end = Date.parse(instant);
  const later = new Set<string>();
  return ({ stream, metadata }) => {
    if (later.has(stream)) return false;
    if (Date.parse(metadata.recordedAt) <= end) return true;
    later.add(stream);
    return false;
  };
}
