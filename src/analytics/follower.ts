import { setTimeout as delay } from 'node:timers/promises';
import type { Position, Recorded } from '../events/envelope.ts';
import { inSlices } from '../events/slices.ts';
import type { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import type { EventSource, Report } from './source.ts';
import type { Turns } from './turns.ts';

const batchSize = 1_024;
const firstPauseMs = 50;
const longestPauseMs = 5_000;

export interface FollowerOptions {
  readonly log: EventSource;
  readonly facts: FoldedFacts;
  readonly turns: Turns;
  readonly report: Report;
}

/** Folds the log into the facts as it grows. Subscribes again, with growing pauses, when the subscription is lost. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #waiting: { readonly position: Position; readonly reached: () => void }[] = [];
  #seen: Position | 'start' = 'start';
  #behindSince: number | undefined = performance.now();
  #reported = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Milliseconds since the facts were last where the log was. */
  get lagMs(): number {
    return this.#behindSince === undefined ? 0 : performance.now() - this.#behindSince;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Also true of positions that hold no event of an order. */
  shows(position: Position): boolean {
    return this.#seen !== 'start' && this.#seen >= position;
  }

  async waitFor(position: Position, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.shows(position)) return true;
    const over = new AbortController();
    const stopped = AbortSignal.any([over.signal, this.#stop.signal, ...(signal ? [signal] : [])]);
    const timeout = delay(timeoutMs, undefined, { signal: stopped }).catch(() => {});
    await new Promise<void>((done) => {
      const waiting = { position, reached: done };
      this.#waiting.push(waiting);
      void timeout.then(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        done();
      });
    });
    over.abort();
    return this.shows(position);
  }

  async #run(): Promise<void> {
    let pause = firstPauseMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#follow(() => {
          pause = firstPauseMs;
        });
      } catch (cause) {
        if (this.#stop.signal.aborted) return;
        const message = cause instanceof Error ? cause.message : String(cause);
        this.#options.report({ code: 'analytics-subscription-lost', message, cause });
      }
      this.#behindSince ??= performance.now();
      await delay(pause, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  async #follow(alive: () => void): Promise<void> {
    const { log, facts } = this.#options;
    let batch: Recorded[] = [];
    const { signal } = this.#stop;
    for await (const message of log.subscribe({ after: facts.position, signal })) {
      alive();
      if (message.kind === 'event') {
        this.#behindSince ??= performance.now();
        batch.push(message.event);
        if (batch.length < batchSize) continue;
      }
      const seen = message.kind === 'event' ? message.event.position : message.position;
      await this.#fold(batch);
      batch = [];
      this.#reached(seen);
      if (message.kind === 'caught-up') this.#behindSince = undefined;
    }
  }

  async #fold(batch: readonly Recorded[]): Promise<void> {
    if (batch.length === 0) return;
    const { facts, turns, report } = this.#options;
    await turns.take(() => inSlices(foldSteps(facts, batch)));
    for (const parked of [...facts.parked.values()].slice(this.#reported))
      report({ code: parked.code, message: `Analytics parked ${parked.stream}: ${parked.message}` });
    this.#reported = facts.parked.size;
  }

  #reached(position: Position | 'start'): void {
    if (position === 'start' || (this.#seen !== 'start' && position <= this.#seen)) return;
    this.#seen = position;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((one) => one.position > position);
    for (const one of waiting) if (one.position <= position) one.reached();
  }
}

function* foldSteps(facts: FoldedFacts, events: readonly Recorded[]): Generator<void> {
  for (const event of events) {
    fold(facts, event);
    yield;
  }
  yield* settleAll(facts);
}
