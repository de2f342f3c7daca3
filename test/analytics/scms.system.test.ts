import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import { readMapping } from '../../src/import/mapping/read-mapping.ts';
import { type ImportedDatabase, importedDatabase } from '../support/imported-database.ts';

/** The public delivery history of USAID's Supply Chain Management System; the data is not part of this repository. */
const file = process.env.ORDERFOLD_SCMS_CSV ?? '';
const clock = () => '2026-01-01T00:00:00.000Z';

describe.runIf(file !== '')('KPIs of the SCMS delivery history', () => {
  let house: ImportedDatabase;
  let analytics: Analytics;

  beforeAll(async () => {
    house = await importedDatabase(clock);
    await house.run({ mapping: await readMapping('docs/examples/scms-mapping.json'), files: [file] });
    analytics = await openAnalytics({ log: house.log, clock });
    const head = await house.log.head();
    if (head === 'start' || !(await analytics.waitFor(head, { timeoutMs: 120_000 }))) throw new Error('not folded');
  }, 300_000);
  afterAll(async () => {
    await analytics.close();
    await house.close();
  });

  const whole = async (kpi: string, more: object = {}) => {
    const { rows } = await analytics.query({ kpis: [kpi], grain: 'line', population: 'delivered', ...more });
    return rows[0]?.kpis[kpi];
  };

  test.each([
    ['line', 9_138, 10_324, 88.512205],
    ['order', 5_549, 6_233, 89.026151],
    ['shipment', 6_225, 7_030, 88.549075],
  ])('on time by %s is %i of %i', async (grain, num, den, percent) => {
    const found = await whole('on_time_rate', { grain });
    expect(found).toMatchObject({ num, den });
    expect((found?.value ?? 0) * 100).toBeCloseTo(percent, 6);
  });

  test.each([
    ['route', { 'Direct Drop': 94.735772, 'From RDC': 82.84604 }],
    ['mode', { Air: 90.397513, 'Air Charter': 88.461538, Ocean: 82.479784, Truck: 83.922261, unknown: 98.888889 }],
  ])('lines on time by %s', async (dimension, expected) => {
    const kpis = ['on_time_rate'];
    const { rows } = await analytics.query({ kpis, grain: 'line', population: 'delivered', group: [dimension] });
    const found = Object.fromEntries(
      rows.map(({ group, kpis }) => [group[dimension], Number(((kpis.on_time_rate?.value ?? 0) * 100).toFixed(6))]),
    );
    expect(found).toEqual(expected);
  });

  test.each([
    ['order_cycle_time', 4_592, { mean: 105.55858, p50: 92, p90: 208, p95: 270.45 }],
    ['quote_to_delivery_time', 7_643, { mean: 167.05927, p50: 154, p90: 294, p95: 347 }],
    ['lateness', 1_186, { mean: 21.369309, p50: 12, p90: 51, p95: 70, max: 192 }],
  ])('%s of %i lines', async (kpi, den, expected) => {
    const found = await whole(kpi);
    expect(found?.den).toBe(den);
    const { percentiles = {}, ...rest } = found?.distribution ?? {};
    for (const [name, value] of Object.entries(expected))
      expect({ ...rest, ...percentiles }[name as 'mean'], name).toBeCloseTo(value, 6);
  });

  test.each(['month', 'country', 'vendor', 'mode'])('by %s the numbers are those of the KPI tables', async (name) => {
    await house.project();
    const { rows } = await house.kpi({ kpi: 'on_time_rate', group: [name] });
    const ours = await analytics.query({
      kpis: ['on_time_rate'],
      grain: 'line',
      population: 'delivered',
      group: [name],
    });
    const plain = (list: readonly { group: object; num: number; den: number; value: number | null }[]) =>
      list.map(({ group, num, den, value }) => JSON.stringify([Object.values(group), num, den, value])).sort();
    expect(rows.length).toBeGreaterThan(1);
    expect(
      plain(
        ours.rows.map(({ group, kpis }) => ({
          group,
          ...(kpis.on_time_rate as never as { num: number; den: number; value: number }),
        })),
      ),
    ).toEqual(plain(rows));
  });
});
