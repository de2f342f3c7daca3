import { setImmediate as nextTurn } from 'node:timers/promises';

const sliceMs = 2;

/** Runs a long computation step by step and lets the event loop turn now and then: requests are answered, sockets drain. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await nextTurn();
  }
}
