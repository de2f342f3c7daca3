import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Redecision } from '../../../src/audit/regression/redecide.ts';
import { type RegressionOptions, regress } from '../../../src/audit/regression/regress.ts';
import { type AnyAggregate, families } from '../../../src/commands/families.ts';
import { createCommandHandler } from '../../../src/commands/handle.ts';
import type { Fact } from '../../../src/events/catalog/index.ts';
import type { Recorded } from '../../../src/events/envelope.ts';
import { simulate } from '../../../src/simulate/simulate.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';

const until = '2026-06-01T12:00:00.000Z';
const orders = process.env.ORDERFOLD_SOAK ? 2_000 : 60;
let log: MemoryLog;
beforeAll(async () => {
  log = memoryLog();
  const handler = createCommandHandler({ log, clock: () => until });
  await simulate({ handler, log, numbers: { raiseAbove: async () => {} } }, { seed: 'regress', orders, until });
});

async function run(options: Partial<RegressionOptions> = {}) {
  const found: Redecision[] = [];
  const result = await regress({ log, aggregates: families, onFound: (one) => found.push(one), ...options });
  return { result, found };
}

/** The deciders of the product, with another one for orders. */
const withOrders = (change: (facts: readonly Fact[], kind: string) => readonly Fact[]) => {
  const order = families.get('order') as AnyAggregate;
  const changed: AnyAggregate = {
    ...order,
    decide: (state, command, context) => {
      const decision = order.decide(state, command, context);
      const { kind } = command as { readonly kind: string };
      return decision.ok ? { ok: true, facts: change(decision.facts, kind) } : decision;
    },
  };
  return new Map([...families, ['order', changed]]);
};

const commandsIn = (events: readonly Recorded[]): number =>
  new Set(events.map(({ stream, metadata }) => `${stream} ${metadata.commandId}`)).size;

describe('deciding the simulated history again', () => {
  test('with the same program finds nothing, whatever was asked for', async () => {
    const { result, found } = await run();
    expect(found).toEqual([]);
    expect(result).toMatchObject({ kind: 'finished', differing: 0, unrecorded: 0, unreadable: [] });
    expect(result.commands).toBe(commandsIn(log.events));
    expect(result.position).toBe(await log.head());
  });

  test('with another decider tells exactly the orders that would be otherwise, and how', async () => {
    const later = withOrders((facts) =>
      facts.map((fact) =>
        fact.type === 'LinesShipped' ? { ...fact, data: { ...fact.data, carrier: 'Other' } } : fact,
      ),
    );
    const { result, found } = await run({ aggregates: later });
    const shipped = log.events.filter(
      ({ type, data }) => type === 'LinesShipped' && (data as { carrier?: string }).carrier !== 'Other',
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ stream, revision }) => `${stream} ${revision}`).sort()).toEqual(
      shipped.map(({ stream, revision }) => `${stream} ${revision}`).sort(),
    );
    expect(result.differing).toBe(shipped.length);
    expect(found[0]).toMatchObject({
      ...{ kind: 'decided-otherwise', command: 'ship', recorded: ['LinesShipped'], decided: ['LinesShipped'] },
      orderNo: expect.stringMatching(/^SO-/),
      differences: [{ field: '0.data.carrier', after: 'Other' }],
    });
    const again = await run({ aggregates: later });
    expect(again.found, 'the same each time').toEqual(found);
  });

  test('tells what would be refused, and what the program breaks over', async () => {
    const order = families.get('order') as AnyAggregate;
    const strict: AnyAggregate = {
      ...order,
      decide: (state, command, context) => {
        const { kind } = command as { readonly kind: string };
        if (kind === 'accept') return { ok: false, refusal: { code: 'order-unknown', message: 'No' } };
        if (kind === 'cancel') throw new Error('broken');
        return order.decide(state, command, context);
      },
    };
    const { found } = await run({ aggregates: new Map([...families, ['order', strict]]) });
    const accepted = found.filter(({ command }) => command === 'accept');
    expect(accepted.length).toBe(log.events.filter(({ type }) => type === 'OrderAccepted').length);
    expect(accepted[0]).toMatchObject({ kind: 'refused', why: 'order-unknown: No' });
    expect(found.filter(({ command }) => command === 'cancel').every(({ kind }) => kind === 'failed')).toBe(true);
  });

  test('stops when told to and goes on after the position that it told', async () => {
    const all = await run();
    const stop = new AbortController();
    const first = await run({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(first.result.kind).toBe('interrupted');
    expect(first.result.streams).toBeLessThan(all.result.streams);
    const rest = await run({ after: first.result.position });
    expect(first.result.streams + rest.result.streams).toBe(all.result.streams);
    expect(first.result.commands + rest.result.commands).toBe(all.result.commands);
    expect((await run({ after: all.result.position })).result.streams).toBe(0);
  });

  test('can be asked of some streams, and of what was recorded since', async () => {
    const stream = log.events.find(({ type }) => type === 'OrderStarted')?.stream ?? '';
    const own = log.events.filter((event) => event.stream === stream);
    expect((await run({ streams: [stream] })).result).toMatchObject({ streams: 1, commands: commandsIn(own) });
    const since = '2026-04-01T00:00:00.000Z';
    const recent = log.events.filter(({ metadata }) => metadata.recordedAt >= since);
    expect((await run({ since })).result.commands).toBe(commandsIn(recent));
  });

  test('counts what was recorded before commands were kept, and streams that cannot be read', async () => {
    const old = memoryLog();
    for (const event of log.events.slice(0, 40)) {
      const { command: _, ...metadata } = event.metadata;
      old.record(event.stream, { ...event, metadata });
    }
    old.recordRaw('customer-odd', { type: 'CustomerRegistered', data: { customerId: 17 } });
    const { result } = await run({ log: old });
    expect(result).toMatchObject({ commands: 0, unreadable: ['customer-odd'] });
    expect(result.unrecorded).toBe(commandsIn(log.events.slice(0, 40)));
  });
});

test('the deciders of all families of streams are known', () => {
  const golden = join(import.meta.dirname, '../../events/golden');
  const streams = readdirSync(golden).map(
    (file) => JSON.parse(readFileSync(join(golden, file), 'utf8')).stream as string,
  );
  const unknown = streams
    .map((stream) => stream.slice(0, stream.indexOf('-')))
    .filter((family) => !families.has(family));
  expect([...new Set(unknown)]).toEqual([]);
});
