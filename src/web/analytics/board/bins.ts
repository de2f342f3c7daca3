import { cellAddress } from '../links.ts';
import type { Bin } from '../marks.ts';
import { questionOf } from '../view.ts';
import { countText } from '../words.ts';
import { type Asked, type Asking, shareText } from './asking.ts';

/** Bounds of bins with a name each: below the first, between two, from the last on. */
export interface Edges {
  readonly edges: readonly number[];
  /** Names of the bins; one more than there are edges. */
  readonly labels: readonly string[];
}

/** Counts of units between the edges; what lies below all of them is left out where there is nothing. */
export async function binsOf(asking: Asking, kpi: string, { view }: Asked, { edges, labels }: Edges): Promise<Bin[]> {
  const { counts } = await asking.figures.histogram({
    ...questionOf(view),
    basis: view.basis,
    kpis: [kpi],
    kpi,
    edges,
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bins = counts.map((count, at): Bin => {
    const [from, to] = [edges[at - 1] ?? null, edges[at] ?? null];
    const bounds = { ...(from !== null && { atLeast: from }), ...(to !== null && { below: to }) };
    return {
      label: labels[at] ?? '',
      value: count,
      text: countText(count),
      href: cellAddress(view, { kpi, ...bounds }),
      more: [shareText(count, total)],
      from,
      to,
    };
  });
  return bins.filter(({ value }, at) => at > 0 || value !== 0);
}

const steps = [0.25, 0.5, 1, 2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500];
const binsAtMost = 20;

/** Even bins that hold all but the longest hundredth, which is in the last one. */
export function evenEdges(from: number, to: number, unit: string): Edges {
  const step = steps.find((one) => (to - from) / one <= binsAtMost) ?? Math.ceil((to - from) / binsAtMost);
  const first = Math.floor(from / step) * step;
  const count = Math.max(2, Math.ceil((to - first) / step) + 1);
  const edges = Array.from({ length: count }, (_, at) => Number((first + at * step).toFixed(2)));
  const between = edges.slice(1).map((edge, at) => `${edges[at]} to ${edge} ${unit}`);
  return { edges, labels: [`under ${first} ${unit}`, ...between, `${edges.at(-1)} ${unit} and more`] };
}
