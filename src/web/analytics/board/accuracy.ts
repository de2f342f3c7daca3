import type { Grain } from '../../../analytics/kpis/kpi.ts';
import { cellAddress } from '../links.ts';
import type { Bars, Lines, Mark } from '../marks.ts';
import { countText, percentText, unitsWord } from '../words.ts';
import { type Asked, cellOf, ofWhich } from './asking.ts';
import { pointsOf } from './months.ts';
import type { SectionOf } from './section.ts';

const kinds = [
  ['in_full_rate', 'Short or open'],
  ['item_accuracy', 'Wrong item'],
  ['perfect_condition_rate', 'Damaged or wrong item'],
  ['documentation_rate', 'Wrong documents'],
] as const;

/** Was it all there, the right thing, whole and with the right papers? */
export const accuracy: SectionOf = async (asking) => {
  const asked = await asking.total([
    'in_full_rate',
    'delivery_accuracy_rate',
    'perfect_order_rate',
    ...kinds.map(([id]) => id),
  ]);
  const monthly = await asking.monthly(['in_full_rate', 'delivery_accuracy_rate']);
  const faultless = cellOf(asked.answer, 'delivery_accuracy_rate');
  const words = (series: string, chosen: boolean) => ({
    series,
    chosen,
    read: ({ value }: { readonly value: number | null }) => value,
    show: percentText,
    more: ofWhich,
  });
  return {
    id: 'accuracy',
    title: 'Accuracy',
    question: 'Was it all there, the right thing, whole, and with the right papers?',
    figures: [
      asking.figure('in_full_rate', asked),
      asking.figure('delivery_accuracy_rate', asked),
      asking.figure('perfect_order_rate', asked),
    ],
    charts: [
      {
        kind: 'bars',
        about: {
          id: 'errors-by-kind',
          title: 'What went wrong',
          finding: `${countText(faultless.den - faultless.num)} of ${countText(faultless.den)} delivered orders had a recorded error.`,
          columns: ['Fault', 'Units', 'Share', 'Of', 'Counted as'],
        },
        marks: kinds.map(([id, label]) => faults(asked, id, label, asking.kpi(id).grains[0] ?? 'order')),
      } satisfies Bars,
      {
        kind: 'lines',
        about: {
          id: 'accuracy-by-month',
          title: 'In full and without error, by month',
          finding:
            'In full by the month of the target date, without error by the month of delivery. The last month is not over.',
          columns: ['Month', 'Rate of', 'Rate', 'Units good', 'Units', 'Open'],
        },
        marks: [
          ...pointsOf(monthly, 'in_full_rate', words('In full', true)),
          ...pointsOf(monthly, 'delivery_accuracy_rate', words('Without error', false)),
        ],
        percent: true,
      } satisfies Lines,
    ],
  };
};

function faults({ answer, view }: Asked, kpi: string, label: string, grain: Grain): Mark {
  const { num, den } = cellOf(answer, kpi);
  return {
    label,
    value: den - num,
    text: countText(den - num),
    href: cellAddress(view, { kpi, show: 'failed' }),
    more: [percentText(den === 0 ? null : (den - num) / den), countText(den), unitsWord(grain)],
    chosen: true,
  };
}
