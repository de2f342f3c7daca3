import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCheckpointOf, parseCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { keepCheckpoint, keptCheckpoint } from '../../src/audit/checkpoint/kept-files.ts';
import { verifierFrom } from '../../src/audit/checkpoint/keys.ts';
import { placeFrom } from '../../src/audit/checkpoint/places.ts';
import { leafHash } from '../../src/audit/tree/hashing.ts';
import { verifyConsistency, verifyInclusion } from '../../src/audit/tree/proof.ts';
import { type AuditRoom, auditRoom } from '../support/audit-room.ts';
import { eachDatabase } from '../support/databases.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

eachDatabase('the audit room', (opened) => {
  let room: AuditRoom;
  const sql = (text: string) => room.database.query({ text });
  beforeAll(async () => {
    room = await auditRoom(opened().database);
    for (let n = 0; n < 12; n += 1) await room.writer.append(`order-${n % 4}`, 50);
  });
  afterAll(() => room.close());

  test('signs what the log has, once, and puts it where it is wanted', async () => {
    const places = [`dir:${join(room.folder, 'safe')}`, `append:${join(room.folder, 'list')}`, 'https://127.0.0.1:1/'];
    const audit = room.open({ places });
    const { checkpoint, failed } = await audit.checkpoint();
    expect(failed).toEqual(['https://127.0.0.1:1/']);
    expect(checkpoint.size).toBe(600);
    expect(isCheckpointOf(checkpoint, verifierFrom((await audit.publicKey()) ?? ''))).toBe(true);
    expect((await audit.checkpoint()).checkpoint).toEqual(checkpoint);
    await room.writer.append('order-1', 300);
    await audit.checkpoint();
    const safe = join(room.folder, 'safe');
    expect((await readdir(safe)).sort()).toEqual(
      ['600', '900'].flatMap((size) => ['checkpoint', 'hashes'].map((kind) => `${size.padStart(16, '0')}.${kind}`)),
    );
    // Each file has only what those before it do not have.
    expect(await readFile(join(safe, '0000000000000900.hashes'), 'utf8')).toMatch(/\n900\ntile 2 \S+\nleaf 768 /);
    const kept = await keptCheckpoint(join(safe, '0000000000000900.checkpoint'));
    expect([...(kept.hashes?.tiles.keys() ?? [])]).toEqual([0, 1, 2]);
    expect((await keptCheckpoint(join(room.folder, 'list'))).checkpoint.size).toBe(900);
    const all = join(room.folder, 'all', 'one.checkpoint');
    await keepCheckpoint(all, kept.checkpoint, audit.tree);
    expect((await keptCheckpoint(all)).hashes?.tiles.size).toBe(3);
    expect((await stat(join(room.folder, 'key'))).mode & 0o777).toBe(0o600);
    const { ok, heads } = await audit.verifyLog({ signal: new AbortController().signal, heads: [kept] });
    expect([ok, heads.map(({ size, where }) => `${size} ${where}`)]).toEqual([
      true,
      ['600 the database', '900 the database', '900 0000000000000900.checkpoint'],
    ]);
    await audit.close();
  });

  test('proves that an event is in the log, and that the log only grew', async () => {
    const audit = room.open();
    const { checkpoint } = await audit.checkpoint();
    const byRevision = await audit.inclusion({ stream: 'order-2', revision: 70 });
    const { position = '', eventId = '', record = '', index = -1, size = 0, proof = [] } = byRevision ?? {};
    expect(await audit.inclusion({ position })).toEqual(byRevision);
    expect(await audit.inclusion({ stream: 'order-2', eventId })).toEqual(byRevision);
    const claim = { index, size, leaf: leafHash(record), proof: proof.map(bytes) };
    expect(verifyInclusion({ ...claim, root: parseCheckpoint(byRevision?.checkpoint ?? '').root })).toBe(true);
    expect(await audit.inclusion({ stream: 'order-2', revision: 99_999 })).toBeUndefined();
    expect(await audit.inclusion({ position: position.replace(/.$/, 'x') })).toBeUndefined();
    await room.writer.append('order-young');
    await audit.grown();
    await expect(audit.inclusion({ stream: 'order-young', revision: 0 })).rejects.toThrow('not under a checkpoint yet');
    const { from, to, proof: grown } = await audit.consistency(600);
    const head = ({ size: leaves, root }: { size: number; root: string }) => ({ size: leaves, root: bytes(root) });
    expect(verifyConsistency(head(from), head(to), grown.map(bytes))).toBe(true);
    expect(to.size).toBe(checkpoint.size + 1);
    await audit.close();
  });

  test('verifies an order, and says what was done to it', async () => {
    const audit = room.open();
    await audit.checkpoint();
    expect(await audit.verifyOrder('2')).toMatchObject({ ok: true, signedEvents: 150, cut: false });
    expect(await audit.verifyOrder('unknown')).toBeUndefined();
    await sql('create table honest as select * from events');
    const kinds = async (change: string): Promise<string[]> => {
      await sql(change);
      const { findings = [] } = (await audit.verifyOrder('2')) ?? {};
      await sql('truncate events');
      await sql('insert into events overriding system value select * from honest');
      return findings.map(({ kind, revision }) => `${kind} ${revision}`);
    };
    const where = `where stream = 'order-2' and revision`;
    expect(await kinds(`update events set data = '{"orderNo":"x"}' ${where} = 70`)).toContain('data-changed 70');
    expect(
      await kinds(`update events set metadata = jsonb_set(metadata::jsonb, '{actor,id}', '"x"')::json ${where} = 70`),
    ).toContain('metadata-changed 70');
    expect(await kinds(`delete from events ${where} = 70`)).toContain('chain-broken 71');
    expect(await kinds(`delete from events ${where} > 140`)).toEqual(['truncated 149']);
    expect(await kinds(`delete from events where stream = 'order-2'`)).toEqual(['truncated 149']);
    expect(await kinds('select 1')).toEqual([]);
    await audit.close();
  });

  test('does not sign what contradicts what it signed, whatever was done to the database', async () => {
    const audit = room.open();
    const { checkpoint } = await audit.checkpoint();
    await audit.close();
    await sql('delete from audit_checkpoints');
    await sql(`delete from events where stream = 'order-young'`);
    await expect(room.open().checkpoint()).rejects.toThrow('cut off or set back');
    await room.writer.append('order-other');
    await expect(room.open().checkpoint()).rejects.toThrow(`The first ${checkpoint.size} events are not those`);
    // Nor is another key made in silence.
    await sql(`insert into audit_checkpoints values ('other', 1, -1, 'no note', 'start', '', '', now())`);
    const keyless = room.open({ key: { file: join(room.folder, 'no-key') } });
    await expect(keyless.checkpoint()).rejects.toThrow('signed by other');
    expect(await keyless.publicKey()).toBeUndefined();
    await expect(keyless.verifyLog({ signal: new AbortController().signal })).rejects.toThrow('no key here');
  });
});

test('a place is a folder, a file or an address', () => {
  for (const wrong of ['', '/somewhere', 'dir:', 'http://example.com/', 'ftp://example.com']) {
    expect(() => placeFrom(wrong)).toThrow('no place for checkpoints');
  }
});
