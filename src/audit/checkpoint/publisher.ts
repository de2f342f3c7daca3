import { setTimeout as sleep } from 'node:timers/promises';
import type { LogTree } from '../tree/log-tree.ts';
import type { KeptCheckpoint } from './history.ts';
import type { Place } from './places.ts';

export interface PublisherOptions {
  readonly issue: () => Promise<KeptCheckpoint>;
  readonly tree: () => LogTree;
  readonly places: readonly Place[];
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

/** Issues checkpoints and puts them where the operator wants them. A place that failed gets the next one. */
export class CheckpointPublisher {
  readonly #options: PublisherOptions;
  readonly #stop = new AbortController();
  /** Size of the last checkpoint that is there. */
  readonly #there = new Map<Place, number>();
  #running: Promise<void> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** A checkpoint over everything that the log has now, put everywhere. Rejects when none can be signed. */
  async publish(): Promise<{ readonly checkpoint: KeptCheckpoint; readonly failed: readonly string[] }> {
    const { issue, places, tree, report } = this.#options;
    const checkpoint = await issue();
    const failed: string[] = [];
    for (const place of places) {
      if (this.#there.get(place) === checkpoint.size) continue;
      try {
        await place.put(checkpoint, tree());
        this.#there.set(place, checkpoint.size);
      } catch (error) {
        failed.push(place.text);
        report({ message: `The checkpoint over ${checkpoint.size} events could not be put to ${place.text}`, error });
      }
    }
    return { checkpoint, failed };
  }

  /** Now, and then again and again after so many milliseconds. */
  start(everyMs: number): void {
    this.#running ??= this.#run(everyMs);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.publish();
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        this.#options.report({ message: `No checkpoint was signed: ${why}`, error });
      }
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
