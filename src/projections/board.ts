import type { Position } from '../events/envelope.ts';
import { committedPosition, type Feed } from './feed.ts';
import { type Lag, lagMeter } from './lag.ts';
import type { Projection } from './projection.ts';
import { nextState, type ProjectionSignal, type ProjectionState } from './state.ts';

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

/** Shows where each projection of a runner stands. */
export class Board {
  readonly meter;
  feeds: readonly Feed[] = [];
  readonly #states: Map<string, ProjectionState>;

  constructor(projections: readonly Projection[], now: () => number) {
    this.meter = lagMeter(now);
    this.#states = new Map(projections.map(({ name }) => [name, { kind: 'stopped' }]));
  }

  get names(): string[] {
    return [...this.#states.keys()];
  }

  get fed(): string[] {
    return this.feeds.map(({ projection }) => projection.name);
  }

  stateOf(name: string): ProjectionState {
    return this.#states.get(name) ?? { kind: 'stopped' };
  }

  tell(name: string, signal: ProjectionSignal): void {
    this.#states.set(name, nextState(this.stateOf(name), signal));
  }

  parkedIn(name: string): number {
    return this.#feedOf(name)?.parked.size ?? 0;
  }

  /** `elsewhere` is how far other processes are known to be. */
  standing(name: string, elsewhere: Position | 'start'): ProjectionStanding {
    const detail = this.stateOf(name);
    const feed = this.#feedOf(name);
    const { seconds, events, stalled }: Lag = this.meter.lag();
    return {
      name,
      state: detail.kind,
      detail,
      position: feed ? committedPosition(feed) : elsewhere,
      lagSeconds: seconds,
      lagEvents: events,
      stalled,
      parkedStreams: feed?.parked.size ?? 0,
    };
  }

  #feedOf(name: string): Feed | undefined {
    return this.feeds.find((feed) => feed.projection.name === name);
  }
}

/** Why this program cannot continue tables of another version. */
export function refusal(projection: Projection, shown: number): ProjectionSignal {
  const outdated = shown < projection.version;
  const advice = outdated ? 'rebuild it' : 'run the newer program';
  return {
    kind: 'refused',
    code: outdated ? 'projection-outdated' : 'projection-superseded',
    cause: `Version ${shown} of projection ${projection.name} is shown, this program has version ${projection.version}; ${advice}`,
  };
}
