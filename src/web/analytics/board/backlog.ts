import type { KpiCell } from '../../../analytics/query/answer.ts';
import type { Bars } from '../marks.ts';
import { countText, daysText } from '../words.ts';
import { Asking, cellOf, percentile } from './asking.ts';
import { binsOf } from './bins.ts';
import type { SectionOf } from './section.ts';

const age = 'backorder_age';
const ages = {
  edges: [0, 8, 31, 91],
  labels: ['before its time', '0 to 7 days', '8 to 30 days', '31 to 90 days', 'over 90 days'],
};

/** What should have left by now. A stock has no period, so from and to do not matter here. */
export const backlog: SectionOf = async (asked) => {
  const asking = withoutPeriod(asked);
  const now = await asking.total([age, 'backorders_open_lines', 'workload', 'workload_age']);
  const bins = await binsOf(asking, age, now, ages);
  const oldest = cellOf(now.answer, age).distribution?.max ?? null;
  const lines = cellOf(now.answer, 'backorders_open_lines');
  const [open, openAge] = ['workload', 'workload_age'].map((kpi) => cellOf(now.answer, kpi)) as [KpiCell, KpiCell];
  return {
    id: 'backlog',
    title: 'Backlog',
    question: `What should have left by ${now.answer.on}, and how old is it? A stock of that day, whatever period is chosen.`,
    figures: [
      asking.figure('backorders_open_lines', now, { note: () => 'order lines' }),
      asking.figure(age, now, { name: 'Age of backorders, median', read: (cell) => daysText(percentile(cell, 'p50')) }),
      asking.figure(age, now, { name: 'Age of backorders, p90', read: (cell) => daysText(percentile(cell, 'p90')) }),
      asking.figure('workload', now, { name: 'Open orders', note: () => 'late or not' }),
    ],
    charts: [
      {
        kind: 'bars',
        about: {
          id: 'backlog-age',
          title: 'Backordered lines by age',
          finding:
            lines.num === 0
              ? 'Nothing is backordered.'
              : `${countText(lines.num)} lines wait; the oldest since ${daysText(oldest)}.`,
          columns: ['Age', 'Lines', 'Share'],
        },
        marks: bins,
      } satisfies Bars,
      {
        kind: 'bars',
        about: {
          id: 'open-age',
          title: 'Open orders by age',
          finding: `${countText(open.num)} orders are open, late or not; half of them were ordered within ${daysText(percentile(openAge, 'p50'))}.`,
          columns: ['Since the order', 'Orders', 'Share'],
        },
        marks: await binsOf(asking, 'workload_age', now, ages),
      } satisfies Bars,
    ],
  };
};

function withoutPeriod({ figures, view }: Asking): Asking {
  const { from: _from, to: _to, ...rest } = view;
  return new Asking(figures, rest);
}
