import { setTimeout as delay } from 'node:timers/promises';
import type { Position, Recorded } from '../events/envelope.ts';
import { inSlices } from '../events/slices.ts';
import type { Mark } from './facts/changes/change-file.ts';
import { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import { roomFor } from './facts/room.ts';
import type { History } from './history/history.ts';
import type { Live } from './live.ts';
import type { EventSource, Report } from './source.ts';
import type { Turns } from './turns.ts';

const batchSize = 1_024;
const firstPauseMs = 50;
const longestPauseMs = 5_000;

export interface FollowerOptions {
  readonly log: EventSource;
  readonly live: Live;
  /** Read once, before the log. */
  readonly history: (() => Promise<History | undefined>) | undefined;
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
  #isRemembered = false;

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
    const { live, turns } = this.#options;
    await turns.take(async () => live.history?.keep(live.facts, true));
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

  /** The facts that are kept, if they are of this log. */
  async #remember(): Promise<void> {
    const { live, history, log, report } = this.#options;
    if (this.#isRemembered || !history) return;
    const kept = await history();
    if (kept && !this.#stop.signal.aborted) {
      const facts = await kept.restored();
      const isOurs = await belongs(kept.last, log, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (!isOurs) {
        report({ code: 'analytics-history-of-another-log', message: 'The facts that were kept are not of this log' });
        await kept.forget();
      }
      live.facts = isOurs ? facts : new FoldedFacts();
      live.history = kept;
      await inSlices(live.facts.streams.indexed());
      this.#reached(live.facts.position);
    }
    this.#isRemembered = true;
  }

  async #follow(alive: () => void): Promise<void> {
    if (this.#options.history) await this.#remember();
    const { log, live } = this.#options;
    let batch: Recorded[] = [];
    const { signal } = this.#stop;
    for await (const message of log.subscribe({ after: live.facts.position, signal })) {
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
    const last = batch.at(-1);
    if (!last) return;
    const { live, turns, report } = this.#options;
    const { facts, history } = live;
    const before = batch.at(-2)?.position ?? facts.position;
    await turns.take(() => inSlices(foldSteps(facts, batch, history)));
    history?.folded(last, before);
    await history?.keep(facts);
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

function* foldSteps(facts: FoldedFacts, events: readonly Recorded[], history: History | undefined): Generator<void> {
  yield* roomFor(facts, events.length);
  for (const event of events) {
    fold(facts, event, history?.changes);
    yield;
  }
  yield* settleAll(facts);
}

/** Whether the event is in the log, at the same position. */
async function belongs(mark: Mark | undefined, log: EventSource, signal: AbortSignal): Promise<boolean> {
  if (!mark) return true;
  const enough = new AbortController();
  try {
    const messages = log.subscribe({ after: mark.before, signal: AbortSignal.any([signal, enough.signal]) });
    for await (const message of messages) {
      if (message.kind === 'progress' && message.position < mark.position) continue;
      if (message.kind !== 'event') return false;
      const { position, eventId, metadata } = message.event;
      return position === mark.position && eventId === mark.eventId && metadata.hash === mark.hash;
    }
    return false;
  } finally {
    enough.abort();
  }
}
