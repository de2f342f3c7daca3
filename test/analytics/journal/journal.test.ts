import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { all, type JournalPlace, journalPlace } from '../../support/journal.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { interleaved } from '../../support/order-history.ts';

let place: JournalPlace;
let log: MemoryLog;
beforeEach(() => {
  place = journalPlace();
  log = memoryLog();
});
afterEach(() => place.remove());

const record = (orders: number): void => {
  for (const { stream, event } of interleaved(log.events.length, orders, 4)) log.record(stream, event);
};

describe('the journal', () => {
  test('gives every event back exactly as the log gave it', async () => {
    record(9);
    log.recordRaw('odd-Größe', {
      type: 'OrderAccepted',
      data: { lineNo: -7, orderNo: 'Ä“€𝄞\u0000', deep: [null, 1.5e-7] },
    });
    log.recordRaw('odd-1', { type: 'OrderAccepted', data: 'no object', occurredAt: '1969-12-31T23:59:59.999Z' });
    log.recordRaw('odd-2', { type: 'NewerThanThisProgram', data: null });
    record(3);
    const journal = await place.open(log);
    await journal.caughtUp();
    expect(await all(journal.read('start'))).toEqual(log.events);
    expect(journal.position).toBe(log.events.at(-1)?.position);
    expect(place.problems).toEqual([]);
  });

  test('gives any stretch between two positions', async () => {
    record(8);
    const journal = await place.open(log);
    await journal.caughtUp();
    for (const [from, to] of [
      [0, 80],
      [0, 1],
      [7, 9],
      [23, 24],
      [24, 49],
      [70, 80],
      [79, 80],
      [5, 5],
    ] as const) {
      const after = (from as number) === 0 ? ('start' as const) : (log.events[from - 1]?.position ?? '');
      const upTo = (to as number) === 0 ? ('start' as const) : (log.events[to - 1]?.position ?? '');
      expect(await all(journal.read(after, upTo))).toEqual(log.events.slice(from, to));
    }
  });
});
