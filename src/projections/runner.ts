import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { Database } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { type Backoff, defaultBackoff, delayBefore } from './backoff.ts';
import type { Checkpoint } from './checkpoint.ts';
import { committedPosition, type Feed } from './feed.ts';
import { type Lag, lagMeter } from './lag.ts';
import type { Projection } from './projection.ts';
import { causeOf } from './quarantine.ts';
import { activeGeneration } from './registry.ts';
import { defaultLimits, type Limits, openFeed, type Progress, runSession } from './session.ts';
import { nextState, type ProjectionSignal, type ProjectionState } from './state.ts';
import { watchCheckpoints } from './waiting.ts';

export interface RunnerOptions {
  readonly log: EventLog;
  readonly database: Database;
  readonly projections: readonly Projection[];
  readonly report: (problem: { message: string; error?: unknown }) => void;
  readonly limits?: Partial<Limits>;
  readonly backoff?: Backoff;
  /** How long `stop` waits for the batch in hand before it is rolled back. */
  readonly stopTimeoutMs?: number;
  /** How often the head of the log is looked at, and projections that wait for a rebuild are tried again. */
  readonly lookMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** One line per projection, for /readyz and metrics. */
export interface ProjectionStanding {
  readonly name: string;
  readonly state: ProjectionState['kind'];
  readonly detail: ProjectionState;
  readonly position: Position | 'start';
  readonly lagSeconds: number;
  readonly lagEvents: number;
  readonly stalled: boolean;
  readonly parkedStreams: number;
}

/** Feeds all projections from one subscription. Correct with any number of runners alive; fastest with one. */
export interface Runner {
  start(): void;
  /** Finishes the batch in hand, or rolls it back when it takes too long. */
  stop(): Promise<void>;
  states(): readonly ProjectionStanding[];
  readonly checkpoints: Observable<Checkpoint>;
  /** All projections of this runner if none is named. For reading one's own writes; works without `start`, when another process runs the projections. */
  waitFor(position: Position, options: { readonly projection?: string; readonly timeoutMs: number }): Promise<boolean>;
}

export function createRunner(options: RunnerOptions): Runner {
  const { log, database, projections, report } = options;
  const now = options.now ?? (() => performance.now());
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const watch = watchCheckpoints(database, { report });
  const meter = lagMeter(now);
  const states = new Map<string, ProjectionState>(projections.map(({ name }) => [name, { kind: 'stopped' }]));
  let feeds: readonly Feed[] = [];
  let seen: Position | 'start' = 'start';
  let attempt = 0;
  let running:
    | { readonly stop: AbortController; readonly abandon: AbortController; readonly done: Promise<void> }
    | undefined;

  const signalTo = (names: Iterable<string>, signal: (name: string) => ProjectionSignal): void => {
    for (const name of names) states.set(name, nextState(states.get(name) ?? { kind: 'stopped' }, signal(name)));
  };
  const parkedIn = (name: string): number => feeds.find((feed) => feed.projection.name === name)?.parked.size ?? 0;
  const fed = (): string[] => feeds.map((feed) => feed.projection.name);

  /** Feeds of the generations that this code can continue; the others fail until somebody rebuilds them. */
  const openFeeds = async (): Promise<readonly Feed[]> => {
    const opened: Feed[] = [];
    for (const projection of projections) {
      const generation = await activeGeneration(database, projection);
      if (generation.version === projection.version) {
        opened.push(await openFeed(database, projection, generation, limits));
      } else {
        signalTo([projection.name], () => refusal(projection, generation.version));
      }
    }
    return opened;
  };

  const onProgress = (progress: Progress): void => {
    attempt = 0;
    seen = progress.seen ?? seen;
    meter.progressed(progress);
    signalTo(fed(), (name) => ({ kind: 'committed', caughtUp: progress.caughtUp, parked: parkedIn(name) }));
    if (progress.events > 0) {
      for (const feed of feeds) watch.advanced([feed.projection.name], committedPosition(feed));
    }
  };

  /** One subscription. Ends by itself (true) when a projection that had to wait for a rebuild may be fed again. */
  const session = async (stop: AbortSignal, abandon: AbortSignal): Promise<void> => {
    feeds = await openFeeds();
    signalTo(fed(), (name) => ({ kind: 'start', parked: parkedIn(name) }));
    const restart = new AbortController();
    const look = setInterval(() => void lookAround(restart), options.lookMs ?? 5_000);
    const signal = AbortSignal.any([stop, restart.signal]);
    try {
      if (feeds.length > 0)
        await runSession({ database, log, feeds, limits, signal, abandon, onProgress, onPoison: 'park' });
      else await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    } finally {
      clearInterval(look);
    }
  };

  const lookAround = async (restart: AbortController): Promise<void> => {
    try {
      meter.looked(await log.head(), seen);
      for (const projection of projections) {
        if (states.get(projection.name)?.kind !== 'failed') continue;
        if ((await activeGeneration(database, projection)).version === projection.version) restart.abort();
      }
    } catch (error) {
      report({ message: 'The head of the event log could not be read', error });
    }
  };

  const run = async (stop: AbortSignal, abandon: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      try {
        await session(stop, abandon);
      } catch (error) {
        if (stop.aborted) break;
        attempt += 1;
        const delayMs = delayBefore(attempt, options.backoff ?? defaultBackoff);
        meter.interrupted();
        signalTo(states.keys(), () => ({ kind: 'interrupted', attempt, cause: causeOf(error), delayMs }));
        report({ message: `The projections were interrupted; attempt ${attempt} follows in ${delayMs} ms`, error });
        await sleep(delayMs, undefined, { signal: stop }).catch(() => {});
      }
    }
  };

  return {
    checkpoints: watch.checkpoints,
    async waitFor(position, { projection, timeoutMs }) {
      const names = projection === undefined ? projections.map(({ name }) => name) : [projection];
      const reached = await Promise.all(names.map((name) => watch.waitFor(position, { projection: name, timeoutMs })));
      return reached.every(Boolean);
    },
    start() {
      if (running) return;
      watch.listen();
      signalTo(states.keys(), () => ({ kind: 'start', parked: 0 }));
      const [stop, abandon] = [new AbortController(), new AbortController()];
      running = { stop, abandon, done: run(stop.signal, abandon.signal) };
    },
    async stop() {
      if (running) {
        running.stop.abort();
        const bound = setTimeout(() => running?.abandon.abort(), options.stopTimeoutMs ?? 5_000);
        await running.done;
        clearTimeout(bound);
        running = undefined;
      }
      signalTo(states.keys(), () => ({ kind: 'stop' }));
      await watch.close();
    },
    states: () =>
      projections.map(({ name }) =>
        standing(name, states.get(name) ?? { kind: 'stopped' }, meter.lag(), feeds, watch.positionOf(name)),
      ),
  };
}

function refusal(projection: Projection, shown: number): ProjectionSignal {
  const outdated = shown < projection.version;
  return {
    kind: 'refused',
    code: outdated ? 'projection-outdated' : 'projection-superseded',
    cause: `Version ${shown} of projection ${projection.name} is shown, this program has version ${projection.version}; ${
      outdated ? 'rebuild it' : 'run the newer program'
    }`,
  };
}

function standing(
  name: string,
  detail: ProjectionState,
  lag: Lag,
  feeds: readonly Feed[],
  elsewhere: Position | 'start',
): ProjectionStanding {
  const feed = feeds.find((one) => one.projection.name === name);
  return {
    name,
    state: detail.kind,
    detail,
    position: feed ? committedPosition(feed) : elsewhere,
    lagSeconds: lag.seconds,
    lagEvents: lag.events,
    stalled: lag.stalled,
    parkedStreams: feed?.parked.size ?? 0,
  };
}
