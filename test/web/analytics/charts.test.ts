import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { ChartFigure, drawingOf } from '../../../src/web/analytics/chart-figure.tsx';
import type { Bars, Chart, Histogram, Lines, Mark } from '../../../src/web/analytics/marks.ts';
import { every, hrefs, parsed } from '../../support/html.ts';

const evil = '"><script>alert(1)</script>&lt;';
const about = { id: 'c', title: `Title ${evil}`, finding: `Finding ${evil}`, columns: ['Name', 'Value', 'Share'] };
const mark = (at: number, value: number | null = at + 1): Mark => ({
  label: `${evil} ${at}`,
  value,
  text: `text ${at}`,
  href: `/analytics/cell?kpi=k&month=${at}&filter=${encodeURIComponent(evil)}&copy=1`,
  more: [`${at} %`],
});

const bars: Bars = { kind: 'bars', about, marks: [0, 1, 2].map((at) => mark(at)) };
const histogram: Histogram = {
  kind: 'histogram',
  about,
  unit: evil,
  rules: [{ label: evil, at: 1 }],
  marks: [
    { ...mark(0), from: null, to: 0 },
    { ...mark(1), from: 0, to: 5 },
    { ...mark(2, 0), from: 5, to: null },
  ],
};
const lines: Lines = {
  kind: 'lines',
  about: { ...about, columns: ['Month', 'Series', 'Value', 'Share'] },
  marks: ['2026-01', '2026-02', '2026-03'].flatMap((month, at) => [
    { ...mark(at * 2), month, series: evil, chosen: true },
    { ...mark(at * 2 + 1, at === 1 ? null : 0.5), month, series: 'other' },
  ]),
};

const html = async (chart: Chart): Promise<string> =>
  render(h(ChartFigure, { chart, drawing: await drawingOf(chart) }));

describe.each([bars, histogram, lines])('$kind', (chart) => {
  test('what comes from outside is text, never markup', async () => {
    const page = await html(chart);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/<[^>]+ style=/);
    expect(page).not.toContain('<style');
    const labels = every(parsed(page), 'tbody th').map(({ textContent }) => textContent);
    expect(labels).toEqual(chart.marks.map(({ label }) => label));
  });

  test('every mark that has a value leads somewhere and says what it is', async () => {
    const svg = parsed(await html(chart)).querySelector('svg');
    const valued = chart.marks.filter(({ value }) => value !== null);
    if (!svg) throw new Error('no drawing');
    expect(hrefs(svg, 'a').sort()).toEqual(valued.map(({ href }) => href).sort());
    const names = every(svg, 'a').map((link) => link.getAttribute('aria-label'));
    for (const { label, text } of valued) expect(names.some((name) => name?.endsWith(`${label}: ${text}`))).toBe(true);
  });

  test('the table has the numbers of the chart, with the same links', async () => {
    const page = parsed(await html(chart));
    const cells = every(page, 'tbody a').map((link) => [link.getAttribute('href'), link.textContent]);
    expect(cells).toEqual(chart.marks.map(({ href, text }) => [href, text]));
    const width = chart.about.columns.length;
    for (const row of every(page, 'tbody tr')) expect(every(row, 'th, td')).toHaveLength(width);
  });

  test('without marks, or without values, it says that there is nothing', async () => {
    const none = { ...chart, marks: [] } as Chart;
    expect(await html(none)).toContain('Nothing to show');
    expect(await html(none)).not.toContain('<table');
    const unknown = { ...chart, marks: chart.marks.map((one) => ({ ...one, value: null })) } as Chart;
    expect(await html(unknown)).toContain('Nothing to show');
    expect(every(parsed(await html(unknown)), 'tbody tr')).toHaveLength(chart.marks.length);
  });
});

test('a single month is drawn too', async () => {
  expect(await html({ ...lines, marks: lines.marks.slice(0, 1) })).toContain('<svg');
});
