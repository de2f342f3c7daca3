import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the operating system tells it: a process id alone may be somebody else's by now. */
  readonly started: string;
  readonly since: string;
  readonly released?: true;
}

/** Another process works in the directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly code = 'data-directory-in-use';
  constructor(directory: string, holder: Holder, file: string) {
    const whatToDo =
      holder.host === hostname()
        ? 'Stop that process, or use another directory.'
        : `Stop that process, use another directory, or delete ${file} if that machine no longer runs it.`;
    super(
      `The data directory ${directory} is in use by process ${holder.pid} on ${holder.host} since ${holder.since}. ${whatToDo}`,
    );
  }
}

/** Start time of a process in the operating system's own words; '' when there is no such process. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    if (process.platform === 'linux') return '';
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** A process on another machine cannot be looked at: it counts as alive. */
function alive(holder: Holder): boolean {
  if (holder.released) return false;
  return holder.host !== hostname() || startOf(holder.pid) === holder.started;
}

const prefix = 'lock-';
const fileOf = (directory: string, generation: number) => join(directory, `${prefix}${generation}.json`);

function generations(directory: string): number[] {
  const numbers = readdirSync(directory).flatMap((name) => /^lock-(\d+)\.json$/.exec(name)?.slice(1).map(Number) ?? []);
  return numbers.sort((a, b) => b - a);
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // its successor removed it meanwhile
    throw error;
  }
}

/** Creates the file with its whole content, or does nothing and returns false when it is there. */
function createWhole(file: string, holder: Holder): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes the directory for this process, or throws DirectoryInUse. Returns the way to give it back.
 *
 * Every holder has a higher number than the one before and the highest file is never deleted, so of two processes that
 * find the same dead holder only one can create the next number, and one that was slow sees that it was overtaken.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    since: new Date().toISOString(),
  };
  for (;;) {
    const [highest = 0] = generations(directory);
    const holder = highest > 0 ? readHolder(fileOf(directory, highest)) : undefined;
    if (holder && alive(holder)) throw new DirectoryInUse(directory, holder, fileOf(directory, highest));
    const mine = highest + 1;
    const file = fileOf(directory, mine);
    if (!createWhole(file, me)) continue;
    const [newest = mine, ...older] = generations(directory);
    if (newest !== mine) {
      rmSync(file, { force: true });
      continue;
    }
    for (const generation of older) rmSync(fileOf(directory, generation), { force: true });
    return () => {
      writeFileSync(`${file}.released`, JSON.stringify({ ...me, released: true }));
      renameSync(`${file}.released`, file);
    };
  }
}
