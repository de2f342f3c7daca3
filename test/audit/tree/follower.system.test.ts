import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { leafHash } from '../../../src/audit/tree/hashing.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/audit/tree/proof.ts';
import { canonicalRecord } from '../../../src/events/record.ts';
import { type AuditedLog, auditedLog } from '../../support/audited-log.ts';
import { eachDatabase } from '../../support/databases.ts';

eachDatabase('the tree over the log', (opened) => {
  let audited: AuditedLog;
  beforeAll(async () => {
    audited = await auditedLog(opened().database);
    for (let n = 0; n < 60; n += 1) await audited.writer.append(`order-${n % 20}`, 10);
    await vi.waitUntil(async () => (await audited.log.head()) !== 'start');
  });
  afterAll(() => audited.close());

  test('holds every event, provably, and goes on where it was after a restart', async () => {
    const first = audited.follow();
    const tree = await first.caughtUp();
    const older = await tree.head();
    for await (const event of audited.log.readStream('order-7')) {
      const leaf = leafHash(canonicalRecord(event).record);
      const index = await tree.indexOf({ leaf, position: event.position });
      expect(index).toBeDefined();
      const proof = await tree.inclusionProof(index ?? -1, older.size);
      expect(verifyInclusion({ index: index ?? -1, size: older.size, leaf, root: older.root, proof })).toBe(true);
    }
    await audited.writer.append('order-new', 3);
    await vi.waitUntil(() => first.tree.size === older.size + 3);
    const newer = await tree.head();
    expect(verifyConsistency(older, newer, await tree.consistencyProof(older.size))).toBe(true);
    await first.close();

    const reads = vi.spyOn(audited.log, 'bulk');
    const second = audited.follow();
    const again = await second.caughtUp();
    expect(await again.head()).toEqual(newer);
    const froms = reads.mock.calls.map(([{ after }]) => after);
    expect(froms).toContain((await audited.store.tile(1))?.to);
    expect(await again.head(older.size)).toEqual(older);
    reads.mockRestore();
    await second.close();
  });

  test('is made again when it was lost, and written by two processes at once', async () => {
    const head = await (await audited.follow().caughtUp()).head();
    await audited.store.clear();
    const both = [audited.follow(), audited.follow()];
    for (const one of both) expect(await (await one.caughtUp()).head()).toEqual(head);
    expect((await audited.store.tile(1))?.places).toHaveLength(256);
    for (const one of both) await one.close();
  });

  test('does not grow over a log that is no longer what it was made of', async () => {
    await (await audited.follow().caughtUp()).head();
    await audited.database.query({
      text: `update events set data = '{"orderNo":"other"}' where (tx, position) =
        (select tx, position from events order by tx, position offset 300 limit 1)`,
    });
    const follower = audited.follow();
    await expect(follower.caughtUp()).rejects.toThrow('changed, set back or replaced');
    expect(audited.problems.join()).toContain('orderfold verify');
    await follower.close();
  });
});
