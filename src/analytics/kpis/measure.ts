/**
 * How a KPI is computed, as data over the columns of the facts. Names of columns are those of the tables that the engine
 * gives out, at the grain of the question; a column that the grain lacks is looked up at the line or the order above it.
 */

/** Which units are counted. `population`: as the question says. The others have happened by the date of judgement. */
export type Members =
  | 'population'
  | 'delivered'
  | 'shipped'
  /** Some of it has left, be it complete or not. Their date of shipping is that of the first departure. */
  | 'begun'
  | 'ordered'
  | 'accepted'
  /** All that we took, what was cancelled later included. */
  | 'taken'
  /** Counted and neither ended nor completely delivered: a stock. */
  | 'backlog'
  /** Of that, what should have left by the moment of judgement. */
  | 'backordered'
  /** Open, and its target of the basis has passed: a stock. */
  | 'overdue';

/** All of them must hold. `on-time` and `in-full` depend on the basis of the question. */
export type Condition =
  | { readonly test: 'on-time' | 'in-full' }
  | { readonly test: 'zero' | 'positive'; readonly column: string }
  | { readonly test: 'same'; readonly column: string; readonly other: string };

export type Measure =
  /** Units that succeed / units. */
  | { readonly kind: 'rate'; readonly members: Members; readonly good: readonly Condition[] }
  /** Sum of one column / sum of another, over the units where both are known; each times `times`, if it is given. */
  | {
      readonly kind: 'share';
      readonly members: Members;
      readonly part: string;
      readonly whole: string;
      readonly times?: string;
    }
  /** Time between two milestones, less waiting; `business` calendars apply. `to: 'now'` is the moment of judgement. */
  | {
      readonly kind: 'time';
      readonly members: Members;
      readonly from: string;
      readonly to: string;
      readonly less?: readonly string[];
    }
  /** Time between two milestones that are dates; `target` is the date of the basis, `missed` the earliest one that was missed, `done` the day of delivery or departure. */
  | {
      readonly kind: 'dates';
      readonly members: Members;
      readonly from: string;
      readonly to: string;
      /** Only differences above zero count. */
      readonly positive?: boolean;
    }
  /** A number that each unit has, divided by `scale`. */
  | { readonly kind: 'number'; readonly members: Members; readonly column: string; readonly scale?: number }
  /** Time on holds of one type; overlapping ones count once. Of orders. */
  | { readonly kind: 'held'; readonly members: Members; readonly holdType: string }
  /** Number of units. */
  | { readonly kind: 'count'; readonly members: Members }
  /** Sum of a column. */
  | { readonly kind: 'sum'; readonly members: Members; readonly column: string }
  /** From the values of other KPIs in the same cell. */
  | { readonly kind: 'product' | 'difference'; readonly of: readonly Operand[] };

/** Another KPI, perhaps on another basis than the question. */
export interface Operand {
  readonly kpi: string;
  readonly basis?: 'request' | 'first_promise' | 'commit' | 'last_promise' | 'ship';
}
