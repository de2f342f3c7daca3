import { BehaviorSubject, delay, filter, firstValueFrom, fromEvent, map, merge, race, timer } from 'rxjs';
import type { Position } from '../../events/envelope.ts';
import type { ApiDependencies } from '../dependencies.ts';

type Runner = ApiDependencies['runner'];

/** Says when a projection moved on, for somebody who looks again and again. */
export interface Moves {
  /** Call before a look: what moves from here on counts for `next`. */
  looking(): void;
  /** True when it has moved since, a little after it did; false after the time-out or when the signal aborts. */
  next(patience: { readonly gatherMs: number; readonly timeoutMs: number }): Promise<boolean>;
}

/** Watches until the signal aborts. */
export function watchMoves(runner: Runner, projection: string, signal: AbortSignal): Moves {
  const moved = new BehaviorSubject(false);
  const checkpoints = runner.checkpoints.pipe(filter((checkpoint) => checkpoint.projection === projection));
  const subscription = checkpoints.subscribe(() => moved.next(true));
  if (signal.aborted) subscription.unsubscribe();
  signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
  return {
    looking: () => moved.next(false),
    next: ({ gatherMs, timeoutMs }) => {
      if (signal.aborted) return Promise.resolve(false);
      const over = merge(timer(timeoutMs), fromEvent(signal, 'abort')).pipe(map(() => false));
      return firstValueFrom(race(moved.pipe(filter(Boolean), delay(gatherMs)), over));
    },
  };
}

/** How far the projection is, as this process knows. */
export function checkpointOf(runner: Runner, projection: string): Position | 'start' | undefined {
  return runner.states().find((state) => state.name === projection)?.position;
}
