import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Finding } from '../../../src/analytics/journal/verify.ts';
import { all, type JournalPlace, journalPlace } from '../../support/journal.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { interleaved } from '../../support/order-history.ts';

const soak = Boolean(process.env.ORDERFOLD_SOAK);
vi.setConfig({ testTimeout: soak ? 600_000 : 60_000 });
const numRuns = soak ? 5_000 : 40;

let place: JournalPlace;
let log: MemoryLog;
/** Two sealed segments, a part of one batch, and events in no file. */
beforeEach(async () => {
  place = journalPlace();
  log = memoryLog();
  for (const { stream, event } of interleaved(0, 6, 3)) log.record(stream, event);
  const journal = await place.open(log);
  await journal.caughtUp();
  await journal.close();
});
afterEach(() => place.remove());

const file = (name: string): string => join(place.directory, name);
const sealed = (number: number): string => file(`segments/0000000${number}.arrow`);
const part = (): string => file('00000003.arrow.part');

async function change(path: string, how: (bytes: Buffer) => Uint8Array): Promise<void> {
  await writeFile(path, how(await readFile(path)));
}

const flip = (bytes: Buffer, at: number, mask = 0x10): Buffer => {
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return bytes;
};

/** Opens it, and everything is there again. */
async function expectWhole(): Promise<void> {
  const journal = await place.open(log);
  await journal.caughtUp();
  expect(await all(journal.read('start'))).toEqual(log.events);
  await journal.caughtUp();
  const bad: Finding[] = [];
  for await (const finding of journal.verify()) if (!finding.ok) bad.push(finding);
  expect(bad).toEqual([]);
  expect(journal.manifest().segments).toHaveLength(2);
  await journal.close();
}

describe('a damaged journal', () => {
  test('has two sealed segments and a part', async () => {
    expect(await readdir(file('segments'))).toEqual(['00000001.arrow', '00000002.arrow']);
    expect(await readdir(place.directory)).toContain('00000003.arrow.part');
    await expectWhole();
    expect(place.problems).toEqual([]);
  });

  test('that was deleted is written again', async () => {
    await rm(place.directory, { recursive: true });
    await expectWhole();
  });

  test.each([1, 2])('without segment %i is written again from there on', async (number) => {
    await rm(sealed(number));
    await expectWhole();
    expect(place.problems).toEqual([
      `Segment 0000000${number}.arrow of the journal is missing; it is written again from the log, from there on`,
    ]);
  });

  test('with a shortened segment is found when it is opened', async () => {
    await change(sealed(2), (bytes) => bytes.subarray(0, -1));
    await expectWhole();
    expect(place.problems.join()).toMatch(
      /00000002\.arrow of the journal is damaged \(it has \d+ bytes instead of \d+\)/,
    );
  });

  test('with a changed footer is found when it is opened', async () => {
    await change(sealed(1), (bytes) => flip(bytes, bytes.length - 1));
    await expectWhole();
    expect(place.problems.join()).toContain('its footer is not there');
  });

  test.each([
    '',
    '{"version":1,"segments":',
    '{"version":1,"segments":[{"name":"../x"}]}',
    '{"version":2,"segments":[]}',
  ])('with the manifest %j is written again', async (manifest) => {
    await writeFile(file('manifest.json'), manifest);
    await expectWhole();
  });

  test('keeps nothing that the manifest does not name', async () => {
    await cp(sealed(1), sealed(7));
    await cp(part(), file('00000009.arrow.part'));
    await writeFile(file('manifest.json.new'), 'half');
    await expectWhole();
    expect(await readdir(file('segments'))).toEqual(['00000001.arrow', '00000002.arrow']);
    expect((await readdir(place.directory)).filter((name) => /part|new/.test(name))).toEqual(['00000003.arrow.part']);
  });

  test('tells the truth while a changed byte is met in the middle of reading, and mends', async () => {
    const journal = await place.open(log);
    await journal.caughtUp();
    await change(sealed(1), (bytes) => flip(bytes, bytes.length >> 1));
    expect(await all(journal.read('start'))).toEqual(log.events);
    expect(place.problems.join()).toContain('00000001.arrow of the journal cannot be read');
    await journal.caughtUp();
    for await (const finding of journal.verify()) expect(finding.ok).toBe(true);
    expect(await all(journal.read('start'))).toEqual(log.events);
  });

  test('is found by the patrol, which reads what nobody asked for', async () => {
    await change(sealed(2), (bytes) => flip(bytes, bytes.length >> 1));
    const journal = await place.open(log, { patrolMs: 1 });
    const mended = async () => {
      for await (const finding of journal.verify()) if (!finding.ok) return false;
      return place.problems.some((problem) =>
        problem.includes('00000002.arrow of the journal is damaged: its SHA-256'),
      );
    };
    await expect.poll(mended).toBe(true);
  });

  test('with any byte changed in the open segment never says anything else than the log', async () => {
    const kept = await readFile(part());
    await fc.assert(
      fc.asyncProperty(fc.nat(kept.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        await writeFile(part(), flip(Buffer.from(kept), at, mask));
        await expectWhole();
      }),
      { numRuns },
    );
  });

  test('torn anywhere, or with anything behind its end, is cut back to its last whole batch', async () => {
    const kept = await readFile(part());
    const rest = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(400).map((zeros) => new Uint8Array(zeros)),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(kept.length), rest, async (length, behind) => {
        await writeFile(part(), Buffer.concat([kept.subarray(0, length), behind]));
        await expectWhole();
      }),
      { numRuns },
    );
  });

  test('with any byte changed in a sealed segment is found by reading all of it', async () => {
    const kept = await readFile(sealed(1));
    await fc.assert(
      fc.asyncProperty(fc.nat(kept.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        await writeFile(sealed(1), flip(Buffer.from(kept), at, mask));
        const reader = await place.open(log, { mode: 'read' });
        const bad: number[] = [];
        for await (const finding of reader.verify()) if (!finding.ok) bad.push(finding.number);
        expect(bad).toEqual([1]);
        expect(await all(reader.read('start', log.events.at(-1)?.position))).toEqual(log.events);
        await reader.close();
      }),
      // A place in the footer that is no safe number any more.
      { numRuns, examples: [[27_980 % kept.length, 2]] },
    );
  });
});
