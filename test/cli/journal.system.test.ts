import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lockDirectory } from '../../src/database/embedded/lock.ts';
import { run } from '../support/cli.ts';

describe('orderfold journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderfold-cli-'));
  const journal = join(folder, 'elsewhere');
  beforeAll(async () => {
    vi.stubEnv('ORDERFOLD_DATA', folder);
    vi.stubEnv('ORDERFOLD_JOURNAL_DIR', journal);
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('EVENTSTORE_URL', '');
    vi.stubEnv('ORDERFOLD_LOG', 'fatal');
    expect((await run('demo', '--orders', '30', '--until', '2026-03-01', '--json')).code).toBe(0);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test('writes the journal, shows it, and read models are rebuilt from it alike', async () => {
    expect((await run('journal', 'rebuild')).code).toBe(0);
    const after = JSON.parse((await run('journal', 'status', '--json')).data);
    expect(after.events).toBeGreaterThan(100);
    expect(after).toMatchObject({ position: after.head, directory: journal });
    const rebuilt = await run('rebuild', '--json');
    expect(rebuilt.code).toBe(0);
    for (const line of rebuilt.data.split('\n')) expect(JSON.parse(line).verdict.equal).toBe(true);
  });

  test('finds damage: exit code 3', async () => {
    const [part = ''] = (await readdir(journal)).filter((name) => name.endsWith('.part'));
    const bytes = await readFile(join(journal, part));
    await writeFile(join(journal, part), bytes.fill(7, bytes.length >> 1));
    const found = await run('journal', 'verify', '--json');
    expect(found.code).toBe(3);
    expect(JSON.parse(found.data)).toMatchObject([{ segment: '00000001.arrow', ok: false }]);
    expect((await run('journal', 'rebuild', '--json')).code).toBe(0);
    expect((await run('journal', 'verify')).code).toBe(0);
  });

  test('goes on where it was stopped', async () => {
    const [part = ''] = (await readdir(journal)).filter((name) => name.endsWith('.part'));
    const path = join(journal, part);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 100));
    const resumed = JSON.parse((await run('journal', 'rebuild', '--resume', '--json')).data);
    const { head, events } = JSON.parse((await run('journal', 'status', '--json')).data);
    expect(resumed).toMatchObject({ position: head, events });
    expect((await run('journal', 'verify')).code).toBe(0);
    const begins = (await readFile(path)).subarray(0, 200);
    expect(begins.equals(whole.subarray(0, 200))).toBe(true);
  });

  test('is not written by two: exit code 1, and who has it', async () => {
    const unlock = lockDirectory(journal);
    const refused = await run('journal', 'rebuild');
    expect(refused).toMatchObject({ code: 1, data: '' });
    expect(refused.words).toContain(`in use by process ${process.pid}`);
    unlock();
  });

  test('says when it is switched off: exit code 2', async () => {
    vi.stubEnv('ORDERFOLD_JOURNAL', 'off');
    expect(await run('journal', 'status')).toMatchObject({
      code: 2,
      words: expect.stringContaining('ORDERFOLD_JOURNAL'),
    });
    vi.stubEnv('ORDERFOLD_JOURNAL', 'on');
  });
});
