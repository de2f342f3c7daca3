import type { Bars, Lines } from '../marks.ts';
import { countText, daysText, percentText } from '../words.ts';
import { cellOf, percentile } from './asking.ts';
import { binsOf } from './bins.ts';
import { pointsOf } from './months.ts';
import type { SectionOf } from './section.ts';

const slippage = 'promise_slippage';
const unmoved = 'not moved';
const moves = {
  edges: [0, 1, 3, 8, 15, 31],
  labels: [
    'earlier',
    unmoved,
    '1 to 2 days later',
    '3 to 7 days later',
    '8 to 14 days later',
    '15 to 30 days later',
    'over 30 days later',
  ],
};

/** How promises were moved before they were due. */
export const promiseSlippage: SectionOf = async (asking) => {
  const asked = await asking.total([slippage, 'promise_slippage_by_supplier', 'promise_change_count']);
  const monthly = await asking.monthly([slippage, 'promise_slippage_by_supplier']);
  const later = cellOf(asked.answer, slippage).distribution?.positive ?? null;
  // Most promises stay where they are; beside them the others could not be seen.
  const moved = (await binsOf(asking, slippage, asked, moves)).filter(({ label }) => label !== unmoved);
  const series = (name: string, chosen: boolean) => ({
    series: name,
    chosen,
    read: ({ value }: { readonly value: number | null }) => value,
    show: daysText,
    more: ({ distribution, den }: Parameters<typeof percentile>[0]) => [
      percentText(distribution?.positive ?? null),
      countText(den),
    ],
  });
  return {
    id: 'slippage',
    title: 'Promise slippage',
    question: 'How far did promises move from the first date to the last? On time by the last promise hides it.',
    figures: [
      asking.figure(slippage, asked, {
        name: 'Promises moved later',
        read: ({ distribution }) => percentText(distribution?.positive ?? null),
      }),
      asking.figure(slippage, asked, { name: 'Slippage, mean' }),
      asking.figure(slippage, asked, { name: 'Slippage, p90', read: (cell) => daysText(percentile(cell, 'p90')) }),
      asking.figure('promise_slippage_by_supplier', asked, { name: 'Of which by us, mean' }),
    ],
    charts: [
      {
        kind: 'bars',
        about: {
          id: 'slippage-distribution',
          title: 'Promises that moved, by how far',
          finding: `${percentText(later)} of the promises ended later than they began. Shares are of all promises.`,
          columns: ['Moved', 'Promises', 'Share'],
        },
        marks: moved.map((bin) => ({ ...bin, chosen: true })),
      } satisfies Bars,
      {
        kind: 'lines',
        about: {
          id: 'slippage-by-month',
          title: 'Mean slippage by month',
          finding:
            'Days by which promises moved, and how much of it we moved ourselves; months are those of the commit date. The last month is not over.',
          columns: ['Month', 'Moved by', 'Mean', 'Share moved later', 'Promises'],
        },
        marks: [
          ...pointsOf(monthly, slippage, series('Anyone', false)),
          ...pointsOf(monthly, 'promise_slippage_by_supplier', series('Us', true)),
        ],
        unit: ' d',
      } satisfies Lines,
    ],
  };
};
