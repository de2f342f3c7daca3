import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analytics } from '../../../src/analytics/engine.ts';
import type { AlertDoc } from '../../../src/projections/alerts/reader.ts';
import { Asking } from '../../../src/web/analytics/board/asking.ts';
import { type Board, boardOf } from '../../../src/web/analytics/board/board.ts';
import type { Mark } from '../../../src/web/analytics/marks.ts';
import { analyticsPages } from '../../../src/web/analytics/pages.tsx';
import { cellViewOf, unitsOf } from '../../../src/web/analytics/units.ts';
import { viewOf } from '../../../src/web/analytics/view.ts';
import { every, hrefs, parsed, queryOf } from '../../support/html.ts';
import type { MemoryLog } from '../../support/memory-log.ts';
import { boardUntil, simulatedBoard } from '../../support/simulated-board.ts';
import { openAlert } from '../../support/watches.ts';

let analytics: Analytics;
let log: MemoryLog;
let board: Board;
beforeAll(async () => {
  ({ analytics, log } = await simulatedBoard(150));
  board = await boardOf(new Asking(analytics, viewOf({ from: '2025-06-01' })));
});
afterAll(() => analytics.close());

const clock = () => boardUntil;
const may = () => true;
let open: AlertDoc[] = [];
const alerts = { alerts: async () => ({ alerts: open, ...(open.length > 2 && { next: 'more' }) }) };
const pagesNow = () => analyticsPages({ analytics, log, alerts, clock });
const page = async (path: string, query: Record<string, string | string[]> = {}, allowed = may): Promise<string> => {
  const found = pagesNow().pages.find((one) => one.path === path);
  return (await found?.answer({ query, params: {}, may: allowed })) ?? '';
};

const unitsBehind = (href: string) => unitsOf(analytics, cellViewOf(analytics, queryOf(href)), 1_000_000);
const numberIn = (text: string | undefined): number => Number(text?.replaceAll(',', ''));

function marksOf(id: string): readonly Mark[] {
  const chart = board.sections.flatMap(({ charts }) => charts).find(({ about }) => about.id === id);
  if (!chart || chart.marks.length === 0) throw new Error(`no chart ${id}`);
  return chart.marks;
}

describe('from a mark to what it was made of', () => {
  test.each(['on-time-by-basis', 'on-time-by-month'])('%s: as many units, as many on time', async (id) => {
    for (const { href, more } of marksOf(id)) {
      const { units } = await unitsBehind(href);
      expect(units.filter(({ good }) => good === true)).toHaveLength(numberIn(more[0]));
      expect(units.filter(({ counted }) => counted)).toHaveLength(numberIn(more[1]));
      expect(units.filter(({ counted }) => !counted)).toHaveLength(numberIn(more[2]));
    }
  });

  test.each(['cycle-time-distribution', 'errors-by-kind', 'backlog-age', 'open-age', 'slippage-distribution'])(
    '%s: as many units as the bar says',
    async (id) => {
      for (const { href, value } of marksOf(id)) expect((await unitsBehind(href)).total).toBe(value);
    },
  );

  test('the bars of a distribution are all that was measured', () => {
    const orders = marksOf('cycle-time-distribution').reduce((sum, { value }) => sum + (value ?? 0), 0);
    expect(orders).toBe(numberIn(marksOf('stage-times')[0]?.more[2]));
  });

  test.each([[[]], [[1, 1]], [[2, 1]], [[Number.NaN]]])('there is no histogram between the edges %j', async (edges) => {
    const asked = analytics.histogram({ kpis: ['order_cycle_time'], kpi: 'order_cycle_time', edges });
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'invalid-edges' }));
  });

  test('the stages are together the mean cycle time', async () => {
    const stages = marksOf('stage-times').reduce((sum, { value }) => sum + (value ?? 0), 0);
    const { rows } = await analytics.query({ kpis: ['order_cycle_time'], from: '2025-06-01' });
    expect(stages).toBeCloseTo(rows[0]?.kpis.order_cycle_time?.value ?? Number.NaN, 9);
  });
});

describe('the page', () => {
  test('has a definition beside each number, and a table below each chart', async () => {
    const html = parsed(await page('/analytics'));
    const figures = every(html, '.figure');
    expect(figures.length).toBeGreaterThanOrEqual(15);
    for (const figure of figures) expect(figure.querySelector('.definition')?.textContent).toMatch(/\w{3}/);
    const charts = every(html, 'figure.chart');
    expect(charts.length).toBe(10);
    for (const chart of charts) expect(hrefs(chart, 'tbody a')).toEqual(expect.arrayContaining(hrefs(chart, 'svg a')));
  });

  test('says which cycle time stands there, and gives the numbers of that KPI', async () => {
    const html = parsed(await page('/analytics', { from: '2025-06-01' }));
    const { rows } = await analytics.query({
      kpis: ['order_cycle_time', 'cycle_time_net'],
      from: '2025-06-01',
      percentiles: [50, 90],
    });
    const shown = every(html, '#cycle-time .figure').map((figure) => [
      figure.querySelector('dt')?.textContent,
      figure.querySelector('.value')?.textContent,
      queryOf(hrefs(figure, '.value a')[0] ?? '').kpi,
    ]);
    const days = (kpi: string, p: string) =>
      `${(rows[0]?.kpis[kpi]?.distribution?.percentiles[p] ?? Number.NaN).toFixed(1)} d`;
    expect(shown).toEqual([
      ['Cycle time, median', days('order_cycle_time', 'p50'), 'order_cycle_time'],
      ['Cycle time, p90', days('order_cycle_time', 'p90'), 'order_cycle_time'],
      ['Net of customer waits, median', days('cycle_time_net', 'p50'), 'cycle_time_net'],
    ]);
    const [definition] = every(html, '#cycle-time .definition');
    expect(definition?.textContent).toContain(analytics.kpis.find(({ id }) => id === 'order_cycle_time')?.definition);
  });

  test('shows open alerts with the way to the number as it was, to who may read them', async () => {
    expect(await page('/analytics')).toContain('No open alerts');
    open = [openAlert(analytics.position), openAlert(analytics.position, { name: 'Orders <b>', grain: 'order' })];
    const html = parsed(await page('/analytics'));
    const items = every(html, '#alerts li').map((item) => item.textContent);
    expect(items).toEqual([
      expect.stringMatching(/^On time .* in Feb 2026: 80.0 %, below 90.0 %; since 2026-03-02 06:00:00 UTC$/),
      expect.stringMatching(/^Orders <b> /),
    ]);
    const [units, whole] = hrefs(html, '#alerts a');
    expect(units).toContain(`asOf=${analytics.position}`);
    expect(cellViewOf(analytics, queryOf(units ?? ''))).toMatchObject({
      place: { kpi: 'on_time_rate', month: '2026-02' },
    });
    expect(whole).toMatch(/^\/analytics\?/);
    expect(await page('/analytics', {}, () => false)).not.toContain('Open alerts');
    expect(await page('/analytics', queryOf(whole ?? ''))).not.toContain('Open alerts');
    open = [...open, openAlert(analytics.position, { period: '2026-01' })];
    expect(await page('/analytics')).toContain('There are more');
    open = [];
  });

  test('keeps the filters in the form', async () => {
    const html = parsed(
      await page('/analytics', { basis: 'request', from: '2026-01-01', filter: ['country=Spain', 'sku=x"y'] }),
    );
    expect(html.querySelector('#basis [selected]')?.getAttribute('value')).toBe('request');
    expect(html.querySelector('#from')?.getAttribute('value')).toBe('2026-01-01');
    expect(html.querySelector('#dimension-country [selected]')?.textContent).toBe('Spain');
    expect(every(html, 'input[name=filter]').map((field) => field.getAttribute('value'))).toEqual(['sku=x"y', '']);
  });

  test('says so when nothing fits, and is still whole', async () => {
    const text = await page('/analytics', { from: '1999-01-01', to: '1999-01-02' });
    expect(text).toContain('No order fits this choice.');
    expect(text.match(/Nothing to show/g)?.length).toBeGreaterThan(4);
  });

  test('shows the numbers of an earlier moment', async () => {
    const then = await page('/analytics', { asOf: '2025-12-01T00:00' });
    expect(then).toContain('as known at 2025-12-01 00:00:00 UTC');
    expect(numberIn(/([\d,]+) promised deliveries/.exec(then)?.[1])).toBeLessThan(board.units);
  });

  test('holds no script, no style of its own, and the name of no customer', async () => {
    const names = log.events.flatMap(({ data }) =>
      typeof data === 'object' && data && 'name' in data ? [String(data.name)] : [],
    );
    expect(names.length).toBeGreaterThan(5);
    const [failed] = marksOf('errors-by-kind');
    const cell = await page('/analytics/cell', queryOf(failed?.href ?? ''));
    for (const html of [await page('/analytics'), cell]) {
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/);
      expect(names.filter((name) => html.includes(name))).toEqual([]);
    }
  });

  test('an empty log gives a page too', async () => {
    const empty = await simulatedBoard(0);
    const html = await analyticsPages({ ...empty, alerts, clock }).pages[0].answer({ query: {}, params: {}, may });
    expect(html).toContain('No order fits this choice.');
    await empty.analytics.close();
  });
});

describe('the units behind a number', () => {
  test('come worst first, each with the way to its events', async () => {
    const [, , commit] = marksOf('on-time-by-basis');
    const html = parsed(await page('/analytics/cell', queryOf(commit?.href ?? '')));
    const worth = every(html, 'tbody tr').map((row) => every(row, 'td').at(-1)?.textContent);
    expect(worth[0]).toBe('no');
    expect(worth.lastIndexOf('no')).toBeLessThan(worth.indexOf('yes'));
    const [first] = hrefs(html, 'tbody a');
    const order = await pagesNow().pages[2].answer({
      may,
      query: {},
      params: { orderId: first?.split('/').at(-1) ?? '' },
    });
    expect(order).toContain('Order submitted');
  });

  test.each([
    ['unknown-kpi', { kpi: 'nonsense' }],
    ['unknown-show', { kpi: 'on_time_rate', show: 'x' }],
    ['invalid-number', { kpi: 'order_cycle_time', below: '1e9' }],
    ['unknown-parameter', { kpi: 'on_time_rate', group: 'month' }],
  ])('%s', async (code, query) => {
    await expect(page('/analytics/cell', query)).rejects.toThrow(expect.objectContaining({ code }));
  });

  test('there is no page of an order that does not exist', async () => {
    const { pages } = pagesNow();
    for (const orderId of ['x', '../secrets', '00000000-0000-4000-8000-000000000000'])
      expect(await pages[2].answer({ query: {}, params: { orderId }, may })).toBeUndefined();
  });
});
