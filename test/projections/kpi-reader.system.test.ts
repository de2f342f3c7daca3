import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { dailyKpis, type KpiQuery, queryKpi } from '../../src/projections/kpi/reader.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { interleaved } from '../support/order-history.ts';
import { projectAll } from '../support/projecting.ts';

/** Typical orders: lines 1 and 2 take 8 days; line 3 takes 9, or 13 and so 3 days too long in every fifth order. */
const orders = 110;
const late = orders / 5;
const damaged = orders / 11;
const localDate = (epoch: number, zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(epoch);
/** The same lines, told apart from the product: local dates of line 3 in each order, and the days it was too late. */
const thirdLines = [...Array(orders).keys()].map((n) => {
  const placedAt = Date.UTC(2026, 0, 5, 9) + (n + (n % 24) / 24) * 86_400_000;
  const zone = n % 2 === 0 ? 'Europe/Berlin' : 'America/Chicago';
  const after = (days: number) => placedAt + days * 86_400_000;
  const date = (days: number) => new Date(after(days)).toISOString().slice(0, 10);
  const deliveredOn = localDate(after(n % 5 === 0 ? 13 : 9), zone);
  return {
    onRequest: deliveredOn <= date(9),
    onShip: localDate(after(7), zone) <= date(7),
    lateDays: (Date.parse(deliveredOn) - Date.parse(date(10))) / 86_400_000,
  };
});
const question: KpiQuery = {
  kpi: 'on_time_rate',
  grain: 'line',
  basis: 'commit',
  population: 'delivered',
  group: [],
  filter: {},
  asOf: '2027-01-01',
};

eachDatabase('KPI queries', (opened) => {
  let database: Database;
  const log = memoryLog();
  beforeAll(async () => {
    database = opened().database;
    await migrate(database, projectionMigrations);
    if (log.events.length === 0) for (const { stream, event } of interleaved(0, orders)) log.record(stream, event);
    await projectAll({ log, database });
  });
  const ask = async (query: Partial<KpiQuery>) => (await queryKpi(database, { ...question, ...query })).rows;
  const rate = (num: number, den: number, n_open = 0) => [{ group: {}, num, den, value: num / den, n_open }];

  test('count units of each grain; the parts decide for the whole', async () => {
    expect(await ask({ grain: 'schedule-line' })).toEqual(rate(3 * orders - late, 3 * orders));
    expect(await ask({ grain: 'line' })).toEqual(rate(3 * orders - late, 3 * orders));
    expect(await ask({ grain: 'shipment' })).toEqual(rate(2 * orders - late, 2 * orders));
    expect(await ask({ grain: 'order' })).toEqual(rate(orders - late, orders));
    expect(await ask({ kpi: 'in_full_rate', grain: 'order' })).toEqual(rate(orders, orders));
    expect(await ask({ kpi: 'otif_rate', grain: 'order' })).toEqual(rate(orders - late, orders));
    expect(await ask({ kpi: 'delivery_accuracy_rate', grain: 'order' })).toEqual(rate(orders - damaged, orders));
    expect(await ask({ kpi: 'count', grain: 'order' })).toEqual([
      { group: {}, num: orders, den: orders, value: orders, n_open: 0 },
    ]);
  });

  test('each basis has its own target', async () => {
    const count = (good: 'onRequest' | 'onShip') => thirdLines.filter((line) => line[good]).length;
    expect(await ask({ basis: 'request' })).toEqual(rate(2 * orders + count('onRequest'), 3 * orders));
    expect(await ask({ basis: 'ship' })).toEqual(rate(2 * orders + count('onShip'), 3 * orders));
  });

  test('group and filter by any dimension, in the order given', async () => {
    const countries = await ask({ group: ['country', 'mode'] });
    expect(countries.map(({ group, den }) => [group.country, group.mode, den])).toEqual([
      ['Germany', 'Air', orders / 2],
      ['Germany', 'Road', orders],
      ['United States', 'Air', orders / 2],
      ['United States', 'Road', orders],
    ]);
    const regions = await ask({ group: ['region'], filter: { region: ['R1', 'R2'], mode: ['Air'] } });
    expect(regions.map(({ group, den }) => [group.region, den])).toEqual([
      ['R1', [...Array(orders).keys()].filter((n) => n % 4 === 1).length],
      ['R2', [...Array(orders).keys()].filter((n) => n % 4 === 2).length],
    ]);
    // Lines of an order go by road and by air: the order has no one mode.
    expect(await ask({ grain: 'order', group: ['mode'] })).toMatchObject([{ group: { mode: null }, den: orders }]);
    expect(await ask({ grain: 'shipment', group: ['mode'] })).toMatchObject([
      { group: { mode: 'Air' }, den: orders },
      { group: { mode: 'Road' }, den: orders },
    ]);
  });

  test('durations are exact days, with interpolated percentiles', async () => {
    const [row] = await ask({ kpi: 'cycle_time' });
    const days = [...Array(orders).keys()].flatMap((n) => [8, 8, n % 5 === 0 ? 13 : 9]).sort((a, b) => a - b);
    const at = (p: number) => {
      const x = p * (days.length - 1);
      const [low = 0, high = 0] = [days[Math.floor(x)], days[Math.ceil(x)]];
      return low + (x - Math.floor(x)) * (high - low);
    };
    expect(row?.den).toBe(days.length);
    expect(row?.value).toBeCloseTo(days.reduce((sum, n) => sum + n, 0) / days.length, 9);
    expect(row?.distribution?.median).toBeCloseTo(at(0.5), 9);
    expect(row?.distribution?.p90).toBeCloseTo(at(0.9), 9);
    expect(row?.distribution?.p95).toBeCloseTo(at(0.95), 9);
    expect([row?.distribution?.min, row?.distribution?.max]).toEqual([8, 13]);
    expect(await ask({ kpi: 'quote_to_delivery_time' })).toMatchObject([{ den: 0, value: null }]);
    for (const grain of ['schedule-line', 'line', 'order']) {
      const [lateness] = await ask({ kpi: 'days_late', grain });
      const lateDays = thirdLines.map((line) => line.lateDays).filter((n) => n > 0);
      expect(lateness?.den).toBe(lateDays.length);
      expect(lateness?.num).toBe(lateDays.reduce((sum, n) => sum + n, 0));
      expect(lateness?.distribution?.max).toBe(Math.max(...lateDays));
    }
  });

  test('what is due: overdue counts as late, what is not due yet is told apart', async () => {
    // On the tenth day orders 0 to 2 have lines delivered; those promised before that day and not delivered are overdue.
    const [row] = await ask({ grain: 'line', population: 'due', asOf: '2026-01-20' });
    expect(row && row.den + row.n_open).toBe(3 * orders);
    const deliveredSoFar = await ask({ grain: 'line', asOf: '2026-01-20' });
    expect(row?.num).toBe(deliveredSoFar[0]?.num);
    // Line 3 of order 0 was promised for the 15th, line 3 of order 5 for the 20th: only the first is overdue.
    expect(row && row.den - (deliveredSoFar[0]?.den ?? 0)).toBe(0);
    const [midway] = await ask({ grain: 'line', population: 'due', asOf: '2026-01-16' });
    const [delivered] = await ask({ grain: 'line', asOf: '2026-01-16' });
    expect(midway && midway.den - (delivered?.den ?? 0)).toBe(1);
    expect(midway?.num).toBe(delivered?.num);
  });

  test('periods and ranges look at the delivery, or at the target where due units are counted', async () => {
    const answer = await queryKpi(database, { ...question, group: ['month'] });
    expect(answer.by).toBe('delivery');
    expect(answer.rows.map(({ group }) => group.month)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
    ]);
    const due = await queryKpi(database, {
      ...question,
      group: ['month'],
      population: 'due',
      from: '2026-02-01',
      to: '2026-02-28',
    });
    expect([due.by, due.rows.map(({ group, den }) => [group.month, den])]).toEqual(['target', [['2026-02', 3 * 28]]]);
  });

  test('the daily table adds up to the same answers', async () => {
    const days = await dailyKpis(database, { from: '2026-01-01', to: '2026-12-31' });
    const sum = (grain: string, name: string) =>
      days.filter((day) => day.grain === grain).reduce((total, day) => total + Number(day[name]), 0);
    expect([
      sum('order', 'ordered'),
      sum('order', 'delivered'),
      sum('line', 'ordered'),
      sum('line', 'delivered'),
    ]).toEqual([orders, orders, 3 * orders, 3 * orders]);
    expect([sum('line', 'on_time_commit'), sum('line', 'due_commit')]).toEqual([3 * orders - late, 3 * orders]);
    expect([sum('order', 'on_time_commit'), sum('order', 'accurate')]).toEqual([orders - late, orders - damaged]);
    const [cycle] = await ask({ kpi: 'cycle_time' });
    expect(sum('line', 'cycle_seconds') / 86_400 / sum('line', 'cycle_count')).toBeCloseTo(cycle?.value ?? 0, 9);
    expect([sum('line', 'cycle_to_14'), sum('line', 'cycle_to_7')]).toEqual([3 * orders, 0]);
    expect(days[0]).toMatchObject({ day: '2026-01-05', grain: 'line', in_full_rate: null });
  });

  describe('unknown words', () => {
    test.each([
      [{ kpi: 'nonsense' }, 'unknown-kpi', 'on_time_rate'],
      [{ grain: 'pallet' }, 'unknown-grain', 'schedule-line'],
      [{ kpi: 'cycle_time', grain: 'shipment' }, 'unknown-grain', 'order, line'],
      [{ basis: 'hope' }, 'unknown-basis', 'first_promise'],
      [{ population: 'all' }, 'unknown-population', 'delivered'],
      [{ group: ['regions'] }, 'unknown-dimension', 'region'],
      [{ group: ["x' or 1=1"] }, 'unknown-dimension', 'customer'],
      [{ group: ['constructor'] }, 'unknown-dimension', 'customer'],
      [{ group: ['__proto__'] }, 'unknown-dimension', 'customer'],
      [{ filter: { constructor: ['x'] } }, 'unknown-dimension', 'customer'],
      [{ filter: { month: ['2026-01'] } }, 'unknown-dimension', 'from and to'],
      [{ asOf: '2026-02-30' }, 'invalid-date', 'YYYY-MM-DD'],
    ] as const)('%j', async (query, code, words) => {
      await expect(queryKpi(database, { ...question, ...query })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(words),
      });
    });
  });
});
