import type { Chart } from '../marks.ts';
import type { Asking, Figure } from './asking.ts';

/** One subject of the board. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What the section answers. */
  readonly question: string;
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
}

export type SectionOf = (asking: Asking) => Promise<Section>;
