import { setImmediate as nextTurn } from 'node:timers/promises';

const sliceMs = 2;

/**
 * Runs a long computation step by step and lets the event loop turn every few milliseconds: requests are answered, sockets drain.
 * Throws when the signal aborts.
 */
export async function inSlices<T>(steps: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await nextTurn();
    signal?.throwIfAborted();
  }
}
