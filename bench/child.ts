import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

/** A program beside the bench, spoken to by lines. */
export interface Running {
  readonly pid: number;
  send(line: string): void;
  /** The next line that fits, of those that were not looked at before; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
}

/** Runs a file with Node; TypeScript as it is. */
export function startProcess(
  file: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error(`${file} could not be started`);
  const output = new PassThrough();
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const closed = once(child, 'close').then(() => output.end());
  const lines = createInterface(output)[Symbol.asyncIterator]();
  const seen: string[] = [];
  return {
    pid: child.pid,
    send: (line) => void child.stdin.write(`${line}\n`),
    async line(pattern) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${file} ended early: ${seen.slice(-20).join('\n')}`);
        const match = pattern.exec(value);
        if (match) return match;
        seen.push(value);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
