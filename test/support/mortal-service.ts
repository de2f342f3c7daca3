import { announced, type Ending, type OrderfoldProcess, runOrderfold } from './orderfold-process.ts';

/** A service that is killed and started again; its address changes every time. */
export interface MortalService {
  /** Where it answers; while it is down, waits until it is up again. Rejects when it ended without being told to. */
  url(): Promise<string>;
  /** kill -9 whatever it is doing, also while it starts, and starts it again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<Ending>;
  /** What it said since its last start. */
  words(): readonly string[];
}

export function mortalService(settings: Readonly<Record<string, string>>): MortalService {
  let current: OrderfoldProcess;
  let address: Promise<string>;
  let turn: Promise<void> = Promise.resolve();
  const told = new Set<OrderfoldProcess>();

  const lead = (to: Promise<string>) => {
    address = to;
    address.catch(() => {}); // told to whoever asks for it
  };
  const start = () => {
    const started = runOrderfold('main.ts', [], settings);
    current = started;
    lead(started.untilWords(announced));
    void started.ended.then(({ code, signal }) => {
      if (told.has(started)) return;
      lead(Promise.reject(new Error(`The service ended (${code ?? signal}):\n${started.words.join('\n')}`)));
    });
  };
  const restart = async () => {
    told.add(current);
    const reborn = current.kill().then(start);
    lead(reborn.then(() => address));
    await reborn;
  };
  start();
  return {
    async url() {
      for (;;) {
        const asked = address;
        try {
          return await asked;
        } catch (error) {
          if (asked === address) throw error; // else it was killed while it started
        }
      }
    },
    killAndRestart() {
      turn = turn.then(restart);
      return turn;
    },
    stop() {
      told.add(current);
      return current.stop();
    },
    words: () => current.words,
  };
}
