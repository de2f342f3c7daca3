import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Position, Recorded } from '../events/envelope.ts';
import { knownBy } from '../events/known.ts';
import { inSlices } from '../events/slices.ts';
import { copyOf } from './facts/copy.ts';
import { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import type { AsOf } from './query/answer.ts';
import type { PastEvents } from './source.ts';

const sliceMs = 3;

/** Facts as they were known at earlier moments, folded again from the events; the last few are kept. */
export class Pasts {
  readonly #past: PastEvents;
  readonly #known: LRUCache<string, Promise<FoldedFacts>>;
  /** Of positions, the latest first: later ones are folded on from them. */
  #folded: readonly FoldedFacts[] = [];

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
      'position' in asOf ? this.#upTo(asOf.position) : this.#fold(new FoldedFacts(), head, knownBy(asOf.instant));
    this.#known.set(key, folding);
    folding.catch(() => this.#known.delete(key));
    return folding;
  }

  /** Goes on from the latest past that is known before the position. */
  async #upTo(position: Position): Promise<FoldedFacts> {
    const before = this.#folded.filter((past) => past.position <= position);
    const nearest = before.reduce<FoldedFacts | undefined>(
      (best, past) => (best && best.position >= past.position ? best : past),
      undefined,
    );
    const from = nearest ? await inSlices(copyOf(nearest)) : new FoldedFacts();
    const facts = await this.#fold(from, position, () => true);
    this.#folded = [facts, ...this.#folded].slice(0, this.#known.max);
    return facts;
  }

  async #fold(facts: FoldedFacts, upTo: Position, isKnown: (event: Recorded) => boolean): Promise<FoldedFacts> {
    let until = performance.now() + sliceMs;
    for await (const event of this.#past.read(facts.position, upTo)) {
      if (isKnown(event)) fold(facts, event);
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + sliceMs;
    }
    await inSlices(settleAll(facts));
    return facts;
  }
}
