/** Something to wait on that many can ring. A ring while nobody waits is remembered for the next wait. */
export class Wake {
  #rung = false;
  #waiting: (() => void) | undefined;

  ring = (): void => {
    this.#rung = true;
    this.#waiting?.();
  };

  /** Resolves after a ring or after `ms`, whichever is first. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rung = false;
    this.#waiting = undefined;
  }
}

/** Settles like `work`, but rejects at once with the reason of `signal` when that aborts first. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
