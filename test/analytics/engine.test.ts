import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import { tableNames } from '../../src/analytics/facts/tables.ts';
import type { KpiRequest, KpiRow } from '../../src/analytics/query/answer.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { tableOfFacts, wholeTable } from '../support/fact-tables.ts';
import { folded } from '../support/folded-facts.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { simulatedHistory } from '../support/simulated-history.ts';

const until = '2026-04-08T12:00:00.000Z';

/** A log that gives these events. */
function logOf(events: readonly Recorded[]): MemoryLog {
  const log = memoryLog();
  for (const { stream, revision: _, position: __, ...event } of events) log.record(stream, event);
  return log;
}

async function analyticsOf(log: MemoryLog, clock = () => until): Promise<Analytics> {
  const analytics = await openAnalytics({ log, clock });
  const head = await log.head();
  if (head !== 'start') expect(await analytics.waitFor(head, { timeoutMs: 20_000 })).toBe(true);
  return analytics;
}

const computed = (analytics: Analytics): string[] => analytics.kpis.filter(({ awaits }) => !awaits).map(({ id }) => id);

describe('analytics over a simulated history', { timeout: 60_000 }, () => {
  let events: readonly Recorded[];
  let log: MemoryLog;
  let analytics: Analytics;
  beforeAll(async () => {
    log = logOf(await simulatedHistory('engine', 400, until, 30));
    events = log.events;
    analytics = await analyticsOf(log);
  }, 60_000);
  afterAll(() => analytics.close());

  test('the stages of every completed order add up to its cycle time', async () => {
    const table = await wholeTable(await analytics.facts('orders'));
    const column = (name: string): Float64Array =>
      table.columns.find((one) => one.name === name)?.values as Float64Array;
    const stages = ['stage_accept', 'stage_clean', 'stage_ship', 'stage_deliver'].map(column);
    let completed = 0;
    for (let row = 0; row < table.rows; row += 1) {
      const gross = (column('completed_at')[row] as number) - (column('ordered_at')[row] as number);
      if (Number.isNaN(gross)) continue;
      completed += 1;
      expect(stages.reduce((sum, stage) => sum + (Number.isNaN(stage[row]) ? 0 : (stage[row] as number)), 0)).toBe(
        gross,
      );
    }
    expect(completed).toBeGreaterThan(200);
  });

  test('groups add up to the whole, for every KPI that adds up', async () => {
    for (const kpi of computed(analytics)) {
      const kind = analytics.kpis.find(({ id }) => id === kpi)?.measure?.kind;
      if (kind === 'product' || kind === 'difference') continue;
      const [whole] = (await analytics.query({ kpis: [kpi] })).rows;
      for (const group of [['customer'], ['month', 'country'], ['sku', 'week']]) {
        const { rows } = await analytics.query({ kpis: [kpi], group });
        const sum = (of: 'num' | 'den' | 'n_open') =>
          rows.reduce((total, row) => total + (row.kpis[kpi]?.[of] ?? 0), 0);
        expect(sum('den'), `${kpi} by ${group}`).toBeCloseTo(whole?.kpis[kpi]?.den ?? 0, 6);
        expect(sum('num'), `${kpi} by ${group}`).toBeCloseTo(whole?.kpis[kpi]?.num ?? 0, 4);
        expect(sum('n_open'), `${kpi} by ${group}`).toBe(whole?.kpis[kpi]?.n_open);
      }
    }
  });

  test('as of now is the live answer, and as of a position is what a log that ended there would tell', async () => {
    const question: KpiRequest = { kpis: computed(analytics), group: ['country'], on: '2026-04-08' };
    const live = await analytics.query(question);
    const { position } = analytics;
    expect(position).not.toBe('start');
    const now = await analytics.query({ ...question, asOf: { position: String(position) } });
    expect(now.rows).toEqual(live.rows);
    expect((await analytics.query({ ...question, asOf: { instant: until } })).rows).toEqual(live.rows);
    const middle = Math.floor(events.length * 0.6);
    const past = await analytics.query({ ...question, asOf: { position: events[middle]?.position ?? '' } });
    const shorter = await analyticsOf(logOf(events.slice(0, middle + 1)));
    expect(past.rows).toEqual((await shorter.query(question)).rows);
    expect(past.rows).not.toEqual(live.rows);
    await shorter.close();
  });

  test('a past folded on from an earlier past is the past folded from the start', async () => {
    const inTurn = await analyticsOf(log);
    for (const share of [0.2, 0.5, 0.8, 0.4]) {
      const at = Math.floor(events.length * share);
      const directly = folded(events.slice(0, at + 1));
      for (const name of tableNames) {
        const facts = await inTurn.facts(name, { asOf: { position: events[at]?.position ?? '' } });
        expect(await wholeTable(facts)).toEqual(await tableOfFacts(directly, name));
      }
    }
    await inTurn.close();
  });

  test('what was reported stands beside what is known now', async () => {
    const asked: KpiRequest = { kpis: ['on_time_rate', 'count'], group: ['month'] };
    const { rows } = await analytics.query({ ...asked, compare: { instant: '2026-02-28T23:59:59.999Z' } });
    const then = await analytics.query({ ...asked, asOf: { instant: '2026-02-28T23:59:59.999Z' } });
    const reported = new Map(then.rows.map((row) => [row.group.month, row.kpis.count?.num]));
    for (const { group, kpis } of rows) {
      expect(kpis.count?.compared?.num).toBe(reported.get(group.month ?? null) ?? 0);
    }
    const deltas = rows.map(({ kpis }) => kpis.on_time_rate?.compared?.delta ?? null);
    expect(deltas.some((delta) => delta !== null && delta !== 0)).toBe(true);
  });

  test('the units behind a cell make up the cell', async () => {
    for (const kpi of ['on_time_rate', 'order_cycle_time', 'fill_rate_lines', 'workload', 'promise_slippage']) {
      const question: KpiRequest = { kpis: [kpi], group: ['country', 'month'] };
      const { rows } = await analytics.query(question);
      for (const { group, kpis } of rows.slice(0, 5)) {
        const { units } = await analytics.cell({ ...question, kpi, cell: group });
        const counted = units.filter((unit) => unit.counted);
        expect(counted.length).toBe(kpis[kpi]?.den);
        expect(units.length - counted.length).toBe(kpis[kpi]?.n_open);
        expect(counted.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBeCloseTo(kpis[kpi]?.num ?? Number.NaN, 6);
      }
    }
  });

  test('what changed a cell is told with the events that did it', async () => {
    const since = events[Math.floor(events.length * 0.7)]?.position ?? '';
    const request = { kpis: [], kpi: 'on_time_rate', cell: {}, grain: 'order', on: '2026-04-08' };
    const changes = await analytics.whatChanged({ ...request, since });
    expect(changes.before).not.toEqual(changes.after);
    expect(changes.orders.length).toBeGreaterThan(10);
    for (const order of changes.orders) {
      expect(order.before).not.toEqual(order.after);
      expect(order.events.length).toBeGreaterThan(0);
      for (const event of order.events)
        expect(event.position > since && event.stream.endsWith(order.orderId)).toBe(true);
    }
    const good = (units: readonly { good: boolean | null }[]) => units.filter((unit) => unit.good).length;
    const gained = changes.orders.reduce((sum, { before, after }) => sum + good(after) - good(before), 0);
    expect(changes.after.num - changes.before.num).toBe(gained);
    const fromStart = await analytics.whatChanged({ ...request, since: 'start', until: since });
    expect(fromStart.before).toMatchObject({ num: 0, den: 0 });
    expect(fromStart.after).toEqual(changes.before);
  });

  test('follows the log, and goes on after a lost subscription and beside a stream that it cannot interpret', async () => {
    const own = logOf(events.slice(0, 200));
    const problems: string[] = [];
    const following = await openAnalytics({ log: own, clock: () => until, report: ({ code }) => problems.push(code) });
    own.disconnect();
    const broken = { type: 'OrderAccepted', data: { orderNo: 'X' } };
    own.recordRaw('order-unknown', broken);
    for (const { stream, revision: _, position: __, ...event } of events.slice(200)) own.record(stream, event);
    const head = await own.head();
    expect(await following.waitFor(head, { timeoutMs: 20_000 })).toBe(true);
    expect(following.position).toBe(head);
    expect(problems).toContain('analytics-subscription-lost');
    expect(following.parked).toMatchObject([{ stream: 'order-unknown', code: 'inconsistent-stream' }]);
    const question: KpiRequest = { kpis: computed(following), group: ['month'] };
    expect((await following.query(question)).rows).toEqual((await analytics.query(question)).rows);
    expect(await following.waitFor(`${head}9`, { timeoutMs: 1 })).toBe(false);
    await following.close();
  });

  test.each([
    [{ kpis: ['nonsense'] }, 'unknown-kpi', /on_time_rate/],
    [{ kpis: [] }, 'unknown-kpi', /at least one/],
    [{ kpis: ['dso'] }, 'kpi-awaits-events', /InvoiceIssued/],
    [{ kpis: ['on_time_rate'], grain: 'parcel' }, 'unknown-grain', /schedule-line/],
    [{ kpis: ['order_cycle_time'], grain: 'shipment' }, 'unknown-grain', /order, line/],
    [{ kpis: ['on_time_rate'], basis: 'hope' }, 'unknown-basis', /first_promise/],
    [{ kpis: ['on_time_rate'], population: 'all' }, 'unknown-population', /delivered/],
    [{ kpis: ['on_time_rate'], by: 'moon' }, 'unknown-attribution', /due/],
    [{ kpis: ['workload'], by: 'due' }, 'unknown-attribution', /snapshot/],
    [{ kpis: ['on_time_rate'], group: ['constructor'] }, 'unknown-dimension', /month.*customer/],
    [{ kpis: ['on_time_rate'], filter: { month: ['2026-01'] } }, 'unknown-dimension', /from and to/],
    [{ kpis: ['on_time_rate'], zone: '+02:00' }, 'unknown-zone', /Europe/],
    [{ kpis: ['on_time_rate'], from: '2026-02-30' }, 'invalid-date', /existing day/],
    [{ kpis: ['on_time_rate'], on: 'today' }, 'invalid-date', /existing day/],
    [{ kpis: ['lateness'], percentiles: [101] }, 'invalid-percentile', /0 to 100/],
    [{ kpis: ['lateness'], method: 'guess' }, 'unknown-method', /nearest/],
    [{ kpis: ['on_time_rate'], asOf: { instant: 'yesterday' } }, 'invalid-instant', /RFC|zone/],
    [{ kpis: ['on_time_rate'], asOf: { position: '99999999999999999999' } }, 'position-not-reached', /wait for it/],
  ])('%j is refused with %s', async (request, code, message) => {
    await expect(analytics.query(request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a cell must name every dimension, and facts must exist', async () => {
    const request = { kpis: [], kpi: 'on_time_rate', group: ['month'], cell: {} };
    await expect(analytics.cell(request)).rejects.toMatchObject({ code: 'unknown-cell' });
    expect(() => analytics.facts('invoices')).toThrow(expect.objectContaining({ code: 'unknown-facts' }));
  });

  test('a long question lets the event loop turn all the time', async () => {
    let turns = 0;
    let running = true;
    const turn = (): void => {
      turns += 1;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    const start = performance.now();
    await analytics.query({ kpis: computed(analytics), group: ['sku', 'week', 'customer'] });
    running = false;
    const longEnough = (performance.now() - start) / 100;
    expect(turns).toBeGreaterThan(longEnough);
    expect(turns).toBeGreaterThan(5);
  });

  test('an empty log has empty answers', async () => {
    const empty = await analyticsOf(memoryLog());
    const kpis = computed(empty);
    const { rows } = await empty.query({ kpis });
    expect(rows).toHaveLength(1);
    for (const kpi of kpis)
      expect((rows as KpiRow[])[0]?.kpis[kpi], kpi).toMatchObject({ den: expect.any(Number), n_open: 0 });
    expect((await empty.query({ kpis, group: ['month'] })).rows).toEqual([]);
    expect((await empty.facts('lines')).rows).toBe(0);
    await empty.close();
  });
});
