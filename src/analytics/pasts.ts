import { LRUCache } from 'lru-cache';
import type { Position, Recorded } from '../events/envelope.ts';
import { knownBy } from '../events/known.ts';
import { inSlices } from '../events/slices.ts';
import { copyOf } from './facts/copy.ts';
import { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import type { Live } from './live.ts';
import type { AsOf } from './query/answer.ts';
import type { PastEvents } from './source.ts';

const eventsAtOnce = 256;

/** Facts as they were known at earlier moments, from the history where one is kept, else folded again from the events; the last few stay. */
export class Pasts {
  readonly #past: PastEvents;
  readonly #live: Live;
  readonly #known: LRUCache<string, Promise<FoldedFacts>>;
  /** Of positions, the latest first: later ones are folded on from them. */
  #folded: readonly FoldedFacts[] = [];

  constructor(past: PastEvents, live: Live, remembered: number) {
    this.#past = past;
    this.#live = live;
    this.#known = new LRUCache({ max: remembered });
  }

  /** `head`: how far the log was read; no later event is looked at. */
  at(asOf: AsOf, head: Position): Promise<FoldedFacts> {
    const key = 'position' in asOf ? `position ${asOf.position}` : `instant ${asOf.instant} at ${head}`;
    const known = this.#known.get(key);
    if (known) return known;
    const folding = 'position' in asOf ? this.#upTo(asOf.position) : this.#knownBy(asOf.instant, head);
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
    const facts = (await this.#live.history?.upTo(position, nearest)) ?? (await this.#foldUpTo(position, nearest));
    this.#folded = [facts, ...this.#folded].slice(0, this.#known.max);
    return facts;
  }

  async #knownBy(instant: string, head: Position): Promise<FoldedFacts> {
    const kept = await this.#live.history?.knownBy(instant, head);
    return kept ?? this.#fold(new FoldedFacts(), head, knownBy(instant));
  }

  async #foldUpTo(position: Position, nearest: FoldedFacts | undefined): Promise<FoldedFacts> {
    const from = nearest ? await inSlices(copyOf(nearest)) : new FoldedFacts();
    return this.#fold(from, position, () => true);
  }

  async #fold(facts: FoldedFacts, upTo: Position, isKnown: (event: Recorded) => boolean): Promise<FoldedFacts> {
    let batch: Recorded[] = [];
    for await (const event of this.#past.read(facts.position, upTo)) {
      if (!isKnown(event)) continue;
      batch.push(event);
      if (batch.length < eventsAtOnce) continue;
      await inSlices(foldEach(facts, batch));
      batch = [];
    }
    await inSlices(foldEach(facts, batch));
    await inSlices(settleAll(facts));
    return facts;
  }
}

function* foldEach(facts: FoldedFacts, events: readonly Recorded[]): Generator<void> {
  for (const event of events) {
    fold(facts, event);
    yield;
  }
}
