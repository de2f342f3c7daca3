import type { Measure } from './measure.ts';

/** What is counted: whole orders, order lines, commitments (schedule lines), or what arrived in one shipment. */
export const grains = ['order', 'line', 'schedule-line', 'shipment'] as const;
export type Grain = (typeof grains)[number];

/**
 * The date that counts as the target, from strict to lenient: what the customer asked for; the first date we promised; the
 * commit date (first promise, replaced only with the customer's consent); the last date we told; the planned departure.
 */
export const bases = ['request', 'first_promise', 'commit', 'last_promise', 'ship'] as const;
export type Basis = (typeof bases)[number];

/** `due`: also what is open and overdue, as a failure. `delivered`: only what arrived. */
export const populations = ['due', 'delivered'] as const;
export type Population = (typeof populations)[number];

/** The date of a unit that decides its period and is compared with `from` and `to`. `snapshot`: none, the stock at that moment. */
export const attributions = ['due', 'delivered', 'ordered', 'shipped', 'snapshot'] as const;
export type Attribution = (typeof attributions)[number];

export const families = ['reliability', 'responsiveness', 'fill', 'quality', 'money'] as const;
export type Family = (typeof families)[number];

export type Unit = 'ratio' | 'days' | 'count' | 'points' | 'units' | 'value';

/** One KPI as data: its documentation, the check of questions about it, and how it is computed. */
export interface Kpi {
  readonly id: string;
  /** Raised when the same events would give another number. */
  readonly version: number;
  readonly title: string;
  readonly family: Family;
  /** What it tells, in a sentence or two. */
  readonly definition: string;
  /** The formula in words. */
  readonly formula: string;
  readonly unit: Unit;
  /** The first one is the usual one. */
  readonly grains: readonly Grain[];
  /** The first one is the usual one. */
  readonly by: readonly Attribution[];
  /** Whether the basis makes a difference. */
  readonly basis: boolean;
  /** Whether the population makes a difference. */
  readonly population: boolean;
  /** What happens to partial, split, cancelled and open units. */
  readonly edgeRules: readonly string[];
  /** Where the definition comes from. */
  readonly source: string;
  /** Event types that nothing records yet; without them the KPI cannot be computed. */
  readonly awaits?: readonly string[];
  /** How it is computed; missing when it awaits events. */
  readonly measure?: Measure;
}
