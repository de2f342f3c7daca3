import type { VNode } from 'preact';
import type { Lines, Point } from '../marks.ts';
import { drawn } from './drawing.ts';

interface Dated extends Point {
  readonly date: Date;
}

/** One line for each series over the months, its name at its end. */
export async function lineChart({ marks, about, percent = false, unit = '' }: Lines): Promise<VNode> {
  const { axisX, axisY, dot, gridY, line, text } = await import('@observablehq/plot');
  const points = marks.flatMap((mark): Dated[] =>
    mark.value === null ? [] : [{ ...mark, date: new Date(`${mark.month}-01T00:00:00Z`) }],
  );
  const [quiet, chosen] = [points.filter((point) => !point.chosen), points.filter((point) => point.chosen)];
  const place = { x: 'date', y: 'value' } as const;
  const values = points.map(({ value }) => value as number);
  const [low, high] = percent ? [floorOf(values), 1] : [Math.min(0, ...values), Math.max(1, ...values)];
  const labels = endLabels(points, low, high);
  const named = { x: 'date', y: 'labelAt', text: 'series', textAnchor: 'start', dx: 10, fontSize: 12 } as const;
  return drawn(
    {
      width: 600,
      height: 270,
      marginLeft: 52,
      marginRight: 116,
      marginTop: 16,
      marginBottom: 32,
      x: { type: 'utc' },
      y: { domain: [low, high], nice: !percent },
      marks: [
        gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
        axisY({
          label: null,
          tickSize: 0,
          fontSize: 12,
          fill: 'var(--soft)',
          ticks: 5,
          tickFormat: percent ? percentTick : (value: number) => `${value}${unit}`,
        }),
        axisX({ label: null, tickSize: 4, fontSize: 12, fill: 'var(--soft)', stroke: 'var(--line)', ticks: 6 }),
        line(quiet, { ...place, z: 'series', stroke: 'var(--mute)', strokeWidth: 1.5 }),
        line(chosen, { ...place, z: 'series', stroke: 'var(--accent)', strokeWidth: 2.5 }),
        dot(quiet, { ...place, r: 2.5, fill: 'var(--mute)', href: 'href', title: titleOf }),
        dot(chosen, {
          ...place,
          r: 4,
          fill: 'var(--accent)',
          stroke: 'var(--paper)',
          strokeWidth: 1.5,
          href: 'href',
          title: titleOf,
        }),
        text(
          labels.filter((point) => !point.chosen),
          { ...named, fill: 'var(--soft)' },
        ),
        text(
          labels.filter((point) => point.chosen),
          { ...named, fontWeight: 600, fill: 'var(--accent)' },
        ),
      ],
    },
    about,
  );
}

const titleOf = ({ series, label, text }: Point): string => `${series}, ${label}: ${text}`;
const percentTick = (value: number): string => `${Math.round(value * 100)} %`;

/** Rates near one another are told apart by leaving out what lies far below all of them. */
const floorOf = (values: readonly number[]): number => Math.max(0, Math.floor(Math.min(1, ...values) * 10) / 10);

/** Names at the ends of the lines, moved apart so that none covers another and none leaves the frame. */
function endLabels(points: readonly Dated[], low: number, high: number): (Dated & { labelAt: number })[] {
  const last = [...new Map(points.map((point) => [point.series, point])).values()];
  const apart = (high - low) / 15;
  const date = last.reduce((latest, point) => (point.date > latest ? point.date : latest), new Date(0));
  let above = Number.POSITIVE_INFINITY;
  const fromTop = last
    .sort((a, b) => (b.value as number) - (a.value as number))
    .map((point) => {
      above = Math.min(point.value as number, above - apart);
      return { ...point, date, labelAt: above };
    });
  let below = low;
  return fromTop.reverse().map((label) => {
    const labelAt = Math.max(label.labelAt, below);
    below = labelAt + apart;
    return { ...label, labelAt };
  });
}
