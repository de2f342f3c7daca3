import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandHandler, type CommandOutcome, createCommandHandler } from '../../src/commands/handle.ts';
import { type OrderState, orderAggregate } from '../../src/commands/order/aggregate.ts';
import type { OrderCommand } from '../../src/commands/order/commands.ts';
import { postgresReceipts, receiptMigrations } from '../../src/commands/receipts-postgres.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { verifyStream } from '../../src/events/chain.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { openPostgresLog, postgresLogMigrations } from '../../src/events/log/postgres.ts';
import { eachDatabase } from '../support/databases.ts';
import { command, orderNo, pieces, place } from '../support/orders.ts';

const keys = process.env.ORDERFOLD_SOAK ? 400 : 40;

interface Process {
  readonly log: EventLog;
  readonly handler: CommandHandler;
  readonly problems: string[];
}

function processOn(database: Database): Process {
  const log = openPostgresLog(database);
  const problems: string[] = [];
  const clock = () => new Date().toISOString();
  const report = ({ message }: { message: string }) => problems.push(message);
  const receipts = postgresReceipts(database, { syncedByLog: true });
  return { log, problems, handler: createCommandHandler({ log, receipts, clock, report }) };
}

/** Sends a command with a key as a careful client does: again and again, until it is told what became of it. */
async function certainly(processes: readonly Process[], id: string, command: OrderCommand, key: string) {
  for (let i = 0; ; i += 1) {
    const handler = processes[i % processes.length]?.handler as CommandHandler;
    const idempotency = { principal: 'desk', key, bodyHash: key };
    const actor = { kind: 'user', id: 'desk', via: 'api' } as const;
    const outcome: CommandOutcome<OrderState> | undefined = await handler
      .execute(orderAggregate, id, command, { commandId: randomUUID(), actor, idempotency })
      .catch(() => undefined);
    const again = /command-in-flight|outcome-unknown|stream-busy/;
    if (outcome && !(outcome.kind === 'refused' && again.test(outcome.refusal.code))) return outcome;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

eachDatabase('the command path', (opened) => {
  let processes: Process[] = [];
  beforeAll(async () => {
    const { database, another } = opened();
    await migrate(database, [...postgresLogMigrations, ...receiptMigrations]);
    const other = await another?.();
    processes = [processOn(database), processOn(other ?? database)];
    return async () => {
      for (const { handler, log } of processes) {
        await handler.settle();
        await log.close();
      }
      await other?.close();
    };
  });

  async function acceptedOrder(qty: number): Promise<string> {
    const id = randomUUID();
    const customer = { customerId: 'ACME', zone: 'Europe/Berlin' };
    const opening = place({ lines: [{ sku: 'A', qty: pieces(qty) }] }) as Extract<OrderCommand, { kind: 'place' }>;
    await certainly(processes, id, { ...opening, placement: { orderId: id, orderNo, customer } }, `${id}/place`);
    await certainly(processes, id, command('accept', {}), `${id}/accept`);
    return id;
  }

  describe('with every command sent twice at once, to two processes', () => {
    test.each([false, true])('carries out each once (connections cut meanwhile: %s)', async (cut) => {
      const id = await acceptedOrder(keys);
      const sent = Array.from({ length: keys }, (_, i) => {
        const ship = command('ship', { shipmentId: `S${i}`, lines: [{ lineNo: 1, qty: pieces(1) }] });
        return [processes, [...processes].reverse()].map((order) => certainly(order, id, ship, `${id}/${i}`));
      }).flat();
      if (cut) await opened().killConnections?.(); // the embedded database has none
      const outcomes = await Promise.all(sent);
      const log = processes[0]?.log as EventLog;
      const events: Recorded[] = [];
      for await (const event of log.readStream(`order-${id}`)) events.push(event);
      expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true);
      expect(events.filter(({ type }) => type === 'LinesShipped').length).toBe(keys);
      expect(await verifyStream(`order-${id}`, events)).toMatchObject({ ok: true });
      for (const [i, outcome] of outcomes.entries()) {
        const twin = outcomes[i ^ 1];
        if (outcome.kind === 'done' && twin?.kind === 'done') expect(outcome.revision).toBe(twin.revision);
      }
    });
  });

  test('a command that two processes carry out at the same time leaves an unbroken chain, and both go on from it', async () => {
    const id = await acceptedOrder(50);
    const [one, two] = processes as [Process, Process];
    let arrived = () => {};
    const atTheDoor = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let open = () => {};
    const letIn = new Promise<void>((resolve) => {
      open = resolve;
    });
    const clockOf = (minute: number) => () => new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString();
    const stalled: EventLog = {
      ...one.log,
      readStream: (...asked) => one.log.readStream(...asked),
      async append(...asked) {
        arrived();
        await letIn;
        return one.log.append(...asked);
      },
    };
    const slow = createCommandHandler({ log: stalled, clock: clockOf(1) });
    const quick = createCommandHandler({ log: two.log, clock: clockOf(2) });
    const meta = { commandId: randomUUID(), actor: { kind: 'user', id: 'desk', via: 'api' } } as const;
    const ship = command('ship', { lines: [{ lineNo: 1, qty: pieces(1) }] });
    const first = slow.execute(orderAggregate, id, ship, meta);
    await atTheDoor;
    const second = await quick.execute(orderAggregate, id, ship, { ...meta, mayBeRepeat: true });
    open();
    expect(await first).toMatchObject({ kind: 'done', revision: (second as { revision: number }).revision });
    for (const handler of [slow, quick, slow]) {
      await handler.execute(orderAggregate, id, ship, { ...meta, commandId: randomUUID() });
    }
    const events: Recorded[] = [];
    for await (const event of two.log.readStream(`order-${id}`)) events.push(event);
    expect(await verifyStream(`order-${id}`, events)).toMatchObject({ ok: true });
    expect(events.filter(({ type }) => type === 'LinesShipped')).toHaveLength(4);
  });
});
