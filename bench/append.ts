import { randomUUID } from 'node:crypto';
import { type CommandHandler, type CommandMeta, createCommandHandler } from '../src/commands/handle.ts';
import { orderAggregate } from '../src/commands/order/aggregate.ts';
import type { House } from '../src/main/compose.ts';
import { commandIdIn, orderIdIn, registerCustomers } from '../src/simulate/play.ts';
import type { OrderScript } from '../src/simulate/script.ts';
import { type EmmettRival, startEmmett } from './emmett.ts';
import { eachInstallation, type Installation } from './installation.ts';
import { type Comparison, comparisonTable, interleaved, type Result, stepsPerSecond, type Variant } from './measure.ts';
import { naiveLog } from './naive-log.ts';
import { beforeAll, commandIn, typicalOrders } from './orders.ts';
import { sliceMs } from './settings.ts';

const clientCounts = [1, 32, 256];
const naive = 'a transaction per command';

/** Commands per second through the real command handler: typical orders from entry to close, each client one after another. */
export async function benchAppend(): Promise<Result> {
  const comparisons: Comparison[] = [];
  const remarks: string[] = [];
  await eachInstallation(async (installation) => {
    const house = await installation.open();
    const emmett = await startEmmett(installation, remarks);
    try {
      await registerCustomers(house, beforeAll);
      const variants = variantsOn(house);
      for (const { play } of variants) await stepsPerSecond(sliceMs / 3, 32, newClients(play));
      for (const clients of clientCounts) comparisons.push(await compare(installation, clients, variants, emmett));
    } finally {
      await emmett?.stop();
      await house.close();
    }
  });
  return {
    name: 'append',
    about:
      'Commands per second through the command handler: typical orders of 3 lines, 8 commands and 10 events, each client one ' +
      'order after another. All variants decide, hash and cache alike and write the same table; the rival inserts each event ' +
      'by a statement of its own, in one transaction per command. "With receipts" is the path of an HTTP request.',
    table: comparisonTable('commands/s', comparisons),
    remarks,
  };
}

type Play = (script: OrderScript, index: number) => Promise<void>;

function variantsOn({ handler, database, log, clock }: House): { name: string; play: Play }[] {
  const rival = createCommandHandler({ log: naiveLog(database, log), clock });
  return [
    { name: 'group commit', play: playing(handler) },
    { name: 'group commit, with receipts', play: playing(handler, { withReceipts: true }) },
    { name: naive, play: playing(rival) },
  ];
}

async function compare(
  { name }: Installation,
  clients: number,
  variants: readonly { name: string; play: Play }[],
  emmett: EmmettRival | undefined,
): Promise<Comparison> {
  const situation = `${name}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  const own: Variant<number>[] = variants.map((variant) => ({
    name: variant.name,
    run: () => stepsPerSecond(sliceMs, clients, newClients(variant.play)),
  }));
  const rivals: Variant<number>[] = emmett ? [{ name: emmett.name, run: () => emmett.measure(clients, sliceMs) }] : [];
  return { situation, rival: naive, measured: await interleaved(situation, [...own, ...rivals]) };
}

/** Clients with orders that nobody has seen before. */
function newClients(play: Play): (client: number) => Promise<void> {
  const orders = typicalOrders(1_000_000, randomUUID());
  const atWork = new Map<number, { script: OrderScript; next: number }>();
  return async (client) => {
    let work = atWork.get(client);
    if (!work || work.next === work.script.commands.length) {
      work = { script: orders.next().value as OrderScript, next: 0 };
      atWork.set(client, work);
    }
    await play(work.script, work.next);
    work.next += 1;
  };
}

function playing(handler: CommandHandler, how: { readonly withReceipts: boolean } = { withReceipts: false }): Play {
  return async (script, index) => {
    const { at, actor, kind } = script.commands[index] ?? {};
    if (!at || !actor) throw new RangeError(`${script.key} has no command ${index}`);
    const meta: CommandMeta = {
      commandId: commandIdIn(script, index),
      actor,
      occurredAt: at,
      recordedAt: at,
      ...(how.withReceipts && { idempotency: { principal: 'bench', key: randomUUID(), bodyHash: `${kind}` } }),
    };
    const outcome = await handler.execute(orderAggregate, orderIdIn(script), commandIn(script, index), meta);
    if (outcome.kind === 'refused') throw new Error(`${kind} was refused: ${outcome.refusal.message}`);
  };
}
