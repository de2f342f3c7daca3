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
