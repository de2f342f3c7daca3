import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { run } from '../support/cli.ts';

describe('orderfold verify, checkpoint, proof and evidence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderfold-cli-'));
  const kept = join(folder, 'safe', 'one.checkpoint');
  const zip = join(folder, 'evidence.zip');
  let orderNo: string;
  let publicKey: string;
  beforeAll(async () => {
    vi.stubEnv('ORDERFOLD_DATA', folder);
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('EVENTSTORE_URL', '');
    vi.stubEnv('ORDERFOLD_LOG', 'silent');
    expect((await run('demo', '--orders', '30', '--until', '2026-03-01', '--json')).code).toBe(0);
    orderNo = JSON.parse((await run('orders', 'search', '--limit', '1', '--json')).data).items[0].orderNo;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test('sign the log, prove, verify, and give evidence that holds', async () => {
    expect((await run('verify')).code).toBe(1); // nothing was ever signed: no key
    const signed = JSON.parse((await run('checkpoint', '--out', kept, '--json')).data);
    publicKey = signed.publicKey;
    expect(await readFile(kept, 'utf8')).toBe(signed.note);
    const whole = await run('verify', '--checkpoint', kept, '--public-key', publicKey, '--json');
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.data)).toMatchObject({ ok: true, events: signed.size, signedEvents: signed.size });
    expect((await run('verify', '--order', orderNo)).code).toBe(0);
    const proof = JSON.parse((await run('proof', '--from', '10')).data);
    expect(proof).toMatchObject({ from: { size: 10 }, to: { size: signed.size } });
    expect((await run('evidence', orderNo, '--out', zip)).code).toBe(0);
    const evidence = await run('verify', '--evidence', zip, '--public-key', publicKey, '--checkpoint', kept);
    expect(evidence).toMatchObject({ code: 0, data: expect.stringContaining('over the same') });
  });

  test('find what was changed: exit code 3', async () => {
    const database = await openDatabase({ dataDirectory: join(folder, 'database') });
    const text = `update events set data = '{}' where revision = 0 and order_no = $1 returning stream`;
    const [{ stream } = { stream: '' }] = await database.query<{ stream: string }>({ text, values: [orderNo] });
    await database.close();
    const whole = await run('verify', '--checkpoint', kept);
    expect(whole).toMatchObject({ code: 3, data: expect.stringMatching(new RegExp(`data-changed +${stream} +0 `)) });
    expect((await run('verify', '--order', orderNo, '--json')).code).toBe(3);
    const bytes = await readFile(zip);
    await writeFile(zip, bytes.fill(1, 300, 400));
    expect((await run('verify', '--evidence', zip)).code).toBe(2);
  });

  test('say what is wrong usage', async () => {
    expect(await run('verify', '--public-key', 'nonsense')).toMatchObject({ code: 2 });
    expect(await run('proof')).toMatchObject({ code: 2, words: expect.stringContaining('Say which event') });
    expect(await run('proof', '--from', 'x')).toMatchObject({ code: 2 });
    expect(await run('evidence', 'SO-none', '--out', zip)).toMatchObject({ code: 2 });
  });
});
