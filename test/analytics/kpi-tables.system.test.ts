import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import type { KpiValue } from '../../src/analytics/query/answer.ts';
import { createCommandHandler } from '../../src/commands/handle.ts';
import { playScript, registerCustomers } from '../../src/simulate/play.ts';
import { scenario } from '../../src/simulate/scenario.ts';
import { type ImportedDatabase, importedDatabase } from '../support/imported-database.ts';

const until = '2026-04-08T12:00:00.000Z';
const orders = process.env.ORDERFOLD_SOAK ? 1_500 : 200;

/** Splits, cancellations, promises moved by either side, delivery errors, open and overdue orders, zones around the world. */
describe('where the KPI tables answer the same question, the answer is the same', () => {
  let house: ImportedDatabase;
  let analytics: Analytics;

  beforeAll(async () => {
    house = await importedDatabase(() => until);
    const stage = { handler: createCommandHandler({ log: house.log, clock: () => until }), log: house.log };
    await registerCustomers(stage, '2024-01-01T00:00:00.000Z');
    for (const script of scenario({ seed: 'kpi', orders, until, weeks: 30 })) await playScript(script, stage);
    await house.project();
    analytics = await openAnalytics({ log: house.log, clock: () => until });
    const head = await house.log.head();
    if (head === 'start' || !(await analytics.waitFor(head, { timeoutMs: 60_000 }))) throw new Error('not folded');
  }, 120_000);
  afterAll(async () => {
    await analytics.close();
    await house.close();
  });

  test('units without a value of a dimension are asked for by the empty value', async () => {
    for (const filter of [{ sku: [''] }, { mode: ['', 'Air'] }]) {
      const question = { grain: 'order', basis: 'commit', population: 'due', group: ['country'], filter };
      const theirs = await house.kpi({ kpi: 'on_time_rate', ...question });
      const ours = await analytics.query({ kpis: ['on_time_rate'], ...question, by: 'due' });
      expect(theirs.rows.length).toBeGreaterThan(1);
      expect(ours.rows.map(({ group, kpis }) => [group.country, kpis.on_time_rate?.den]).sort()).toEqual(
        theirs.rows.map(({ group, den }) => [group.country, den]).sort(),
      );
    }
  });

  const everyGrain = ['order', 'line', 'schedule-line', 'shipment'];
  const everyBasis = ['request', 'first_promise', 'commit', 'last_promise', 'ship'];
  const rates = ['on_time_rate', 'in_full_rate', 'otif_rate', 'count'];
  const cases = [
    ...rates.flatMap((kpi) => everyGrain.flatMap((grain) => everyBasis.map((basis) => ({ kpi, grain, basis })))),
    ...everyGrain.map((grain) => ({ kpi: 'delivery_accuracy_rate', grain, basis: 'commit' })),
    ...['cycle_time', 'quote_to_delivery_time'].flatMap((kpi) =>
      ['order', 'line'].map((grain) => ({ kpi, grain, basis: 'commit' })),
    ),
    ...['order', 'line', 'schedule-line'].flatMap((grain) =>
      everyBasis.map((basis) => ({ kpi: 'days_late', grain, basis })),
    ),
  ];
  const groups = [[], ['month'], ['week', 'region'], ['country'], ['sku'], ['mode'], ['currency', 'quarter']];

  test.each(cases)('$kpi of $grain by $basis', async ({ kpi, grain, basis }) => {
    for (const [at, group] of groups.entries()) {
      const population = at % 2 === 0 ? 'due' : 'delivered';
      const question = { grain, basis, population, group };
      const theirs = await house.kpi({ kpi, ...question });
      const by = theirs.by === 'target' ? 'due' : 'delivered';
      const ours = await analytics.query({ kpis: [kpi], ...question, by, percentiles: [50, 90, 95, 99] });
      const mine = ours.rows.map((row) => plain(row.group, row.kpis[kpi] as KpiValue));
      const byWords = (a: { group: string }, b: { group: string }) => (a.group < b.group ? -1 : 1);
      expect(mine.sort(byWords)).toEqual(
        theirs.rows
          .map(({ group: words, distribution, ...row }) => {
            const { mean, min, max, median, ...percentiles } = distribution ?? {};
            return plain(words, {
              ...row,
              ...(distribution && {
                distribution: {
                  mean: mean ?? null,
                  min: min ?? null,
                  max: max ?? null,
                  percentiles: { p50: median, ...percentiles },
                },
              }),
            });
          })
          .sort(byWords),
      );
    }
  });
});

type Told = Omit<KpiValue, 'distribution'> & {
  readonly distribution?: {
    readonly mean: number | null;
    readonly min: number | null;
    readonly max: number | null;
    readonly percentiles: object;
  };
};

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(12)) : value);

function plain(group: object, { num, den, value, n_open, distribution }: Told) {
  const spread = distribution && {
    ...Object.fromEntries(['mean', 'min', 'max'].map((name) => [name, rounded(distribution[name as 'mean'])])),
    ...Object.fromEntries(Object.entries(distribution.percentiles).map(([name, one]) => [name, rounded(one)])),
  };
  return { group: JSON.stringify(group), num: rounded(num), den, value: rounded(value), n_open, spread };
}
