import type { Database } from '../database/database.ts';
import type { EventLog } from '../events/log/port.ts';
import type { Projection } from './projection.ts';
import { causeOf } from './quarantine/parked.ts';
import { dropBuilt, NothingBuilt, type RollBack, rebuildProjection, rollBackGeneration } from './rebuild.ts';
import { type Generation, generationsOf } from './registry.ts';

/** `replace` compares and switches unless rows differ; `compare` only compares, `switch` shows what was compared. */
export type RebuildStep = 'replace' | 'compare' | 'switch';

export interface RebuildWork {
  readonly step: RebuildStep;
  readonly state: 'running' | 'switched' | 'compared' | 'different' | 'interrupted' | 'failed';
  readonly startedAt: string;
  /** Events folded by this work so far. */
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly certificate?: string;
  readonly cause?: string;
}

export interface RebuildStanding {
  readonly projection: string;
  /** Of this program. */
  readonly version: number;
  readonly generations: readonly Pick<Generation, 'generation' | 'version' | 'state' | 'position'>[];
  /** What this process did last; absent if nothing. */
  readonly work?: RebuildWork;
}

/** Rebuilds that people start in a running service. One at a time: each reads the whole log. */
export interface Rebuilds {
  standings(): Promise<readonly RebuildStanding[]>;
  /** `busy`: another rebuild runs in this process. */
  start(projection: string, step: RebuildStep): Promise<'started' | 'busy' | 'unknown' | 'nothing-built'>;
  drop(projection: string): Promise<boolean>;
  rollBack(projection: string): Promise<RollBack | { readonly kind: 'unknown' }>;
  /** Stops after the batch in hand; a later start goes on. */
  stop(): Promise<void>;
}

export interface RebuildsOptions {
  readonly log: EventLog;
  readonly database: Database;
  readonly projections: readonly Projection[];
  /** Tells the same as the log, only faster. */
  readonly archive: () => Promise<Pick<EventLog, 'subscribe'> | undefined>;
  readonly clock: () => string;
  readonly report: (problem: { readonly message: string; readonly error: unknown }) => void;
}

export const openRebuilds = (options: RebuildsOptions): Rebuilds => new RebuildDesk(options);

class RebuildDesk implements Rebuilds {
  readonly #options: RebuildsOptions;
  readonly #works = new Map<string, RebuildWork>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: RebuildsOptions) {
    this.#options = options;
  }

  async standings(): Promise<readonly RebuildStanding[]> {
    const { database, projections } = this.#options;
    return Promise.all(
      projections.map(async ({ name, version }): Promise<RebuildStanding> => {
        const generations = (await generationsOf(database, name)).map((one) => ({
          ...{ generation: one.generation, version: one.version, state: one.state, position: one.position },
        }));
        const work = this.#works.get(name);
        return { projection: name, version, generations, ...(work && { work }) };
      }),
    );
  }

  async start(name: string, step: RebuildStep): Promise<'started' | 'busy' | 'unknown' | 'nothing-built'> {
    const projection = this.#named(name);
    if (!projection) return 'unknown';
    if (this.#running || this.#stop.signal.aborted) return 'busy';
    const work = { step, state: 'running', startedAt: this.#options.clock(), events: 0, eventsPerSecond: 0 } as const;
    this.#works.set(name, work);
    this.#running = this.#run(projection, step).finally(() => {
      this.#running = undefined;
    });
    if (step !== 'switch') return 'started';
    // A switch is short, and whether there is anything to show is known at once.
    await this.#running;
    return this.#works.get(name)?.cause === nothingBuilt ? 'nothing-built' : 'started';
  }

  async #run(projection: Projection, step: RebuildStep): Promise<void> {
    const { log, database, archive, report } = this.#options;
    const { name } = projection;
    const tell = (more: Partial<RebuildWork>): void => {
      const known = this.#works.get(name);
      if (known) this.#works.set(name, { ...known, ...more });
    };
    try {
      const journal = await archive();
      const result = await rebuildProjection({
        ...{ log, database, projection, signal: this.#stop.signal },
        ...(journal && { archive: journal }),
        ...(step !== 'replace' && { step }),
        onProgress: ({ count, rate }) => tell({ events: count, eventsPerSecond: Math.round(rate) }),
      });
      const certificate = 'certificate' in result ? { certificate: result.certificate.id } : {};
      tell({ state: result.kind, ...certificate });
    } catch (error) {
      if (error instanceof NothingBuilt) return tell({ state: 'failed', cause: nothingBuilt });
      report({ message: `The rebuild of ${name} failed`, error });
      tell({ state: 'failed', cause: causeOf(error) });
    }
  }

  async drop(name: string): Promise<boolean> {
    const projection = this.#named(name);
    if (!projection || this.#works.get(name)?.state === 'running') return false;
    return dropBuilt(this.#options.database, projection);
  }

  async rollBack(name: string): Promise<RollBack | { readonly kind: 'unknown' }> {
    const projection = this.#named(name);
    return projection ? rollBackGeneration(this.#options, projection) : { kind: 'unknown' };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #named(name: string): Projection | undefined {
    return this.#options.projections.find((one) => one.name === name);
  }
}

const nothingBuilt = 'Nothing is built beside it by this version.';
