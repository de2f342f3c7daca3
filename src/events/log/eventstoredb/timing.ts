import { LogUnavailable } from '../port.ts';

/** Calls `run` once after so many milliseconds. The function it returns calls it off. */
export type Schedule = (milliseconds: number, run: () => void) => () => void;

export const clockSchedule: Schedule = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** A call got no answer in time. */
export class NoAnswer extends LogUnavailable {
  override readonly name = 'NoAnswer';
  override readonly code = 'event-log-no-answer';
  constructor(what: string, milliseconds: number) {
    super(`EventStoreDB did not answer within ${milliseconds} ms: ${what}`);
  }
}

const base = 100;
const factor = 1.5;
const cap = 10_000;

/** Milliseconds to wait before attempt n (from 0): 100 ms growing by half up to 10 s, of which a random half is taken off. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(cap, base * factor ** attempt);
  return full / 2 + (full / 2) * random();
}

/** Resolves after the time, or at once when the signal aborts. */
export function pause(milliseconds: number, schedule: Schedule, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const callOff = schedule(milliseconds, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

export interface Bound {
  readonly what: string;
  readonly milliseconds: number;
  readonly schedule: Schedule;
  readonly signals: readonly AbortSignal[];
}

/**
 * The result of `work`, unless time runs out (rejects with NoAnswer) or a signal aborts (rejects with its reason).
 * Whatever `work` does later is nobody's business any more: it can neither reject unhandled nor keep a timer.
 */
export async function within<T>(bound: Bound, work: Promise<T>): Promise<T> {
  const stops: (() => void)[] = [];
  const interruption = new Promise<never>((_, reject) => {
    stops.push(bound.schedule(bound.milliseconds, () => reject(new NoAnswer(bound.what, bound.milliseconds))));
    for (const signal of bound.signals) {
      const abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
      stops.push(() => signal.removeEventListener('abort', abort));
    }
  });
  try {
    return await Promise.race([work, interruption]);
  } finally {
    for (const stop of stops) stop();
  }
}
