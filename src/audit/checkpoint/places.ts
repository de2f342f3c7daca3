import { mkdir, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidValue } from '../../values/refusal.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { tileLeaves } from '../tree/tile.ts';
import { hashesOf, hashesText } from './hashes.ts';
import type { KeptCheckpoint } from './history.ts';

/** Somewhere that whoever can change the log cannot quietly change. */
export interface Place {
  /** As the operator wrote it. */
  readonly text: string;
  /** Puts a checkpoint there. What is there already is never changed. */
  put(checkpoint: KeptCheckpoint, tree: LogTree): Promise<void>;
}

/** `dir:PATH`, `append:FILE` or an https address. Throws InvalidValue. */
export function placeFrom(text: string): Place {
  const [, kind, path = ''] = /^(dir|append):(.+)$/.exec(text) ?? [];
  if (kind === 'dir') return { text, put: (checkpoint, tree) => intoDirectory(resolve(path), checkpoint, tree) };
  if (kind === 'append') return { text, put: (checkpoint) => appendTo(resolve(path), checkpoint) };
  if (/^https:\/\/[^\s]+$/.test(text) && URL.canParse(text)) {
    return { text, put: (checkpoint) => postTo(new URL(text), checkpoint) };
  }
  throw new InvalidValue(
    'invalid-place',
    `"${text}" is no place for checkpoints. Write dir:/a/folder, append:/a/file or https://an.address/.`,
  );
}

const digits = 16;
const nameOf = (size: number): string => String(size).padStart(digits, '0');
const hashesFile = /^(\d{16})\.hashes$/;

/** The folder only grows: two new files for each checkpoint, with the hashes that the files before do not have. */
async function intoDirectory(directory: string, checkpoint: KeptCheckpoint, tree: LogTree): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { size, origin, note } = checkpoint;
  const sizes = (await readdir(directory)).map((name) => Number(hashesFile.exec(name)?.[1] ?? 0));
  const before = Math.max(0, ...sizes.filter((other) => other < size));
  const hashes = await hashesOf(tree, origin, size, Math.floor(before / tileLeaves));
  await writeNew(join(directory, `${nameOf(size)}.hashes`), hashesText(hashes));
  await writeNew(join(directory, `${nameOf(size)}.checkpoint`), note);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeSynced(path, 'wx', text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function writeSynced(path: string, flags: string, text: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A line of JSON for each checkpoint. */
const appendTo = (path: string, { note, issuedAt }: KeptCheckpoint): Promise<void> =>
  writeSynced(path, 'a', `${JSON.stringify({ issuedAt, note })}\n`);

const patienceMs = 15_000;

async function postTo(url: URL, { note }: KeptCheckpoint): Promise<void> {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(url, { method: 'POST', body: note, headers, redirect: 'manual', signal });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${url.origin} answered ${answer.status}`);
}
