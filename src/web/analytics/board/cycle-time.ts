import { cellAddress } from '../links.ts';
import type { Bars, Histogram, Mark } from '../marks.ts';
import { countText, daysText } from '../words.ts';
import { type Asked, type Asking, cellOf, percentile } from './asking.ts';
import { binsOf, evenEdges } from './bins.ts';
import type { SectionOf } from './section.ts';

const cycle = 'cycle_time';
const stages = ['stage_accept_time', 'stage_clean_time', 'stage_ship_time', 'stage_deliver_time'] as const;

/** How long orders take, and where the time goes. */
export const cycleTime: SectionOf = async (asking) => {
  const asked = await asking.total([cycle, 'cycle_time_net', ...stages]);
  const cell = cellOf(asked.answer, cycle);
  const [median, p90, p99] = ['p50', 'p90', 'p99'].map((name) => percentile(cell, name));
  const times = { median: daysText(median ?? null), p90: daysText(p90 ?? null) };
  const bins = await binsOf(asking, cycle, asked, evenEdges(0, p99 ?? 10, 'days'));
  const rules = [
    { label: `median ${times.median}`, at: median },
    { label: `p90 ${times.p90}`, at: p90 },
  ].flatMap(({ label, at }) => (at == null ? [] : [{ label, at }]));
  return {
    id: 'cycle-time',
    title: 'Cycle time',
    question: 'How long does an order take, and where does the time go? Completed orders only.',
    figures: [
      asking.figure(cycle, asked, { name: 'Cycle time, median', read: (one) => daysText(percentile(one, 'p50')) }),
      asking.figure(cycle, asked, { name: 'Cycle time, p90', read: (one) => daysText(percentile(one, 'p90')) }),
      asking.figure('cycle_time_net', asked, {
        name: 'Net of customer waits, median',
        read: (one) => daysText(percentile(one, 'p50')),
      }),
    ],
    charts: [
      {
        kind: 'histogram',
        about: {
          id: 'cycle-time-distribution',
          title: 'Orders by cycle time',
          finding: `Half of the orders were complete within ${times.median}, nine of ten within ${times.p90}.`,
          columns: ['Cycle time', 'Orders', 'Share'],
        },
        marks: bins,
        unit: 'days from order to complete delivery; the last bar holds all that is longer',
        rules,
      } satisfies Histogram,
      stageBars(asking, asked),
    ],
  };
};

/** Means, because they add up: those of the stages are together that of the cycle time. */
function stageBars(asking: Asking, asked: Asked): Bars {
  const marks = stages.map((id): Mark => {
    const cell = cellOf(asked.answer, id);
    return {
      label: asking.kpi(id).title,
      value: cell.value === null ? null : Math.max(0, cell.value),
      text: daysText(cell.value),
      href: cellAddress(asked.view, { kpi: id }),
      more: [daysText(percentile(cell, 'p50')), daysText(percentile(cell, 'p90')), countText(cell.den)],
    };
  });
  const longest = marks.reduce<Mark | undefined>(
    (most, mark) => ((mark.value ?? 0) > (most?.value ?? 0) ? mark : most),
    undefined,
  );
  return {
    kind: 'bars',
    about: {
      id: 'stage-times',
      title: 'Mean time by stage',
      finding: longest
        ? `Most of it goes from ${longest.label.toLowerCase()}; together the stages are the mean cycle time, ${daysText(cellOf(asked.answer, cycle).value)}.`
        : 'No order is complete yet.',
      columns: ['Stage', 'Mean', 'Median', 'p90', 'Orders'],
    },
    marks: marks.map((mark) => ({ ...mark, chosen: mark === longest })),
  };
}
