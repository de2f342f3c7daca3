import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Analytics, factTables, openAnalytics } from '../../src/analytics/engine.ts';
import { applyRows } from '../../src/analytics/facts/apply.ts';
import { ChangeWriter } from '../../src/analytics/facts/changes/change-writer.ts';
import { FoldedFacts } from '../../src/analytics/facts/facts.ts';
import { fold, settleAll } from '../../src/analytics/facts/fold.ts';
import { readCheckpoint, writeCheckpoint } from '../../src/analytics/history/checkpoint.ts';
import { History } from '../../src/analytics/history/history.ts';
import type { KpiRequest } from '../../src/analytics/query/answer.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { tableOfFacts } from '../support/fact-tables.ts';
import { folded } from '../support/folded-facts.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { randomLife } from '../support/order-commands.ts';
import { eventsOfLife } from '../support/random-history.ts';
import { simulatedHistory } from '../support/simulated-history.ts';

const until = '2026-04-08T12:00:00.000Z';
const limits = { fileEvents: 300, checkpointEvents: 700, lastCheckpointEvents: 50 };
const runs = process.env.ORDERFOLD_SOAK ? 1_000 : 60;

/** Everything that readers can see, and what the fold goes on from. */
async function seen(facts: FoldedFacts): Promise<object> {
  const tables = await Promise.all(factTables.map((name) => tableOfFacts(facts, name)));
  const { position, events, recordedAt, span, parked } = facts;
  return { tables, position, events, recordedAt, span: { ...span }, parked: [...parked] };
}

function logOf(events: readonly Recorded[]): MemoryLog {
  const log = memoryLog();
  for (const { stream, revision: _, position: __, ...event } of events) log.record(stream, event);
  return log;
}

function eventsOf(lives: Parameters<typeof eventsOfLife>[0][]): Recorded[] {
  const log = memoryLog();
  for (const [serial, life] of lives.entries()) {
    const { stream, events } = eventsOfLife(life, serial);
    log.record(stream, ...events);
  }
  return [...log.events];
}

/** The facts of changes that were kept, without the events. */
function applied(events: readonly Recorded[]): FoldedFacts {
  const [facts, changes] = [new FoldedFacts(), new ChangeWriter(0)];
  for (const event of events) fold(facts, event, changes);
  const again = new FoldedFacts();
  applyRows(again, changes.columns(), 0, changes.events);
  for (const _ of settleAll(again));
  again.position = facts.position;
  return again;
}

describe('the history', { timeout: 120_000 }, () => {
  let events: Recorded[];
  let directory: string;
  let problems: string[];
  beforeAll(async () => {
    events = await simulatedHistory('history', 250, until, 40);
  }, 60_000);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'orderfold-history-'));
    problems = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  const opened = async (log: MemoryLog, kept = true): Promise<Analytics> => {
    const report = ({ code }: { code: string }) => problems.push(code);
    const history = () => History.open({ directory, writes: true, report, limits });
    const analytics = await openAnalytics({ log, clock: () => until, report, ...(kept && { history }) });
    const head = await log.head();
    if (head !== 'start') expect(await analytics.waitFor(head, { timeoutMs: 60_000 })).toBe(true);
    return analytics;
  };

  const tablesOf = async (analytics: Analytics, asOf?: KpiRequest['asOf']) => {
    const tables: object[] = [];
    for (const name of factTables) tables.push((await analytics.facts(name, asOf && { asOf })).table);
    return tables;
  };

  test('gives from changes what the events give, in random lives and in a simulated history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomLife, { minLength: 1, maxLength: 3 }), async (lives) => {
        const told = eventsOf(lives);
        expect(await seen(applied(told))).toEqual(await seen(folded(told)));
      }),
      { numRuns: runs },
    );
    const poisoned = events.find(({ type }) => type === 'LinesDelivered');
    const broken = events.map((event) => (event === poisoned ? { ...event, data: { orderNo: 5 } } : event));
    const unknown = { ...(broken.at(-1) as Recorded), stream: 'order-nobody', position: '9' };
    expect(await seen(applied([...broken, unknown]))).toEqual(await seen(folded([...broken, unknown])));
    expect(folded([...broken, unknown]).parked.size).toBe(2);
  });

  test('restores facts that equal those folded, and that are folded on alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomLife, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (lives, share) => {
          const told = eventsOf(lives);
          const cut = Math.floor(told.length * share);
          const path = join(directory, 'facts');
          await writeCheckpoint(path, folded(told.slice(0, cut)));
          const restored = await readCheckpoint(path);
          expect(await seen(restored)).toEqual(await seen(folded(told.slice(0, cut))));
          expect(await seen(folded(told.slice(cut), restored))).toEqual(await seen(folded(told)));
        },
      ),
      { numRuns: runs / 3 },
    );
  });

  test('lets a service start where the last one ended, without reading the events again', async () => {
    const log = logOf(events.slice(0, 2_200));
    await (await opened(log)).close();
    expect((await readdir(join(directory, 'changes'))).length).toBe(3);
    expect((await readdir(join(directory, 'checkpoints'))).length).toBeGreaterThan(0);
    for (const { stream, revision: _, position: __, ...event } of events.slice(2_200)) log.record(stream, event);
    const asked: unknown[] = [];
    const watched = {
      ...log,
      subscribe(options: Parameters<MemoryLog['subscribe']>[0]) {
        asked.push(options.after);
        return log.subscribe(options);
      },
    };
    const again = await opened(watched as MemoryLog);
    expect(asked).toEqual([log.events[2_198]?.position, log.events[2_199]?.position]);
    const plain = await opened(log, false);
    expect(await tablesOf(again)).toEqual(await tablesOf(plain));
    expect(problems).toEqual([]);
    await again.close();
    await plain.close();
  });

  test('tells of the past what the log tells, of positions and of instants', async () => {
    const log = logOf(events);
    const [kept, plain] = [await opened(log), await opened(log, false)];
    for (const share of [0.3, 0.9, 0.5, 0.05]) {
      const asOf = { position: log.events[Math.floor(events.length * share)]?.position ?? '' };
      expect(await tablesOf(kept, asOf)).toEqual(await tablesOf(plain, asOf));
    }
    for (const instant of ['2026-02-20T00:00:00.000Z', '2026-03-20T00:00:00.000Z', '2020-01-01T00:00:00.000Z']) {
      const question = { kpis: ['on_time_rate', 'cycle_time'], group: ['month', 'country'], asOf: { instant } };
      expect(await kept.query(question)).toEqual(await plain.query(question));
    }
    await kept.close();
    await plain.close();
  });

  test('knows by an instant only what was recorded by it, whatever the order in the log', async () => {
    const mixed = events.map((event, at) =>
      at % 7 === 0
        ? { ...event, metadata: { ...event.metadata, recordedAt: '2026-04-07T00:00:00.000Z' } }
        : { ...event, metadata: { ...event.metadata, recordedAt: '2026-03-01T00:00:00.000Z' } },
    );
    const log = logOf(mixed);
    const [kept, plain] = [await opened(log), await opened(log, false)];
    const question = {
      kpis: ['count', 'on_time_rate'],
      group: ['month', 'sku'],
      asOf: { instant: '2026-03-15T00:00:00.000Z' },
    };
    const answer = await kept.query(question);
    expect(answer).toEqual(await plain.query(question));
    expect(answer.rows.length).toBeGreaterThan(0);
    await kept.close();
    await plain.close();
  });

  test.each(['changes', 'checkpoints'])('makes damaged %s anew', async (folder) => {
    const log = logOf(events);
    await (await opened(log)).close();
    const names = (await readdir(join(directory, folder))).sort();
    for (const name of folder === 'changes' ? names.slice(1, 2) : names) {
      const path = join(directory, folder, name);
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 4, bytes.length >> 1);
      await writeFile(path, bytes);
    }
    if (folder === 'changes') await rm(join(directory, 'checkpoints'), { recursive: true });
    const [again, plain] = [await opened(log), await opened(log, false)];
    expect(await tablesOf(again)).toEqual(await tablesOf(plain));
    expect(problems).toEqual(folder === 'changes' ? ['analytics-history-damaged'] : []);
    await again.close();
    await plain.close();
  });

  test('is thrown away when it is of another log', async () => {
    await (await opened(logOf(events))).close();
    const other = logOf(events.slice(100));
    const [again, plain] = [await opened(other), await opened(other, false)];
    expect(problems).toContain('analytics-history-of-another-log');
    expect(await tablesOf(again)).toEqual(await tablesOf(plain));
    await again.close();
    await plain.close();
  });
});
