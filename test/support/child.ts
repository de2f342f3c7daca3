import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  /** What it printed so far, line by line. */
  readonly lines: readonly string[];
  /** Resolves with the first line that fits; rejects when the process ends before. */
  untilLine(fits: (line: string) => boolean): Promise<string>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Runs a TypeScript file of the tests as a process of its own. */
export function startChild(file: URL, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(file), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const waiter of waiting) waiter();
  };
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const gone = once(child, 'close').then(wake);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    lines,
    untilLine: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lines.find(fits);
          if (line === undefined && !ended()) return;
          waiting.delete(look);
          if (line === undefined) reject(new Error(`The process ended early: ${errors.join('')}`));
          else resolve(line);
        };
        waiting.add(look);
        look();
      }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
