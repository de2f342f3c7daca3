import { setTimeout as delay } from 'node:timers/promises';
import { questionOf } from '../../analytics/alerts/series.ts';
import type { Analytics } from '../../analytics/engine.ts';
import type { CommandHandler } from '../../commands/handle.ts';
import { watchAggregate } from '../../commands/watch/aggregate.ts';
import type { Watch } from '../../commands/watch/state.ts';
import type { EventLog } from '../../events/log/port.ts';
import { uuidv5 } from '../../values/ids.ts';
import { noticeIdOf, noticeOf, type Tell } from './notice.ts';
import { type Reaction, reactionsTo } from './reactions.ts';

export interface WatcherOptions {
  readonly log: Pick<EventLog, 'head'>;
  readonly analytics: Pick<Analytics, 'query' | 'position' | 'waitFor'>;
  readonly handler: Pick<CommandHandler, 'execute' | 'load'>;
  /** Ids of the watches that were not removed. */
  readonly watches: () => Promise<readonly string[]>;
  readonly tell: Tell;
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
  readonly report: (problem: { readonly message: string; readonly error?: unknown }) => void;
  /** Shortest time between two looks at everything, in milliseconds; 2,000 if left out. */
  readonly pauseMs?: number;
}

const usualPauseMs = 2_000;
/** A look that took long is followed by a rest of so many times as long: watching never takes more than a fifth of a core. */
const restPerLook = 4;
const actor = { kind: 'system', id: 'alerts', via: 'process' } as const;

/**
 * Asks the questions of all watches again when the facts have moved on, or time has: what is overdue depends on the day. Keeps
 * nothing that matters: what was raised before is in the streams of the watches, so that several may watch at once.
 */
export class AlertWatcher {
  readonly #options: WatcherOptions;
  readonly #stop = new AbortController();
  readonly #troubles = new Map<string, string>();
  #running: Promise<void> | undefined;
  #looked = '';

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Waits first until the facts show what the log holds now: numbers of a half-read history would raise false alerts. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** One look at every watch. Answers how many alerts were raised or cleared. */
  async look(): Promise<number> {
    let done = 0;
    for (const id of await this.#options.watches()) {
      if (this.#stop.signal.aborted) return done;
      try {
        done += await this.#watch(id);
        this.#troubles.delete(id);
      } catch (error) {
        this.#trouble(id, error);
      }
    }
    return done;
  }

  async #run(): Promise<void> {
    const { pauseMs = usualPauseMs } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted && !(await this.#caughtUp()));
    while (!signal.aborted) {
      const began = performance.now();
      await this.#lookIfMoved();
      const rest = Math.max(pauseMs, restPerLook * (performance.now() - began));
      await delay(rest, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #caughtUp(): Promise<boolean> {
    const { log, analytics, report } = this.#options;
    const { signal } = this.#stop;
    try {
      const head = await log.head();
      return head === 'start' || (await analytics.waitFor(head, { timeoutMs: 1_000, signal }));
    } catch (error) {
      report({ message: 'Alerts are not watched yet: the log does not answer', error });
      await delay(usualPauseMs, undefined, { signal, ref: false }).catch(() => {});
      return false;
    }
  }

  async #lookIfMoved(): Promise<void> {
    const { analytics, clock, report } = this.#options;
    const tenMinutes = clock().slice(0, '2026-03-01T08:0'.length);
    const moment = `${analytics.position} ${tenMinutes}`;
    if (moment === this.#looked) return;
    try {
      await this.look();
      this.#looked = moment;
    } catch (error) {
      report({ message: 'The watches could not be read; the next look is soon', error });
    }
  }

  async #watch(id: string): Promise<number> {
    const { handler } = this.#options;
    const { state } = await handler.load(watchAggregate, id, { cached: true });
    if (state === null) return 0;
    try {
      return await this.#judge(state);
    } finally {
      await this.#giveNotices(id);
    }
  }

  async #judge(state: Watch): Promise<number> {
    const { analytics } = this.#options;
    const { signal } = this.#stop;
    const now = await analytics.query({ ...questionOf(state.definition), signal });
    if (now.position === 'start' || reactionsTo(state, now).length === 0) return 0;
    // What is recorded is read as of a position, on a day: whoever asks that again gets the same number.
    const asOf = { position: now.position };
    const fixed = await analytics.query({ ...questionOf(state.definition, { asOf, on: now.on }), signal });
    let done = 0;
    for (const reaction of reactionsTo(state, fixed)) done += await this.#carryOut(state, reaction);
    return done;
  }

  async #carryOut(watch: Watch, reaction: Reaction): Promise<number> {
    const { handler, report } = this.#options;
    const { commandId, command } = reaction;
    const meta = { commandId, actor, mayBeRepeat: true };
    const outcome = await handler.execute(watchAggregate, watch.watchId, command, meta);
    if (outcome.kind === 'refused') {
      report({ message: `Watch ${watch.watchId}: ${command.kind} was refused: ${outcome.refusal.message}` });
      return 0;
    }
    return outcome.repeated || outcome.events.length === 0 ? 0 : 1;
  }

  /** Also those that a process left behind which ended between the fact and the notice: each is given at least once. */
  async #giveNotices(id: string): Promise<void> {
    const { handler, report, tell } = this.#options;
    const known = await handler.load(watchAggregate, id, { cached: true });
    if (!known.state?.untold.length) return;
    // What is known may be old: another process may have told it since.
    const { state } = await handler.load(watchAggregate, id);
    for (const untold of state?.untold ?? []) {
      try {
        await tell(noticeOf(id, untold));
      } catch (error) {
        report({ message: `A notice of watch ${id} could not be given; it is tried again`, error });
        return;
      }
      const { alertId, of } = untold;
      const meta = { commandId: uuidv5(noticeIdOf(untold), 'told'), actor, mayBeRepeat: true };
      await handler.execute(watchAggregate, id, { kind: 'told', alertId, of }, meta);
    }
  }

  /** The same trouble is told once, and again when it comes back. */
  #trouble(id: string, error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#troubles.get(id) === message) return;
    this.#troubles.set(id, message);
    this.#options.report({ message: `Watch ${id} cannot be judged: ${message}`, error });
  }
}
