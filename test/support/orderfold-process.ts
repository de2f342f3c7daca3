import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program of this product as a process of its own. */
export interface OrderfoldProcess {
  readonly pid: number;
  /** Lines of stdout and stderr so far. */
  readonly data: readonly string[];
  readonly words: readonly string[];
  readonly ended: Promise<Ending>;
  /** Resolves with what the first line on stderr that fits captured; rejects when the process ends before. */
  untilWords(pattern: RegExp): Promise<string>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<Ending>;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<Ending>;
}

const running = new Set<number>();
process.once('exit', () => {
  for (const pid of running) process.kill(pid, 'SIGKILL');
});

const fileOf = (name: string) => fileURLToPath(new URL(`../../src/${name}`, import.meta.url));

/** Runs `src/main.ts` (the service) or `src/cli.ts` with these settings and no others. */
export function runOrderfold(
  entry: 'main.ts' | 'cli.ts',
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): OrderfoldProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', fileOf(entry), ...args], {
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The process did not start');
  running.add(pid);
  const data: string[] = [];
  const words: string[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => data.push(line));
  createInterface(child.stderr).on('line', (line) => {
    words.push(line);
    for (const look of waiting) look();
  });
  let over = false;
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      running.delete(pid);
      for (const look of waiting) look();
      resolve({ code, signal });
    });
  });
  return {
    pid,
    data,
    words,
    ended,
    untilWords: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = words.map((line) => pattern.exec(line)).find((match) => match !== null);
          if (!found && !over) return;
          waiting.delete(look);
          if (found) resolve(found[1] ?? found[0]);
          else reject(new Error(`The process ended before it said ${pattern}:\n${words.join('\n')}`));
        };
        waiting.add(look);
        look();
      }),
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** What the service says when it serves; captures its address. */
export const announced = /answers at (http:\S+)/;
