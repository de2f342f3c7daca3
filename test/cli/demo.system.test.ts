import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderfold-demo-'));
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(directory: string, ...words: string[]) {
  vi.stubEnv('ORDERFOLD_DATA', join(folder, directory));
  vi.stubEnv('DATABASE_URL', '');
  vi.stubEnv('EVENTSTORE_URL', '');
  const data: string[] = [];
  const said: string[] = [];
  const output = {
    data: (text: string) => data.push(text),
    words: (text: string) => said.push(text),
    interactive: false,
  };
  const code = await runCli([...words, '--json'], output);
  return { code, answers: data.flatMap((text) => text.split('\n')).map((line) => JSON.parse(line)), said };
}

async function digests(directory: string) {
  const { code, answers } = await run(directory, 'rebuild');
  expect(code).toBe(0);
  // Persons are sealed under keys that no two installations share.
  return answers
    .filter(({ projection }) => projection !== 'contacts')
    .map(({ projection, verdict }) => [projection, verdict.digests]);
}

test('the demo of one seed and day is the same whenever it is made, and made again adds nothing', async () => {
  const demo = ['demo', '--orders', '40', '--seed', 'twice', '--until', '2026-02-03'];
  const first = await run('first', ...demo);
  expect(first).toMatchObject({ code: 0, answers: [{ orders: 40 }] });
  expect((await run('first', ...demo)).answers).toMatchObject([{ eventsAppended: 0 }]);
  expect((await run('second', ...demo)).answers).toMatchObject([{ eventsAppended: first.answers[0].eventsAppended }]);
  expect(await digests('second')).toEqual(await digests('first'));
});

test('a day that has not begun cannot end it', async () => {
  const { code, answers } = await run('third', 'demo', '--until', '9999-01-01');
  expect(code).toBe(2);
  expect(answers).toMatchObject([{ error: { code: 'day-not-begun', message: expect.stringContaining('9999-01-01') } }]);
});
