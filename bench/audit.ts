import { randomUUID } from 'node:crypto';
import { eventsAfter } from '../src/audit/tree/reading.ts';
import type { Fact } from '../src/events/catalog/index.ts';
import { type CommandMetadata, eventIdOf, seal, startOfChain } from '../src/events/chain.ts';
import type { NewEvent } from '../src/events/envelope.ts';
import type { EventLog } from '../src/events/log/port.ts';
import type { House } from '../src/main/compose.ts';
import { eachInstallation } from './installation.ts';
import {
  type Comparison,
  comparisonTable,
  interleaved,
  type Result,
  stepsPerSecond,
  tell,
  type Variant,
} from './measure.ts';
import { commitsOf, loadOrders, typicalOrders } from './orders.ts';
import { activeOrders, auditedEvents, sliceMs } from './settings.ts';

const unchained = 'appended without a chain';
const onlyRead = 'only read';
const clients = 32;
const proofs = 2_000;

/** What tamper evidence costs: the chain while appending, the verification of a whole log, and a proof. */
export async function benchAudit(): Promise<Result> {
  const comparisons: Comparison[] = [];
  const remarks: string[] = [];
  await eachInstallation(async ({ name, open }) => {
    const house = await open();
    try {
      tell(`${name}: appending ${auditedEvents} events`);
      await loadOrders(house.log, typicalOrders(Math.ceil(auditedEvents / 10)), activeOrders);
      const start = performance.now();
      const { size } = await house.notary.grown();
      remarks.push(`${name}: the tree over ${size.toLocaleString('en-US')} events was made in ${seconds(start)} s.`);
      remarks.push(`${name}: ${await proofTimes(house)}`);
      comparisons.push({ situation: name, rival: onlyRead, measured: await interleaved(name, verifyingOn(house)) });
      // Last, for half of what is appended here has no chain.
      const appending = await interleaved(name, appendingOn(house, factsOfAnOrder()));
      comparisons.push({ situation: `${name}, ${clients} clients`, rival: unchained, measured: appending });
    } finally {
      await house.close();
    }
  });
  return {
    name: 'audit',
    about:
      `Events per second. Appended: commands of one to four events of a typical order, ${clients} at a time, straight into the log; the rival ` +
      'writes the same bytes with a constant in place of each hash. Verified: a log of ' +
      `${auditedEvents.toLocaleString('en-US')} events and more, every content, every chain and the tree over all of it against the kept tree and a ` +
      'checkpoint; the rival reads the same log by COPY and looks at nothing.',
    table: comparisonTable('events/s', comparisons),
    remarks,
  };
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(1);

/** What the commands of a typical order record, command by command. */
function factsOfAnOrder(): readonly (readonly Fact[])[] {
  const [order] = typicalOrders(1);
  if (!order) throw new Error('There is no order');
  return commitsOf(order).map(({ events }) => events.map(({ type, data }) => ({ type, data }) as Fact));
}

type Seal = typeof seal;

/** The same bytes, and nothing hashed but the ids. */
const unhashed: Seal = (_, facts, metadata) =>
  facts.map(
    (fact, index): NewEvent => ({
      eventId: eventIdOf(metadata.commandId, index),
      ...fact,
      metadata: { schemaVersion: 1, ...metadata, prevHash: startOfChain, hash: startOfChain },
    }),
  );

function appendingOn(house: House, commands: readonly (readonly Fact[])[]): Variant<number>[] {
  const events = commands.flat().length / commands.length;
  const appended = async (make: Seal): Promise<number> =>
    events * (await stepsPerSecond(sliceMs, clients, appendingWith(house.log, commands, make)));
  return [
    { name: 'appended with the chain', run: () => appended(seal) },
    { name: unchained, run: () => appended(unhashed) },
  ];
}

/** Each client plays an order to its end, then another one. */
function appendingWith(
  log: EventLog,
  commands: readonly (readonly Fact[])[],
  make: Seal,
): (client: number) => Promise<void> {
  const ends = new Map<number, { stream: string; next: number; revision: number | 'no-stream'; hash: string }>();
  return async (client) => {
    let end = ends.get(client);
    if (!end || end.next === commands.length) {
      end = { stream: `bench-${randomUUID()}`, next: 0, revision: 'no-stream', hash: startOfChain };
    }
    const events = make(end, commands[end.next] ?? [], metadataOf(randomUUID()));
    const outcome = await log.append(end.stream, events, { expected: end.revision });
    if (outcome.kind !== 'appended') throw new Error(`An append was ${outcome.kind}`);
    const hash = events.at(-1)?.metadata.hash ?? startOfChain;
    ends.set(client, { ...end, next: end.next + 1, revision: outcome.revision, hash });
  };
}

const metadataOf = (commandId: string): CommandMetadata => ({
  occurredAt: '2026-03-02T08:00:00.000Z',
  recordedAt: '2026-03-02T08:00:01.000Z',
  actor: { kind: 'program', id: 'bench', via: 'api' },
  commandId,
  correlationId: commandId,
  causationId: commandId,
});

function verifyingOn({ notary, log }: House): Variant<number>[] {
  const signal = new AbortController().signal;
  const perSecond = async (work: () => Promise<number>): Promise<number> => {
    const start = performance.now();
    return (await work()) / ((performance.now() - start) / 1000);
  };
  return [
    { name: 'verified', run: () => perSecond(async () => (await notary.verifyLog({ signal })).events) },
    {
      name: onlyRead,
      run: () =>
        perSecond(async () => {
          let events = 0;
          for await (const piece of eventsAfter(log, 'start', signal)) events += piece.length;
          return events;
        }),
    },
  ];
}

async function proofTimes({ notary }: House): Promise<string> {
  const { checkpoint } = await notary.checkpoint();
  const { tree } = notary;
  const times: number[] = [];
  for (let n = 0; n < proofs; n += 1) {
    const index = Math.floor(Math.random() * checkpoint.size);
    const start = performance.now();
    await tree.inclusionProof(index, checkpoint.size);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  return `an inclusion proof of a random event takes ${at(0.5)} ms (median), ${at(0.99)} ms (p99), its hashes read from the database.`;
}
