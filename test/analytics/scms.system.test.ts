import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KpiAnswer } from '../../src/analytics/query/answer.ts';
import { importHistory } from '../../src/import/import-history.ts';
import { readMapping } from '../../src/import/mapping/read-mapping.ts';
import { queryKpi } from '../../src/projections/kpi/reader.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { kinds } from '../support/databases.ts';
import { type Delivery, daysOf, type Figures, inOrder, onTimeOf, rounded, scmsDeliveries } from './scms-oracle.ts';

/** The public delivery history of USAID's Supply Chain Management System; the data is not part of this repository. */
const file = process.env.ORDERFOLD_SCMS_CSV ?? '';
const unset = file === '' ? ' (skipped: ORDERFOLD_SCMS_CSV does not name the file)' : '';

const groups = [undefined, 'month', 'country', 'vendor', 'mode', 'route'] as const;
type Group = (typeof groups)[number];

/** One way to the numbers. */
interface Way {
  onTime(grain: string, group: Group): Promise<readonly Figures[]>;
  days(kpi: string, group: Group): Promise<readonly Figures[]>;
}

/** The engine, over HTTP. */
async function engineOf({ app, keyFor }: TestApp): Promise<Way> {
  const headers = { authorization: `Bearer ${await keyFor('analyst')}` };
  async function rows(kpi: string, grain: string, group: Group) {
    const query = { kpis: kpi, grain, population: 'delivered', ...(group && { group }), percentiles: '50,90,95' };
    const answer = await app.inject({ url: '/v1/analytics/query', headers, query });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<KpiAnswer>().rows.map((row) => ({ name: row.group[group ?? ''], cell: row.kpis[kpi] }));
  }
  return {
    onTime: async (grain, group) =>
      (await rows('on_time_rate', grain, group)).map(({ name, cell }) =>
        rounded(name, cell?.num, cell?.den, (cell?.value ?? Number.NaN) * 100),
      ),
    days: async (kpi, group) =>
      (await rows(kpi, 'line', group)).map(({ name, cell }) => {
        const { mean, max, percentiles } = cell?.distribution ?? {};
        return rounded(name, cell?.den, mean, percentiles?.p50, percentiles?.p90, percentiles?.p95, max);
      }),
  };
}

/** The KPI tables of the read models. */
function tablesOf({ house }: TestApp): Way {
  const rows = async (kpi: string, grain: string, group: Group) => {
    const basic = { basis: 'commit', population: 'delivered', filter: {}, asOf: '2026-01-01' };
    const answer = await queryKpi(house.database, { ...basic, kpi, grain, group: group ? [group] : [] });
    return answer.rows.map((row) => ({ ...row, name: row.group[group ?? ''] }));
  };
  return {
    onTime: async (grain, group) =>
      (await rows('on_time_rate', grain, group)).map(({ name, num, den, value }) =>
        rounded(name, num, den, (value ?? Number.NaN) * 100),
      ),
    days: async (kpi, group) =>
      (await rows(kpi, 'line', group)).map(({ name, den, distribution: d }) =>
        rounded(name, den, d?.mean, d?.median, d?.p90, d?.p95, d?.max),
      ),
  };
}

/** The published views, as a tool that speaks SQL sees them. */
function viewsOf({ house }: TestApp): Way {
  const ofLine = (name: string) =>
    `(select d.value from analytics.line_dimensions d where d.order_id = u.order_id and d.line_no = u.line_no and d.dimension = '${name}')`;
  const ofOrder = (name: string) =>
    `(select d.value from analytics.order_dimensions d where d.order_id = u.order_id and d.dimension = '${name}')`;
  const sqlOf = {
    month: `to_char(u.completed_on, 'YYYY-MM')`,
    country: ofOrder('country'),
    vendor: ofLine('vendor'),
    mode: ofOrder('mode'),
    route: ofOrder('route'),
  };
  const byGroup = (group: Group) => (group ? sqlOf[group] : `''`);
  const units = {
    line: 'analytics.order_lines u',
    order: 'analytics.orders u',
    shipment: `(select shipment_id, min(order_id) as order_id, bool_and(counted) as counted, max(completed_on) as completed_on,
      bool_and(on_time_commit) as on_time_commit from analytics.schedule_lines where shipment_id is not null group by 1)  u`,
  };
  const daysSql = {
    lateness: '(case when u.completed_on > u.commit_on then u.completed_on - u.commit_on end)::float8',
    order_cycle_time: 'u.cycle_days',
    quote_to_delivery_time: 'u.quote_to_delivery_days',
  };
  return {
    onTime: async (grain, group) => {
      const rows = await house.database.query<{ name: string; good: number; all: number; percent: string }>({
        text: `select ${byGroup(group)} as name, count(*) filter (where on_time_commit)::int as good, count(*)::int as all,
                      100 * avg(on_time_commit::int) as percent
               from ${units[grain as 'line']} where counted and completed_on is not null group by 1`,
      });
      return rows.map(({ name, good, all, percent }) => rounded(name, good, all, percent));
    },
    days: async (kpi, group) => {
      const rows = await house.database.query<{ name: string; n: number; mean: number; p: number[]; max: number }>({
        text: `select name, count(*)::int as n, avg(days) as mean, max(days) as max,
                      percentile_cont(array[0.5, 0.9, 0.95]) within group (order by days) as p
               from (select ${byGroup(group)} as name, ${daysSql[kpi as 'lateness']} as days
                     from ${units.line} where counted and completed_on is not null) d
               where days is not null group by 1`,
      });
      return rows.map(({ name, n, mean, p, max }) => rounded(name, n, mean, ...p, max));
    },
  };
}

describe.runIf(file !== '').each(kinds())(`KPIs of the SCMS delivery history on %s${unset}`, (database) => {
  let house: TestApp;
  let lines: readonly Delivery[];
  let ways: ReadonlyMap<string, Way>;

  beforeAll(async () => {
    lines = await scmsDeliveries(file);
    house = await startApp({ database });
    const { handler, log, clock, projected } = house.house;
    await importHistory(
      { handler, log, clock },
      { mapping: await readMapping('docs/examples/scms-mapping.json'), files: [file] },
    );
    await projected();
    const head = await log.head();
    if (head !== 'start') await house.analytics.waitFor(head, { timeoutMs: 120_000 });
    ways = new Map([
      ['engine', await engineOf(house)],
      ['tables', tablesOf(house)],
      ['views', viewsOf(house)],
    ]);
  }, 600_000);
  afterAll(() => house.close());

  /** Groups in which nothing was counted say so in the engine, and are not there in SQL. */
  const filled = (answer: readonly Figures[]) =>
    inOrder(answer.filter(([, , den, ...rest]) => den !== 0 && rest[0] !== null));

  describe.each(['engine', 'tables', 'views'])('through the %s', (name) => {
    const way = (): Way => ways.get(name) as Way;

    test.each([
      ['line', 9_138, 10_324, 88.512205],
      ['order', 5_549, 6_233, 89.026151],
      ['shipment', 6_225, 7_030, 88.549075],
    ])('on time by %s is %i of %i', async (grain, ...expected) => {
      expect(onTimeOf(lines, grain)).toEqual([['', ...expected]]);
      expect(await way().onTime(grain, undefined)).toEqual([['', ...expected]]);
    });

    test.each([
      ['order_cycle_time', 4_592, 105.55858, 92, 208, 270.45],
      ['quote_to_delivery_time', 7_643, 167.05927, 154, 294, 347],
      ['lateness', 1_186, 21.369309, 12, 51, 70, 192],
    ])('%s of %i lines', async (kpi, ...expected) => {
      const [[, ...found] = []] = await way().days(kpi, undefined);
      expect(found.slice(0, expected.length)).toEqual(expected);
    });

    test.each([
      [
        'route',
        [
          ['Direct Drop', 94.735772],
          ['From RDC', 82.84604],
        ],
      ],
      [
        'mode',
        [
          ['Air', 90.397513],
          ['Air Charter', 88.461538],
          ['Ocean', 82.479784],
          ['Truck', 83.922261],
          ['unknown', 98.888889],
        ],
      ],
    ] as const)('lines on time by %s', async (group, expected) => {
      const found = inOrder(await way().onTime('line', group)).map(([name, , , percent]) => [name, percent]);
      expect(found).toEqual(expected);
    });

    test.each(groups.slice(1))('by %s every number is that of the file', async (group) => {
      expect(filled(await way().onTime('line', group))).toEqual(onTimeOf(lines, 'line', group));
      for (const kpi of ['order_cycle_time', 'quote_to_delivery_time', 'lateness'])
        expect(filled(await way().days(kpi, group)), kpi).toEqual(daysOf(lines, kpi, group));
    });
  });
});
