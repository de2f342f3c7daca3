import { type Observable, Subject } from 'rxjs';
import type { Database } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import { activeCheckpoints, type Checkpoint, checkpointChannel, isAfter } from './checkpoint.ts';

/** Knows how far the read models are, in a process with a runner or without one: told by NOTIFY, asked for when in doubt. */
export interface CheckpointWatch {
  readonly checkpoints: Observable<Checkpoint>;
  /** Starts to listen, for those who only watch `checkpoints`. */
  listen(): void;
  /** Resolves to false when the time is over before the projection has reached the position. */
  waitFor(position: Position, options: { readonly projection: string; readonly timeoutMs: number }): Promise<boolean>;
  /** The runner of this process tells what it has just committed. */
  advanced(projections: readonly string[], position: Position | 'start'): void;
  /** As far as this process has heard. */
  positionOf(projection: string): Position | 'start';
  close(): Promise<void>;
}

export interface WatchOptions {
  /** How often the table is read while somebody waits, for the case that a notification was lost. */
  readonly pollMs?: number;
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

interface Waiter {
  readonly done: () => boolean;
  readonly resolve: (reached: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

/** Listens from the first question on; until then it costs nothing. */
export function watchCheckpoints(database: Database, options: WatchOptions): CheckpointWatch {
  const known = new Map<string, Position | 'start'>();
  const checkpoints = new Subject<Checkpoint>();
  const waiters = new Set<Waiter>();

  const settle = (waiter: Waiter, reached: boolean): void => {
    clearTimeout(waiter.timer);
    waiters.delete(waiter);
    waiter.resolve(reached);
  };

  const learn = (projection: string, position: Position | 'start'): void => {
    if (known.get(projection) === position) return;
    known.set(projection, position);
    checkpoints.next({ projection, position });
  };

  const wake = (): void => {
    for (const waiter of [...waiters]) if (waiter.done()) settle(waiter, true);
  };

  const ask = async (): Promise<void> => {
    try {
      for (const { projection, position } of await activeCheckpoints(database)) learn(projection, position);
      wake();
    } catch (error) {
      options.report({ message: 'The checkpoints of the projections could not be read', error });
    }
  };

  const advanced = (projections: readonly string[], position: Position | 'start'): void => {
    for (const projection of projections) learn(projection, position);
    wake();
  };

  const hear = (payload: string): void => {
    const [position, ...projections] = payload.split(' ');
    if (position) advanced(projections, position);
    else void ask();
  };
  let poll: NodeJS.Timeout | undefined;
  let listening: Promise<(() => Promise<void>) | undefined> | undefined;
  const listen = (): void => {
    poll ??= setInterval(() => waiters.size > 0 && void ask(), options.pollMs ?? 250).unref();
    listening ??= database.listen(checkpointChannel, hear).catch((error: unknown) => {
      options.report({ message: 'No notifications of checkpoints; they are polled instead', error });
      listening = undefined;
      return undefined;
    });
  };

  return {
    checkpoints: checkpoints.asObservable(),
    advanced,
    positionOf: (projection) => known.get(projection) ?? 'start',
    listen,
    async waitFor(position, { projection, timeoutMs }) {
      const done = (): boolean => !isAfter(position, known.get(projection) ?? 'start');
      if (done()) return true;
      listen();
      const waiting = new Promise<boolean>((resolve) => {
        const waiter: Waiter = { done, resolve, timer: setTimeout(() => settle(waiter, done()), timeoutMs) };
        waiters.add(waiter);
      });
      // Not waited for: a database that does not answer must not make the wait longer than was asked for.
      void ask();
      return waiting;
    },
    async close() {
      clearInterval(poll);
      for (const waiter of [...waiters]) settle(waiter, false);
      checkpoints.complete();
      const stopListening = await listening;
      await stopListening?.();
    },
  };
}
