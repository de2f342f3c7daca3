import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { Database } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { type Backoff, defaultBackoff, delayBefore } from './backoff.ts';
import { Board, type ProjectionStanding, refusal } from './board.ts';
import type { Checkpoint } from './checkpoint.ts';
import { committedPosition, type Feed } from './feed.ts';
import type { Projection } from './projection.ts';
import { causeOf } from './quarantine/parked.ts';
import { activeGeneration } from './registry.ts';
import { defaultLimits, type Limits, openFeed, type Progress, runSession } from './session.ts';
import { type CheckpointWatch, watchCheckpoints } from './waiting.ts';

export type { ProjectionStanding } from './board.ts';

export interface RunnerOptions {
  readonly log: EventLog;
  readonly database: Database;
  readonly projections: readonly Projection[];
  readonly report: (problem: { message: string; error?: unknown }) => void;
  readonly limits?: Partial<Limits>;
  readonly backoff?: Backoff;
  /** How long `stop` waits for the batch in hand before it is rolled back, and again before it is left to the database. */
  readonly stopTimeoutMs?: number;
  /** How often the head of the log is looked at, and projections that wait for a rebuild are tried again. */
  readonly lookMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Feeds all projections from one subscription. Correct with any number of runners alive; fastest with one. */
export interface Runner {
  start(): void;
  /** For good: finishes the batch in hand, or rolls it back when that takes too long. */
  stop(): Promise<void>;
  states(): readonly ProjectionStanding[];
  readonly checkpoints: Observable<Checkpoint>;
  /**
   * For reading one's own writes: all projections of this runner if none is named. False when the time is over before.
   * Works without `start`, when another process runs the projections.
   */
  waitFor(position: Position, options: { readonly projection?: string; readonly timeoutMs: number }): Promise<boolean>;
}

export const createRunner = (options: RunnerOptions): Runner => new ProjectionRunner(options);

class ProjectionRunner implements Runner {
  readonly #options: RunnerOptions;
  readonly #limits: Limits;
  readonly #watch: CheckpointWatch;
  readonly #board: Board;
  readonly #stop = new AbortController();
  readonly #abandon = new AbortController();
  #running: Promise<void> | undefined;
  #attempt = 0;
  #seen: Position | 'start' = 'start';

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#watch = watchCheckpoints(options.database, { report: options.report });
    this.#board = new Board(options.projections, options.now ?? (() => performance.now()));
  }

  get checkpoints(): Observable<Checkpoint> {
    return this.#watch.checkpoints;
  }

  states(): readonly ProjectionStanding[] {
    return this.#board.names.map((name) => this.#board.standing(name, this.#watch.positionOf(name)));
  }

  async waitFor(position: Position, options: { projection?: string; timeoutMs: number }): Promise<boolean> {
    const names = options.projection === undefined ? this.#board.names : [options.projection];
    const { timeoutMs } = options;
    const reached = await Promise.all(
      names.map((projection) => this.#watch.waitFor(position, { projection, timeoutMs })),
    );
    return reached.every(Boolean);
  }

  start(): void {
    if (this.#running || this.#stop.signal.aborted) return;
    this.#watch.listen();
    for (const name of this.#board.names) this.#board.tell(name, { kind: 'start', parked: 0 });
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#running) {
      const bound = this.#options.stopTimeoutMs ?? 5_000;
      const ended = this.#running.then(() => true);
      if (!(await Promise.race([ended, after(bound)]))) this.#abandon.abort();
      if (!(await Promise.race([ended, after(bound)]))) {
        this.#options.report({ message: 'The projections did not stop in time; the database rolls their batch back' });
      }
    }
    for (const name of this.#board.names) this.#board.tell(name, { kind: 'stop' });
    await this.#watch.close();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#session();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        await this.#interrupted(error);
      }
    }
  }

  async #interrupted(error: unknown): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const delayMs = delayBefore(attempt, this.#options.backoff ?? defaultBackoff);
    this.#board.meter.interrupted();
    for (const name of this.#board.names) {
      this.#board.tell(name, { kind: 'interrupted', attempt, cause: causeOf(error), delayMs });
    }
    this.#options.report({
      message: `The projections were interrupted; attempt ${attempt} follows in ${delayMs} ms`,
      error,
    });
    await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  /** One subscription. Returns when it is told to stop, or when a projection that waited for a rebuild can be fed again. */
  async #session(): Promise<void> {
    const { database, log, lookMs = 5_000 } = this.#options;
    const feeds = await this.#openFeeds();
    this.#board.feeds = feeds;
    for (const name of this.#board.fed) this.#board.tell(name, { kind: 'start', parked: this.#board.parkedIn(name) });
    const restart = new AbortController();
    const look = setInterval(() => void this.#lookAround(restart), lookMs);
    const signal = AbortSignal.any([this.#stop.signal, restart.signal]);
    try {
      if (feeds.length === 0) await aborted(signal);
      else {
        const onProgress = (progress: Progress) => this.#progressed(progress);
        const session = { database, log, feeds, signal, onProgress, limits: this.#limits };
        await runSession({ ...session, onPoison: 'park', abandon: this.#abandon.signal });
      }
    } finally {
      clearInterval(look);
    }
  }

  /** Feeds of the generations that this program can continue; the others fail until somebody rebuilds them. */
  async #openFeeds(): Promise<readonly Feed[]> {
    const { database, log, projections } = this.#options;
    const feeds: Feed[] = [];
    for (const projection of projections) {
      const generation = await activeGeneration(database, projection);
      if (generation.version === projection.version) {
        feeds.push(await openFeed({ database, log }, projection, generation, this.#limits));
      } else {
        this.#board.tell(projection.name, refusal(projection, generation.version));
      }
    }
    return feeds;
  }

  #progressed(progress: Progress): void {
    this.#attempt = 0;
    this.#seen = progress.seen ?? this.#seen;
    this.#board.meter.progressed(progress);
    for (const feed of this.#board.feeds) {
      const { name } = feed.projection;
      this.#board.tell(name, { kind: 'committed', caughtUp: progress.caughtUp, parked: feed.parked.size });
      if (progress.events > 0) this.#watch.advanced([name], committedPosition(feed));
    }
  }

  async #lookAround(restart: AbortController): Promise<void> {
    const { database, log, projections, report } = this.#options;
    try {
      this.#board.meter.looked(await log.head(), this.#seen);
      for (const projection of projections) {
        if (this.#board.stateOf(projection.name).kind !== 'failed') continue;
        if ((await activeGeneration(database, projection)).version === projection.version) restart.abort();
      }
    } catch (error) {
      report({ message: 'The head of the event log could not be read', error });
    }
  }
}

const after = (ms: number): Promise<false> => sleep(ms, false, { ref: false });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
