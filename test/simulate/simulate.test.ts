import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCommandHandler } from '../../src/commands/handle.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { playScript, registerCustomers } from '../../src/simulate/play.ts';
import { scenario } from '../../src/simulate/scenario.ts';
import { type SimulationRequest, simulate } from '../../src/simulate/simulate.ts';
import { workload } from '../../src/simulate/workload.ts';
import { Killed, killedAt, streamsDigest } from '../support/import-files.ts';
import { memoryLog } from '../support/memory-log.ts';
import { memorySeals } from '../support/seals.ts';

const until = '2026-06-01T12:00:00.000Z';
const numbers = { raiseAbove: async () => {} };

function run(log: EventLog, request: Partial<SimulationRequest> = {}) {
  const handler = createCommandHandler({ log, clock: () => until });
  return simulate({ handler, log, numbers }, { seed: 'test', orders: 60, until, ...request });
}

async function digestOf(request: Partial<SimulationRequest>): Promise<string> {
  const log = memoryLog();
  await run(log, request);
  return streamsDigest(log.events);
}

describe('the simulated manufacturer', () => {
  test('is the same for the same seed and end, however many orders are under way at a time', async () => {
    const expected = await digestOf({});
    expect(await digestOf({ concurrency: 1 })).toBe(expected);
    expect(await digestOf({ concurrency: 7 })).toBe(expected);
    expect(await digestOf({ seed: 'other' })).not.toBe(expected);
    expect(await digestOf({ until: '2026-05-31T12:00:00.000Z' })).not.toBe(expected);
  });

  test('the bytes of a seed do not change unnoticed', () => {
    const first = [...scenario({ seed: 'golden', orders: 5, until })].map(({ orderNo, customer, commands }) =>
      [orderNo, customer.customerId, commands.length, commands.at(-1)?.at].join(' '),
    );
    expect(first).toMatchInlineSnapshot(`
      [
        "SO-1001-9 C-1013 3 2026-05-07T16:59:00.000Z",
        "SO-1002-4 C-1004 8 2026-05-25T10:30:00.000Z",
        "SO-1003-5 C-1014 6 2026-05-30T19:11:00.000Z",
        "SO-1004-3 C-1003 5 2026-05-26T09:09:00.000Z",
        "SO-1005-6 C-1012 3 2026-05-29T22:54:00.000Z",
      ]
    `);
  });

  test('asks only for what can be done, for any seed', async () => {
    const seeds = fc.string({ maxLength: 8 });
    const check = async (seed: string) => {
      const log = memoryLog();
      const summary = await run(log, { seed, orders: 40, weeks: 30 });
      expect(summary).toMatchObject({ orders: 40, interrupted: false, eventsAppended: log.events.length });
      expect(log.events.filter(({ metadata }) => metadata.occurredAt > until)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(seeds, check), { numRuns: process.env.ORDERFOLD_SOAK ? 300 : 12 });
  });

  test('has a contact at every customer, whom its orders name, where persons can be sealed', async () => {
    const log = memoryLog();
    const handler = createCommandHandler({ log, clock: () => until, seals: memorySeals() });
    for (const orders of [10, 12])
      await simulate({ handler, log, numbers }, { seed: 'test', orders, until, contacts: true });
    const contacts = log.events.filter(({ type }) => type === 'ContactAdded').map(({ stream }) => stream);
    expect(new Set(contacts).size).toBe(18);
    expect(contacts).toHaveLength(18);
    const named = log.events
      .filter(({ type }) => type === 'OrderStarted')
      .map(({ data }) => `contact-${(data as { shipTo: { contactId: string } }).shipTo.contactId}`);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((stream) => !contacts.includes(stream))).toEqual([]);
  });

  test('shows every kind of event that an order knows', async () => {
    const log = memoryLog();
    await run(log, { orders: 400, weeks: 40 });
    const types = [...new Set(log.events.map(({ type }) => type))].sort();
    expect(types).toEqual([
      'CustomerRegistered',
      'DeliveryErrorRecorded',
      'HoldPlaced',
      'HoldReleased',
      'LinesDelivered',
      'LinesShipped',
      'OrderAccepted',
      'OrderCancelled',
      'OrderClosed',
      'OrderLinesAdded',
      'OrderLinesChanged',
      'OrderRejected',
      'OrderStarted',
      'OrderSubmitted',
      'PromiseCommitted',
      'PromiseRevised',
      'QuantityCancelled',
    ]);
  });

  test('killed at any append it ends the same when run again, and once more adds nothing', async () => {
    const whole = memoryLog();
    await run(whole, { orders: 12 });
    const expected = streamsDigest(whole.events);
    for (const at of [1, 9, 18, 19, 30, 47, 64]) {
      const log = memoryLog();
      await expect(run(killedAt(log, at, at % 2 === 0 ? 'before' : 'after'), { orders: 12 })).rejects.toBeInstanceOf(
        Killed,
      );
      await run(log, { orders: 12 });
      expect(streamsDigest(log.events)).toBe(expected);
      expect(await run(log, { orders: 12 })).toMatchObject({ eventsAppended: 0 });
    }
  });

  test('stops when asked to, and raises the order numbers above its own first', async () => {
    const controller = new AbortController();
    const log = memoryLog();
    const stopped = await run(log, { concurrency: 1, signal: controller.signal, onProgress: () => controller.abort() });
    expect(stopped).toMatchObject({ orders: 1, interrupted: true });
    const raised: string[] = [];
    const handler = createCommandHandler({ log: memoryLog(), clock: () => until });
    const raiseAbove = async (orderNo: string) => void raised.push(orderNo);
    await simulate({ handler, log: memoryLog(), numbers: { raiseAbove } }, { seed: 'n', orders: 3, until });
    expect(raised).toEqual([[...scenario({ seed: 'n', orders: 3, until })].at(-1)?.orderNo]);
  });
});

describe('the workload for measurements', () => {
  test('is orders of 3 lines, 8 commands and 10 events each', async () => {
    const log = memoryLog();
    const handler = createCommandHandler({ log, clock: () => until });
    await registerCustomers({ handler, log }, '2025-01-01T00:00:00.000Z');
    for (const script of workload({ seed: 'load', orders: 5, until })) {
      expect(script.commands).toHaveLength(8);
      expect(await playScript(script, { handler, log })).toBe(10);
    }
  });
});
