/** What charts are drawn from and tables are written from: the same values, so that they cannot differ. */

export interface Mark {
  readonly label: string;
  /** Null where there is nothing to draw. */
  readonly value: number | null;
  /** The value as the table shows it. */
  readonly text: string;
  readonly href: string;
  /** Cells of the table beside label and value, one for each of the `columns`. */
  readonly more: readonly string[];
  /** Drawn in the colour of emphasis. */
  readonly chosen?: boolean;
}

export interface Bars {
  readonly kind: 'bars';
  readonly about: ChartWords;
  readonly marks: readonly Mark[];
  /** Where the axis ends; the greatest value if left out. */
  readonly upTo?: number;
  readonly percent?: boolean;
}

export interface Bin extends Mark {
  /** Bounds on the axis; null is open. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface Histogram {
  readonly kind: 'histogram';
  readonly about: ChartWords;
  readonly marks: readonly Bin[];
  readonly unit: string;
  /** Vertical lines, e.g. the median. */
  readonly rules: readonly { readonly label: string; readonly at: number }[];
}

export interface Point extends Mark {
  /** YYYY-MM */
  readonly month: string;
  readonly series: string;
}

export interface Lines {
  readonly kind: 'lines';
  readonly about: ChartWords;
  /** By series, by month; `chosen` series are emphasised. */
  readonly marks: readonly Point[];
  readonly percent?: boolean;
  readonly unit?: string;
}

export type Chart = Bars | Histogram | Lines;

export interface ChartWords {
  readonly id: string;
  readonly title: string;
  /** What is found, in a sentence. */
  readonly finding: string;
  /** Heads of the table: label, value, and those of `more`. */
  readonly columns: readonly string[];
}
