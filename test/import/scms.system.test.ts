import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMapping } from '../../src/import/mapping/read-mapping.ts';
import type { ImportSummary } from '../../src/import/summary.ts';
import { type ImportedDatabase, importedDatabase } from '../support/imported-database.ts';

/** The public delivery history of USAID's Supply Chain Management System; the data is not part of this repository. */
const file = process.env.ORDERFOLD_SCMS_CSV ?? '';

describe.runIf(file !== '')('the SCMS delivery history', () => {
  let house: ImportedDatabase;
  let first: ImportSummary;
  let seconds: number;

  beforeAll(async () => {
    house = await importedDatabase(() => '2026-01-01T00:00:00.000Z');
    const start = performance.now();
    first = await house.run({ mapping: await readMapping('docs/examples/scms-mapping.json'), files: [file] });
    await house.project();
    seconds = (performance.now() - start) / 1000;
    process.stdout.write(
      `SCMS: ${first.eventsAppended} events in ${first.seconds} s, shown after ${seconds.toFixed(1)} s\n`,
    );
  }, 300_000);
  afterAll(() => house.close());

  test('is imported whole, with its oddities counted', () => {
    expect(first).toMatchObject({
      rows: 10_324,
      rowsRejected: 0,
      orders: { read: 6_233, added: 6_233, known: 0, rejected: 0 },
      warnings: { 'delivered-before-ordered': { count: 5 }, 'recorded-before-delivered': { count: 3 } },
    });
    expect(first.files[0]?.sha256).toBe('918b992dd3e8d4b64d2a727b2c4ea607603d0c58f19484e73f7b78528c6a8673');
    expect(seconds).toBeLessThan(60);
  });

  test.each([
    ['line', 9_138, 10_324, 88.512205],
    ['order', 5_549, 6_233, 89.026151],
    ['shipment', 6_225, 7_030, 88.549075],
  ])('on time by %s is %i of %i', async (grain, num, den, percent) => {
    const { rows } = await house.kpi({ kpi: 'on_time_rate', grain });
    expect(rows).toMatchObject([{ num, den }]);
    expect((rows[0]?.value ?? 0) * 100).toBeCloseTo(percent, 6);
  });

  test.each([
    ['route', { 'Direct Drop': 94.735772, 'From RDC': 82.84604 }],
    ['mode', { Air: 90.397513, 'Air Charter': 88.461538, Ocean: 82.479784, Truck: 83.922261, unknown: 98.888889 }],
  ])('lines on time by %s', async (dimension, expected) => {
    const { rows } = await house.kpi({ kpi: 'on_time_rate', group: [dimension] });
    const found = Object.fromEntries(
      rows.map(({ group, value }) => [group[dimension], Number(((value ?? 0) * 100).toFixed(6))]),
    );
    expect(found).toEqual(expected);
  });

  test.each([
    ['cycle_time', 4_592, { mean: 105.55858, median: 92, p90: 208, p95: 270.45 }],
    ['quote_to_delivery_time', 7_643, { mean: 167.05927, median: 154, p90: 294, p95: 347 }],
    ['days_late', 1_186, { mean: 21.369309, median: 12, p90: 51, p95: 70, max: 192 }],
  ])('%s of %i lines', async (kpi, den, expected) => {
    const { rows } = await house.kpi({ kpi });
    expect(rows[0]?.den).toBe(den);
    for (const [name, value] of Object.entries(expected)) {
      expect(Number(rows[0]?.distribution?.[name as keyof typeof expected]), name).toBeCloseTo(value, 6);
    }
  });

  test('a second import adds nothing', async () => {
    const again = await house.run({ mapping: await readMapping('docs/examples/scms-mapping.json'), files: [file] });
    expect(again).toMatchObject({
      eventsAppended: 0,
      customersAdded: 0,
      orders: { read: 6_233, added: 0, known: 6_233 },
    });
  });
});
