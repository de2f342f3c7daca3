import type { Schedule } from '../../src/events/log/eventstoredb/timing.ts';

/** Time that stands still until a test lets a timer run out. */
export interface ManualTime {
  readonly schedule: Schedule;
  /** Waits until a timer of exactly so many milliseconds is set, and lets the oldest one run out. */
  runOut(milliseconds: number): Promise<void>;
  /** Timers that are set, in milliseconds. */
  set(): number[];
}

export function manualTime(): ManualTime {
  const timers = new Set<{ readonly milliseconds: number; readonly run: () => void }>();
  return {
    schedule(milliseconds, run) {
      const timer = { milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    set: () => [...timers].map((timer) => timer.milliseconds),
    async runOut(milliseconds) {
      const find = () => [...timers].find((timer) => timer.milliseconds === milliseconds);
      const timer = await eventually(find);
      timers.delete(timer);
      timer.run();
    },
  };
}

/** Retries pause for no time at all; nothing ever times out. */
export const impatient: Schedule = (milliseconds, run) => {
  if (milliseconds >= 5_000) return () => undefined;
  const soon = setImmediate(run);
  return () => clearImmediate(soon);
};

/** The first truthy value of `look`, asked once every turn of the event loop; the test's timeout ends a vain wait. */
export async function eventually<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets so many turns of the event loop pass, for what is under way in this process to arrive. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
