import { orderAggregate } from '../src/commands/order/aggregate.ts';
import type { OrderCommand } from '../src/commands/order/commands.ts';
import { type ChainEnd, seal, startOfChain } from '../src/events/chain.ts';
import type { NewEvent, Revision } from '../src/events/envelope.ts';
import type { EventLog } from '../src/events/log/port.ts';
import { commandIdIn, orderIdIn } from '../src/simulate/play.ts';
import type { OrderScript } from '../src/simulate/script.ts';
import { workload } from '../src/simulate/workload.ts';

/** The end of the time in which all measured orders live. */
export const until = '2026-06-30T12:00:00.000Z';
export const beforeAll = '2020-01-01T00:00:00.000Z';

export const typicalOrders = (orders: number, seed = 'bench'): Generator<OrderScript> =>
  workload({ seed, orders, until });

/** A command of a script as the handler takes it. */
export function commandIn(script: OrderScript, index: number): OrderCommand {
  const timed = script.commands[index];
  if (!timed) throw new RangeError(`${script.key} has no command ${index}`);
  if (timed.kind !== 'place') return timed;
  const placement = { orderId: orderIdIn(script), orderNo: script.orderNo, customer: script.customer };
  return { kind: 'place', body: timed.body, placement };
}

/** What one command of an order appends. */
export interface Commit {
  readonly stream: string;
  readonly expected: Revision | 'no-stream';
  readonly events: readonly NewEvent[];
}

/** The events of an order, decided and sealed by the product's own functions, without a database. */
export function commitsOf(script: OrderScript): Commit[] {
  const stream = `${orderAggregate.family}-${orderIdIn(script)}`;
  let state = orderAggregate.initial;
  let end: ChainEnd = { stream, revision: 'no-stream', hash: startOfChain };
  return script.commands.map(({ at, actor }, index) => {
    const commandId = commandIdIn(script, index);
    const decision = orderAggregate.decide(state, commandIn(script, index), { now: at, occurredAt: at, commandId });
    if (!decision.ok) throw new Error(`Command ${index} of ${script.key} was refused: ${decision.refusal.message}`);
    const times = { occurredAt: at, recordedAt: at };
    const events = seal(end, decision.facts, {
      ...times,
      actor,
      commandId,
      correlationId: commandId,
      causationId: commandId,
    });
    for (const fact of decision.facts) state = orderAggregate.evolve(state, fact, times);
    const expected = end.revision;
    const revision = (expected === 'no-stream' ? -1 : expected) + events.length;
    end = { stream, revision, hash: events.at(-1)?.metadata.hash ?? end.hash };
    return { stream, expected, events };
  });
}

/** Appends the events of orders command by command, `active` orders at a time, as if they were all under way together. */
export async function loadOrders(log: EventLog, scripts: Iterable<OrderScript>, active: number): Promise<number> {
  let events = 0;
  let lot: Commit[][] = [];
  const flush = async (): Promise<void> => {
    for (let round = 0; lot.some((commits) => commits[round]); round += 1) {
      const commits = lot.flatMap((order) => order[round] ?? []);
      await Promise.all(commits.map((commit) => appendCertainly(log, commit)));
      for (const commit of commits) events += commit.events.length;
    }
    lot = [];
  };
  for (const script of scripts) {
    lot.push(commitsOf(script));
    if (lot.length === active) await flush();
  }
  await flush();
  return events;
}

async function appendCertainly(log: EventLog, { stream, events, expected }: Commit): Promise<void> {
  const outcome = await log.append(stream, events, { expected });
  if (outcome.kind !== 'appended') throw new Error(`Events of ${stream} were not appended: ${outcome.kind}`);
}
