import type { VNode } from 'preact';
import type { Bars, Mark } from '../marks.ts';
import { drawn } from './drawing.ts';

const rowHeight = 38;

/** Horizontal bars with their names before and their values behind them. */
export async function barChart({ marks, about, upTo, percent = false }: Bars): Promise<VNode> {
  const { barX, text } = await import('@observablehq/plot');
  const greatest = Math.max(...marks.map(({ value }) => value ?? 0));
  const end = upTo ?? (greatest > 0 ? greatest : 1);
  const fill = ({ chosen }: Mark): string => (chosen ? 'var(--accent)' : 'var(--mute)');
  return drawn(
    {
      width: 600,
      height: marks.length * rowHeight + 8,
      marginLeft: 172,
      marginRight: 72,
      marginTop: 4,
      marginBottom: 4,
      x: { axis: null, domain: [0, end] },
      y: { axis: null, domain: marks.map(({ label }) => label), padding: 0.28 },
      marks: [
        // A track under each bar shows how much of the whole it is.
        ...(percent ? [barX(marks, { x: () => end, y: 'label', fill: 'var(--track)', rx: 3 })] : []),
        barX(marks, {
          x: ({ value }: Mark) => value ?? 0,
          y: 'label',
          fill,
          rx: 3,
          href: 'href',
          title: ({ label, text: value }: Mark) => `${label}: ${value}`,
        }),
        text(marks, {
          x: () => 0,
          y: 'label',
          text: 'label',
          textAnchor: 'end',
          dx: -12,
          fontSize: 13,
          fill: 'var(--ink)',
        }),
        text(marks, {
          x: percent ? () => end : ({ value }: Mark) => value ?? 0,
          y: 'label',
          text: 'text',
          textAnchor: 'start',
          dx: 10,
          fontSize: 13,
          fontWeight: 600,
          fontVariant: 'tabular-nums',
          fill: 'var(--ink)',
        }),
      ],
    },
    about,
  );
}
