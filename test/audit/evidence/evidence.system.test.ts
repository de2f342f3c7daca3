import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSigner } from '../../../src/audit/checkpoint/keys.ts';
import { checkPackage } from '../../../src/audit/evidence/verify.mjs';
import { filesOfZip, zipOf } from '../../../src/audit/evidence/zip.ts';
import type { Notary } from '../../../src/audit/notary.ts';
import { type AuditRoom, auditRoom } from '../../support/audit-room.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../support/databases.ts';

let opened: OpenTestDatabase;
let room: AuditRoom;
let audit: Notary;
let older: string;
let files: Map<string, Buffer>;
let publicKey: string;

beforeAll(async () => {
  opened = await openTestDatabase('pglite');
  room = await auditRoom(opened.database);
  audit = room.open({ documentsOf: async () => [{ name: 'order.txt', content: Buffer.from('ordered') }] });
  for (let n = 0; n < 9; n += 1) await room.writer.append(`order-${n % 3}`, 40);
  older = (await audit.checkpoint()).checkpoint.note;
  await room.writer.append('order-1', 2);
  files = (await audit.evidence('1')) ?? new Map();
  publicKey = (await audit.publicKey()) ?? '';
});
afterAll(async () => {
  await room.close();
  await opened.remove();
});

/** With nothing but Node, in a folder with nothing but the package. */
async function checkedByNode(package_: ReadonlyMap<string, Buffer>, words: readonly string[] = []) {
  const folder = await mkdtemp(join(room.folder, 'unpacked-'));
  for (const [name, content] of package_) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return new Promise<{ code: number; out: string }>((resolve) => {
    const options = { cwd: folder, env: {} };
    execFile(process.execPath, ['verify.mjs', ...words], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}

const changed = (name: string, change: (text: string) => string): Map<string, Buffer> =>
  new Map(files).set(name, Buffer.from(change(files.get(name)?.toString('utf8') ?? '')));

describe('evidence about an order', () => {
  test('is checked by Node alone, with the key and a checkpoint that were kept elsewhere', async () => {
    const kept = join(room.folder, 'kept.checkpoint');
    await writeFile(kept, older);
    const { code, out } = await checkedByNode(files, ['--public-key', publicKey, '--checkpoint', kept]);
    expect(out).toContain('122 of 122 events');
    expect(out).toContain('the 360 events under it are the first');
    expect(out).toContain('Everything holds.');
    expect(code).toBe(0);
    const wrong = await checkedByNode(files, ['--public-key', newSigner('test.example/orders').verifier.text]);
    expect([wrong.code, wrong.out]).toEqual([3, expect.stringContaining('not signed by this key')]);
    expect((await checkedByNode(files, ['--nonsense'])).code).toBe(2);
  });

  test('has every event, a report, documents and nothing else', () => {
    expect(files.get('report.txt')?.toString()).toContain('revision 121 of order-1');
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'checkpoint.txt',
      'consistency.json',
      'documents/order.txt',
      'events.ndjson',
      'manifest.json',
      'proofs.json',
      'public-key.txt',
      'report.txt',
      'verify.mjs',
    ]);
  });

  const lines = (change: (lines: string[]) => unknown) => (text: string) => {
    const all = text.split('\n');
    change(all);
    return all.join('\n');
  };
  test.each<[string, () => Map<string, Buffer>, string]>([
    [
      'an event was changed',
      () => changed('events.ndjson', (text) => text.replace('order-1/7', 'order-1/8')),
      'not what its hash was made of',
    ],
    [
      'an event was left out',
      () =>
        changed(
          'events.ndjson',
          lines((all) => all.splice(3, 1)),
        ),
      'events, and',
    ],
    [
      'events were exchanged',
      () =>
        changed(
          'events.ndjson',
          lines((all) => all.splice(3, 2, all[4] ?? '', all[3] ?? '')),
        ),
      'comes after',
    ],
    [
      'a proof was changed',
      () =>
        changed('proofs.json', (text) =>
          text.replace(/"proof": \[\s+"(.)/, (all, first) => all.slice(0, -1) + (first === 'A' ? 'B' : 'A')),
        ),
      'not under the checkpoint',
    ],
    [
      'a proof is for another place',
      () => changed('proofs.json', (text) => text.replace('"index": 40', '"index": 41')),
      'not under the checkpoint',
    ],
    [
      'the checkpoint was changed',
      () => changed('checkpoint.txt', (text) => text.replace('\n362\n', '\n361\n')),
      'not signed',
    ],
    [
      'a file is missing',
      () => {
        const some = new Map(files);
        some.delete('documents/order.txt');
        return some;
      },
      'missing',
    ],
    ['a file was added', () => new Map(files).set('documents/more.txt', Buffer.from('x')), 'does not belong'],
    ['a document was changed', () => changed('documents/order.txt', () => 'ordered more'), 'not as it was packed'],
    [
      'another past was put in',
      () =>
        changed('consistency.json', (text) =>
          text.replace(/"proof": \[\s+"(.)/, (all, first) => all.slice(0, -1) + (first === 'A' ? 'B' : 'A')),
        ),
      'was another one',
    ],
    [
      'the key is another one',
      () => changed('public-key.txt', () => newSigner('test.example/orders').verifier.text),
      'not signed',
    ],
    ['the manifest is none', () => changed('manifest.json', () => '{'), 'manifest.json'],
  ])('does not hold when %s', async (_, tampered, words) => {
    const { ok, lines: said } = checkPackage(tampered());
    expect(ok).toBe(false);
    expect(
      said
        .filter((line) => !line.ok)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain(words);
  });

  test('does not hold for Node either when it was changed', async () => {
    const { code, out } = await checkedByNode(
      changed('events.ndjson', (text) => text.replace('order-1/7', 'order-1/8')),
    );
    expect(out).toContain('WRONG');
    expect(code).toBe(3);
  });

  test('there is none about an order that there is not', async () => {
    expect(await audit.evidence('none')).toBeUndefined();
  });
});

test('archives are read back as they were written', () => {
  const archive = zipOf(files);
  const read = filesOfZip(archive);
  expect([...read.keys()]).toEqual([...files.keys()]);
  for (const [name, content] of files) expect(read.get(name)?.equals(content), name).toBe(true);
  expect(zipOf(files).equals(archive)).toBe(true);
  for (const broken of [archive.subarray(0, -1), Buffer.from('PK'), Buffer.alloc(100)]) {
    expect(() => filesOfZip(broken)).toThrow('no evidence package');
  }
});
