import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DirectoryInUse, lockDirectory } from '../../src/database/embedded/lock.ts';

/** What other processes do between the look at the directory and the claim. */
let meanwhile: (() => void) | undefined;

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof fs>();
  return {
    ...actual,
    linkSync(from: string, to: string) {
      const others = meanwhile;
      meanwhile = undefined;
      others?.();
      actual.linkSync(from, to);
    },
  };
});

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'orderfold-lock-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const lockedBy = (holder: object) => fs.writeFileSync(join(directory, 'lock-1.json'), JSON.stringify(holder));
const here = { pid: process.pid, host: hostname(), started: 'long ago', since: '2026-01-02T03:04:05.678Z' };

test('a lock is given once, and again after it was given back', () => {
  const release = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  release();
  lockDirectory(directory)();
});

test('the error names the holder', () => {
  lockDirectory(directory);
  const message = new RegExp(
    `is in use by process ${process.pid} on ${hostname()} since \\d{4}-.*Z\\. Stop that process, or use another directory\\.$`,
  );
  expect(() => lockDirectory(directory)).toThrow(message);
});

test('a process id that is somebody else’s by now does not hold a lock', () => {
  lockedBy(here);
  lockDirectory(directory)();
});

test('a holder on another machine cannot be looked at, so it counts as alive', () => {
  lockedBy({ ...here, host: 'another-machine' });
  expect(() => lockDirectory(directory)).toThrow(
    /on another-machine since .*, or delete .*lock-1\.json if that machine/,
  );
});

test('whoever is a moment late with a dead holder’s lock does not get it', () => {
  lockedBy(here);
  meanwhile = () => lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
});

test('whoever is very late, after others came and went, does not get it either', () => {
  lockedBy(here);
  meanwhile = () => {
    lockDirectory(directory)();
    lockDirectory(directory);
  };
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
});

test('a lock that was given back meanwhile can be had', () => {
  lockedBy(here);
  meanwhile = () => lockDirectory(directory)();
  const release = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  release();
});
