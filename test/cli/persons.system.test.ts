import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderfold-persons-'));

async function run(...words: string[]) {
  const data: string[] = [];
  const said: string[] = [];
  const output = {
    data: (text: string) => void data.push(text),
    words: (text: string) => void said.push(text),
    interactive: false,
  };
  const code = await runCli(words, output);
  return { code, json: () => JSON.parse(data.join('\n')), said: said.join('\n') };
}

describe('persons at the command line', () => {
  beforeAll(async () => {
    for (const [name, value] of Object.entries({
      ...{ ORDERFOLD_DATA: folder, DATABASE_URL: '', EVENTSTORE_URL: '', ORDERFOLD_LOG: 'fatal' },
    }))
      vi.stubEnv(name, value);
    expect((await run('demo', '--orders', '2')).code).toBe(0);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const keyFile = join(folder, 'master-key');
  const contactOf = async (...options: string[]) => (await run('contacts', 'C-1001', ...options, '--json')).json()[0];

  test('are masked unless asked for in plain, which is on record', async () => {
    const masked = await contactOf();
    expect(masked).toMatchObject({ customerId: 'C-1001', name: '[sealed]', role: 'goods-in' });
    expect(await contactOf('--plain')).toMatchObject({ name: 'Imke Harmsen', address: { city: 'Bremen' } });
    const about = (await run('subject', masked.contactId)).json();
    expect(about.contacts).toMatchObject([{ name: 'Imke Harmsen' }]);
    const reads = (await run('access', '--person', masked.contactId, '--json')).json();
    expect(reads.map(({ subject }: { subject: string }) => subject)).toEqual([
      `person-${masked.contactId}`,
      'customer-C-1001',
    ]);
    expect(reads[0].reader).toEqual({ kind: 'user', id: 'command line', via: 'cli' });
  });

  test('keep their data when the master key is changed, whose file only its owner can read', async () => {
    const before = readFileSync(keyFile, 'utf8');
    expect(statSync(keyFile).mode & 0o077).toBe(0);
    expect((await run('keys', 'rotate-master', '--json')).json().wrapped).toBeGreaterThanOrEqual(18);
    expect(readFileSync(keyFile, 'utf8')).not.toBe(before);
    expect(statSync(keyFile).mode & 0o077).toBe(0);
    const { contactId, name } = await contactOf('--plain');
    expect(name).toBe('Imke Harmsen');
    expect((await run('keys', 'rotate-person', contactId, '--json')).json()).toEqual({
      personId: contactId,
      version: 2,
    });
  });

  test('cannot be opened with another master key: the start says so, and changes nothing', async () => {
    vi.stubEnv('ORDERFOLD_MASTER_KEY', Buffer.alloc(32, 9).toString('base64'));
    const { code, json } = await run('contacts', 'C-1001', '--json');
    expect([code, json().error.code]).toEqual([1, 'master-key-wrong']);
    vi.stubEnv('ORDERFOLD_MASTER_KEY', 'too short');
    expect((await run('contacts', 'C-1001', '--json')).json().error.code).toBe('invalid-setting');
    vi.stubEnv('ORDERFOLD_MASTER_KEY', '');
    expect((await contactOf('--plain')).name).toBe('Imke Harmsen');
  });

  test('are erased for ever', async () => {
    const { contactId } = await contactOf();
    const erase = () => run('erase', contactId, '--reason', 'gdpr-17', '--json');
    expect((await erase()).json()).toMatchObject({ personId: contactId, repeated: false });
    expect((await erase()).json()).toMatchObject({ personId: contactId, repeated: true });
    expect(await contactOf('--plain')).toMatchObject({ name: '[erased]', phone: '[erased]' });
    expect((await run('keys', 'rotate-person', contactId)).code).toBe(2);
  });

  test.each([
    ['somebody unknown', ['erase', '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a', '--reason', 'x'], 'Nothing is kept'],
    ['an id that is none', ['subject', 'Ada'], 'UUID'],
    ['no reason', ['erase', '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a'], '--reason'],
  ])('%s is wrong usage', async (_, words, hint) => {
    const { code, said } = await run(...words);
    expect(code).toBe(2);
    expect(said).toContain(hint);
  });
});
