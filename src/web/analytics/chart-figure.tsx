/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { barChart } from './charts/bars.ts';
import { histogramChart } from './charts/histogram.ts';
import { lineChart } from './charts/lines.ts';
import type { Chart, Mark, Point } from './marks.ts';

/** A chart with its finding above it and its numbers below it. */
export const ChartFigure = ({ chart, drawing }: { readonly chart: Chart; readonly drawing: VNode | null }): VNode => {
  const { id, title, finding, columns } = chart.about;
  return (
    <figure class={`chart ${chart.kind}`} id={id}>
      <figcaption>
        <h3 id={`${id}-title`}>{title}</h3>
        <p>{finding}</p>
      </figcaption>
      {drawing ?? <p class="empty">Nothing to show for this choice.</p>}
      {chart.marks.length > 0 && (
        <details>
          <summary>
            Table<span class="hidden"> of {title.toLowerCase()}</span>
          </summary>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  {columns.map((column, at) => (
                    <th key={column} scope="col" class={at === 0 ? '' : 'number'}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {chart.marks.map((mark) => (
                  <Row key={mark.href} mark={mark} />
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
};

const Row = ({ mark }: { readonly mark: Mark | Point }): VNode => (
  <tr>
    <th scope="row">{mark.label}</th>
    {'series' in mark && <td>{mark.series}</td>}
    <td class="number">
      <a href={mark.href}>{mark.text}</a>
    </td>
    {mark.more.map((text, at) => (
      <td key={at.toString()} class="number">
        {text}
      </td>
    ))}
  </tr>
);

/** Null where there is nothing to draw. */
export async function drawingOf(chart: Chart): Promise<VNode | null> {
  if (!chart.marks.some(({ value }) => value !== null)) return null;
  if (chart.kind === 'bars') return barChart(chart);
  return chart.kind === 'histogram' ? histogramChart(chart) : lineChart(chart);
}
