import type { VNode } from 'preact';
import type { Bin, Histogram } from '../marks.ts';
import { drawn } from './drawing.ts';

/** Bars that touch, as high as the number of units between their bounds; open bounds are as wide as the bin beside them. */
export async function histogramChart({ marks, rules, unit, about }: Histogram): Promise<VNode> {
  const { axisX, axisY, gridY, rectY, ruleX, ruleY, text } = await import('@observablehq/plot');
  const bins = marks.map((bin, at) => ({ ...bin, ...boundsOf(marks, at) }));
  const highest = Math.max(1, ...bins.map(({ value }) => value ?? 0));
  const named = {
    x: 'at',
    text: 'label',
    frameAnchor: 'top',
    dy: -18,
    fontSize: 12,
    fontWeight: 600,
    fill: 'var(--ink)',
  } as const;
  type Drawable = (typeof bins)[number];
  return drawn(
    {
      width: 600,
      height: 270,
      marginLeft: 52,
      marginRight: 16,
      marginTop: 36,
      marginBottom: 40,
      x: { domain: [bins[0]?.x1 ?? 0, bins.at(-1)?.x2 ?? 1] },
      y: { domain: [0, highest], nice: true },
      marks: [
        gridY({ stroke: 'var(--grid)', strokeOpacity: 1 }),
        axisY({ label: null, tickSize: 0, fontSize: 12, fill: 'var(--soft)', tickFormat: ',d', ticks: 5 }),
        axisX({
          label: unit,
          labelArrow: 'none',
          labelAnchor: 'right',
          tickSize: 4,
          fontSize: 12,
          fill: 'var(--soft)',
          stroke: 'var(--line)',
        }),
        rectY(bins, {
          x1: 'x1',
          x2: 'x2',
          y: ({ value }: Drawable) => value ?? 0,
          fill: 'var(--accent)',
          insetLeft: 0.75,
          insetRight: 0.75,
          ry1: 2,
          href: 'href',
          title: ({ label, text: value }: Drawable) => `${label}: ${value}`,
        }),
        ruleY([0], { stroke: 'var(--line)' }),
        ruleX(rules, { x: 'at', stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: '4,3' }),
        // The first name before its line, the others behind theirs: near one another they stay apart.
        text(rules.slice(0, 1), { ...named, textAnchor: 'end', dx: 3 }),
        text(rules.slice(1), { ...named, textAnchor: 'start', dx: -3 }),
      ],
    },
    about,
  );
}

function boundsOf(bins: readonly Bin[], at: number): { x1: number; x2: number } {
  const { from, to } = bins[at] as Bin;
  const width = widthAt(bins, at);
  return { x1: from ?? (to ?? 0) - width, x2: to ?? (from ?? 0) + width };
}

/** Of the nearest bin that has two bounds. */
function widthAt(bins: readonly Bin[], at: number): number {
  const closed = bins.filter(({ from, to }) => from !== null && to !== null);
  const near = closed.sort((a, b) => Math.abs(bins.indexOf(a) - at) - Math.abs(bins.indexOf(b) - at))[0];
  return near ? (near.to as number) - (near.from as number) : 1;
}
