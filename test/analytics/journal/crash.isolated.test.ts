import type * as FileSystem from 'node:fs/promises';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordedAt } from '../../../src/analytics/journal/columns.ts';
import { JournalFolder } from '../../../src/analytics/journal/folder.ts';
import { OpenColumns } from '../../../src/analytics/journal/open-columns.ts';
import { batchesAfter, lookAt } from '../../../src/analytics/journal/view.ts';
import type { Recorded } from '../../../src/events/envelope.ts';
import { rawFrom } from '../../../src/events/log/bulk.ts';
import { all, type JournalPlace, journalPlace, tiny } from '../../support/journal.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { mortality } from '../../support/mortal-files.ts';
import { interleaved } from '../../support/order-history.ts';

vi.mock('node:fs/promises', async (original) => {
  const { mortalFileSystem } = await import('../../support/mortal-files.ts');
  return mortalFileSystem(await original<typeof FileSystem>());
});

let place: JournalPlace;
let log: MemoryLog;
beforeEach(() => {
  place = journalPlace();
  log = memoryLog();
  for (const { stream, event } of interleaved(0, 6, 3)) log.record(stream, event);
});
afterEach(async () => {
  mortality.reset(Number.POSITIVE_INFINITY);
  await place.remove();
});

const options = (directory: string) => ({ directory, limits: tiny, report: () => {} });

/** Writes what is not there yet, as the follower does, then cuts the second segment off and writes it again. */
async function write(directory: string): Promise<void> {
  const folder = await JournalFolder.open(options(directory));
  const append = async () => {
    const from = log.events.findIndex(({ position }) => position > (lastOf(folder) ?? ''));
    for (let at = from; at >= 0 && at < log.events.length; at += tiny.batchEvents) {
      const columns = new OpenColumns(folder.words, tiny.batchEvents);
      for (const event of log.events.slice(at, at + tiny.batchEvents)) columns.append(rawFrom(event));
      await folder.append(columns.snapshot());
    }
  };
  try {
    await append();
    await folder.cutFrom(2);
    await append();
  } finally {
    await folder.close();
  }
}

const lastOf = (folder: JournalFolder) =>
  folder.view.part?.contents.batches.at(-1)?.to ?? folder.view.segments.at(-1)?.to;

async function heldIn(directory: string): Promise<Recorded[]> {
  const held: Recorded[] = [];
  for await (const columns of batchesAfter(await lookAt(directory), 'start')) {
    for (let index = 0; index < columns.events; index += 1) held.push(recordedAt(columns, index));
  }
  return held;
}

test('killed at any change of its files, the journal can be read and goes on', { timeout: 60_000 }, async () => {
  const whole = join(place.directory, 'whole');
  mortality.reset(Number.POSITIVE_INFINITY);
  await write(whole);
  const steps = mortality.changes;
  expect(steps).toBeGreaterThan(40);
  for (let killedAt = 0; killedAt < steps; killedAt += 1) {
    const directory = join(place.directory, `killed-${killedAt}`);
    mortality.reset(killedAt);
    await expect(write(directory)).rejects.toThrow('killed');
    mortality.reset(Number.POSITIVE_INFINITY);
    // As another process sees it before anybody has put it in order, then put in order, then completed.
    const seen = await heldIn(directory);
    expect(seen).toEqual(log.events.slice(0, seen.length));
    await (await JournalFolder.open(options(directory))).close();
    const kept = await heldIn(directory);
    expect(kept).toEqual(log.events.slice(0, kept.length));
    const journal = await place.open(log, { directory });
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(log.events);
    for await (const finding of journal.verify()) expect(finding.ok).toBe(true);
    await journal.close();
    expect(await heldIn(directory)).toEqual(log.events);
    await rm(directory, { recursive: true });
  }
});
