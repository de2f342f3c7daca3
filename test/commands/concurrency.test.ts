import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandHandler, CommandOutcome } from '../../src/commands/handle.ts';
import type { OrderState } from '../../src/commands/order/aggregate.ts';
import { verifyStream } from '../../src/events/chain.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { type Fault, faultyLog } from '../support/faulty-log.ts';
import { ask, handlerOn, orderOf, placed } from '../support/handling.ts';
import { memoryLog } from '../support/memory-log.ts';
import { command, orderId, pieces, place } from '../support/orders.ts';

const runs = process.env.ORDERFOLD_SOAK ? 2_000 : 60;
const stream = `order-${orderId}`;

const faults = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fault | undefined>(undefined) },
    { weight: 3, arbitrary: fc.constantFrom<Fault>('lost-answer', 'lost-request', 'late', 'unreadable') },
  ),
  { maxLength: 80, size: 'max' },
);

/** Repeats a command until its outcome is known, as a careful client does. */
async function certainly(send: () => Promise<CommandOutcome<OrderState>>): Promise<CommandOutcome<OrderState>> {
  for (;;) {
    const outcome = await send().catch(() => undefined);
    const again =
      outcome === undefined || (outcome.kind === 'refused' && /outcome-unknown|stream-busy/.test(outcome.refusal.code));
    if (!again) return outcome;
  }
}

const idsOf = (events: readonly Recorded[]): string[] => events.map(({ metadata }) => metadata.commandId);

describe('many commands at once, over a log that fails at random, from several processes', () => {
  test('none is lost, none is carried out twice', async () => {
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 3 }), async (planned, processes) => {
        const base = memoryLog();
        const setUp = handlerOn(base);
        await ask(setUp, place({ lines: [{ sku: 'A', qty: pieces(15) }] }));
        await ask(setUp, command('accept', {}));
        const queue = [...planned];
        const handlers = Array.from({ length: processes }, () =>
          handlerOn(faultyLog(base, { next: () => queue.shift() })),
        );
        const commands = Array.from({ length: 20 }, (_, i) => ({ commandId: randomUUID(), shipmentId: `S${i}` }));
        const outcomes = await Promise.all(
          commands.map(({ commandId, shipmentId }, i) => {
            const handler = handlers[i % processes] as CommandHandler;
            const ship = command('ship', { shipmentId, lines: [{ lineNo: 1, qty: pieces(1) }] });
            return certainly(() => ask(handler, ship, { commandId, mayBeRepeat: true }));
          }),
        );
        const done = commands.filter((_, i) => outcomes[i]?.kind === 'done').map(({ commandId }) => commandId);
        expect(done.length).toBe(15);
        expect(idsOf(base.events.slice(4)).sort()).toEqual(done.sort());
        expect((await orderOf(handlerOn(base))).lines[0]?.ledger.shipped).toBe('15');
        expect(await verifyStream(stream, base.readStream(stream))).toMatchObject({ ok: true });
      }),
      { numRuns: runs },
    );
  });

  test('in one process they take turns and never conflict', async () => {
    const log = faultyLog(memoryLog(), { next: () => undefined });
    const handler = handlerOn(log);
    await placed(handler);
    const before = log.appends;
    const holds = Array.from({ length: 50 }, (_, i) =>
      ask(handler, command('hold', { holdType: 'price', holdId: `H${i}` })),
    );
    await Promise.all(holds);
    expect(log.appends - before).toBe(50);
    expect(log.reads).toEqual([]);
  });
});
