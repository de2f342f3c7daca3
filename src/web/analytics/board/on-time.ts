import { bases } from '../../../analytics/kpis/kpi.ts';
import { cellAddress } from '../links.ts';
import type { Bars, Lines, Mark, Point } from '../marks.ts';
import { basisWords, daysText, percentText } from '../words.ts';
import { type Asking, cellOf, ofWhich, percentile } from './asking.ts';
import { pointsOf } from './months.ts';
import type { SectionOf } from './section.ts';

const rate = 'on_time_rate';
const columns = ['On time', 'Rate', 'Units on time', 'Units', 'Not due yet'];

/** The same deliveries, measured against five dates. */
export const onTime: SectionOf = async (asking) => {
  const { basis } = asking.view;
  const chosen = await asking.total([rate, 'otif_rate', 'promise_honesty', 'days_late']);
  const marks = await markPerBasis(asking);
  const shown = basisWords[basis];
  const first = marks[bases.indexOf('first_promise')]?.text ?? '';
  return {
    id: 'on-time',
    title: 'On time',
    question: `Did it arrive when it should? Measured against the ${shown.name.toLowerCase()}: ${shown.about}.`,
    figures: [
      asking.figure(rate, chosen),
      asking.figure('otif_rate', chosen),
      asking.figure('days_late', chosen, {
        name: 'Lateness, median',
        read: (cell) => daysText(percentile(cell, 'p50')),
      }),
      asking.figure('promise_honesty', chosen),
    ],
    charts: [
      {
        kind: 'bars',
        about: {
          id: 'on-time-by-basis',
          title: 'On time by basis',
          finding: `${percentText(cellOf(chosen.answer, rate).value)} on time by ${shown.name.toLowerCase()}, ${first} by first promise.`,
          columns,
        },
        marks,
        upTo: 1,
        percent: true,
      } satisfies Bars,
      {
        kind: 'lines',
        about: {
          id: 'on-time-by-month',
          title: 'On time by month',
          finding: 'Each line is one basis; months are those of the target date. The last month is not over.',
          columns: ['Month', 'Basis', ...columns.slice(1)],
        },
        marks: await linesPerBasis(asking),
        percent: true,
      } satisfies Lines,
    ],
  };
};

async function markPerBasis(asking: Asking): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const basis of bases) {
    const { answer, view } = await asking.total([rate], { basis });
    const cell = cellOf(answer, rate);
    marks.push({
      label: basisWords[basis].name,
      value: cell.value,
      text: percentText(cell.value),
      href: cellAddress(view, { kpi: rate }),
      more: ofWhich(cell),
      chosen: basis === asking.view.basis,
    });
  }
  return marks;
}

async function linesPerBasis(asking: Asking): Promise<Point[]> {
  const lines: Point[] = [];
  for (const basis of bases) {
    const asked = await asking.monthly([rate], { basis });
    const words = {
      series: basisWords[basis].name,
      chosen: basis === asking.view.basis,
      read: ({ value }: { readonly value: number | null }) => value,
      show: percentText,
      more: ofWhich,
    };
    lines.push(...pointsOf(asked, rate, words));
  }
  return lines;
}
