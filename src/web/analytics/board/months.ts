import type { KpiCell } from '../../../analytics/query/answer.ts';
import { cellAddress } from '../links.ts';
import type { Point } from '../marks.ts';
import { monthText } from '../words.ts';
import type { Asked } from './asking.ts';

export interface SeriesWords {
  readonly series: string;
  readonly chosen: boolean;
  readonly read: (cell: KpiCell) => number | null;
  readonly show: (value: number | null) => string;
  readonly more: (cell: KpiCell) => readonly string[];
}

/** The months of one KPI. What belongs to no month, or to one that has not begun, is not on the line; totals count it. */
export function pointsOf({ answer, view }: Asked, kpi: string, words: SeriesWords): Point[] {
  return answer.rows.flatMap((row): Point[] => {
    const month = row.group.month ?? null;
    const cell = row.kpis[kpi];
    if (month === null || month > answer.on.slice(0, 7) || !cell) return [];
    const value = words.read(cell);
    return [
      {
        month,
        series: words.series,
        label: monthText(month),
        value,
        text: words.show(value),
        href: cellAddress(view, { kpi, month }),
        more: words.more(cell),
        chosen: words.chosen,
      },
    ];
  });
}
