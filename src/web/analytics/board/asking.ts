import type { Analytics } from '../../../analytics/engine.ts';
import type { Grain, Kpi } from '../../../analytics/kpis/kpi.ts';
import type { KpiAnswer, KpiCell } from '../../../analytics/query/answer.ts';
import { cellAddress, pinned } from '../links.ts';
import { questionOf, type View } from '../view.ts';
import { countText, percentText, unitsWord, valueText } from '../words.ts';

export type Figures = Pick<Analytics, 'kpis' | 'dimensions' | 'facts' | 'query' | 'cell' | 'histogram' | 'position'>;

/** A number with everything that must stand beside it. */
export interface Figure {
  readonly kpi: Kpi;
  /** What the number is called here; the title of the KPI if left out. */
  readonly name: string;
  readonly text: string;
  /** What it was made of. */
  readonly note: string;
  readonly href: string;
}

export interface Asked {
  readonly answer: KpiAnswer;
  /** With the moment of the answer, for links. */
  readonly view: View;
}

/** Questions of one view. */
export class Asking {
  readonly figures: Figures;
  readonly view: View;

  constructor(figures: Figures, view: View) {
    this.figures = figures;
    this.view = view;
  }

  async total(kpis: readonly string[], changes: Partial<View> = {}): Promise<Asked> {
    return this.#ask(kpis, [], changes);
  }

  async monthly(kpis: readonly string[], changes: Partial<View> = {}): Promise<Asked> {
    return this.#ask(kpis, ['month'], changes);
  }

  kpi(id: string): Kpi {
    const kpi = this.figures.kpis.find((one) => one.id === id);
    if (!kpi) throw new Error(`The catalogue has no KPI ${id}`);
    return kpi;
  }

  async #ask(kpis: readonly string[], group: readonly string[], changes: Partial<View>): Promise<Asked> {
    const view = { ...this.view, ...changes };
    // The basis makes no difference to KPIs that have none.
    const answer = await this.figures.query({
      ...questionOf(view),
      basis: view.basis,
      kpis,
      group,
      percentiles: [50, 90, 99],
    });
    return { answer, view: pinned(view, answer) };
  }

  figure(
    id: string,
    asked: Asked,
    o: {
      readonly name?: string;
      readonly read?: (cell: KpiCell) => string;
      readonly note?: (cell: KpiCell) => string;
    } = {},
  ): Figure {
    const kpi = this.kpi(id);
    const cell = cellOf(asked.answer, id);
    const grain = asked.answer.conventions.find((one) => one.kpi === id)?.grain ?? 'order';
    return {
      kpi,
      name: o.name ?? kpi.title,
      text: o.read ? o.read(cell) : valueText(kpi.unit, cell.value),
      note: (o.note ?? noteOf(kpi, grain))(cell),
      href: cellAddress(asked.view, { kpi: id }),
    };
  }
}

const none: KpiCell = { num: 0, den: 0, value: null, n_open: 0 };

/** The numbers of a KPI in an answer without groups. */
export const cellOf = ({ rows }: KpiAnswer, kpi: string): KpiCell => rows[0]?.kpis[kpi] ?? none;

const noteOf =
  (kpi: Kpi, grain: Grain) =>
  ({ num, den, n_open }: KpiCell): string => {
    const open = n_open > 0 ? `, ${countText(n_open)} open` : '';
    if (kpi.unit === 'ratio') return `${countText(num)} of ${countText(den)} ${unitsWord(grain)}${open}`;
    if (kpi.unit === 'points') return 'last promise less first promise';
    return `${countText(den)} ${unitsWord(grain)}${open}`;
  };

export const percentile = (cell: KpiCell, name: string): number | null => cell.distribution?.percentiles[name] ?? null;

/** Share of `num` in `den` in words for tables. */
export const shareText = (num: number, den: number): string => percentText(den === 0 ? null : num / den);

export const ofWhich = ({ num, den, n_open }: KpiCell): readonly string[] => [
  countText(num),
  countText(den),
  countText(n_open),
];
