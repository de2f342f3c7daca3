/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VNode } from 'preact';
import type { Kpi } from '../../analytics/kpis/kpi.ts';
import { AlertsPart, type OpenAlerts } from './alerts.tsx';
import type { Figure } from './board/asking.ts';
import type { Board } from './board/board.ts';
import type { Section } from './board/section.ts';
import { ChartFigure, drawingOf } from './chart-figure.tsx';
import { FilterForm } from './filter-form.tsx';
import type { Choice } from './filters.ts';
import type { Chart } from './marks.ts';
import { type Assets, Page } from './page.tsx';
import { momentText, type View } from './view.ts';
import { countText, instantText, positionText } from './words.ts';

export interface BoardView {
  readonly view: View;
  readonly board: Board;
  readonly choices: readonly Choice[];
  readonly assets: Assets;
  /** Left out for who may not read them, and where the past is looked at. */
  readonly open?: OpenAlerts | undefined;
  readonly kpis: readonly Kpi[];
}

/** Draws one chart after another, and lets others work in between. */
export async function boardPage(o: BoardView): Promise<VNode> {
  const drawings = new Map<Chart, VNode | null>();
  for (const chart of o.board.sections.flatMap(({ charts }) => charts)) {
    drawings.set(chart, await drawingOf(chart));
    await nextTurn();
  }
  return <BoardPage {...o} drawings={drawings} />;
}

type Drawings = ReadonlyMap<Chart, VNode | null>;

const BoardPage = ({
  view,
  board,
  choices,
  assets,
  open,
  kpis,
  drawings,
}: BoardView & { readonly drawings: Drawings }): VNode => (
  <Page title="Delivery performance" assets={assets} visitor={true}>
    <div class="head">
      <h1>Delivery performance</h1>
      <Standing view={view} board={board} />
    </div>
    {open && <AlertsPart open={open} kpis={kpis} />}
    <FilterForm view={view} choices={choices} />
    <nav class="contents" aria-label="Sections">
      {board.sections.map(({ id, title }) => (
        <a key={id} href={`#${id}`}>
          {title}
        </a>
      ))}
    </nav>
    {board.units === 0 && (
      <p class="fault" role="status">
        No order fits this choice.
      </p>
    )}
    {board.sections.map((section) => (
      <SectionPart key={section.id} section={section} drawings={drawings} />
    ))}
  </Page>
);

/** What the numbers stand on. */
const Standing = ({ view, board }: Pick<BoardView, 'view' | 'board'>): VNode => {
  const { asOf } = view;
  const known =
    asOf === undefined
      ? 'as known now'
      : 'instant' in asOf
        ? `as known at ${instantText(asOf.instant)}`
        : `as known at position ${positionText(momentText(asOf))}`;
  const zone = board.zone === 'ship-to' ? 'the zone of each place of delivery' : board.zone;
  return (
    <p class="standing">
      {countText(board.units)} promised deliveries, {known}; overdue judged on {board.on}; days and months in {zone}.
      {board.parkedStreams > 0 && <strong> {countText(board.parkedStreams)} orders could not be read in full.</strong>}
    </p>
  );
};

const SectionPart = ({ section, drawings }: { readonly section: Section; readonly drawings: Drawings }): VNode => (
  <section class="subject" id={section.id} aria-labelledby={`${section.id}-heading`}>
    <h2 id={`${section.id}-heading`}>{section.title}</h2>
    <p class="question">{section.question}</p>
    <dl class="figures">
      {section.figures.map((figure) => (
        <FigurePart key={figure.name} figure={figure} />
      ))}
    </dl>
    <div class="charts">
      {section.charts.map((chart) => (
        <ChartFigure key={chart.about.id} chart={chart} drawing={drawings.get(chart) ?? null} />
      ))}
    </div>
  </section>
);

/** A number, what it was made of, and what it means. */
const FigurePart = ({ figure: { name, text, note, href, kpi } }: { readonly figure: Figure }): VNode => (
  <div class="figure">
    <dt>{name}</dt>
    <dd class="value">
      <a href={href}>{text}</a>
    </dd>
    <dd class="note">{note}</dd>
    <dd class="definition">
      {kpi.definition} <span class="formula">{kpi.formula}</span>
    </dd>
  </div>
);
