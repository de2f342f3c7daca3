import { localDateOf } from '../../values/dates.ts';
import type { Row, Totals } from '../projection.ts';
import { isCounted, type OrderFacts } from './facts.ts';
import { bases, type Outcome, outcomeOf } from './outcome.ts';
import { errorsOf } from './tables.ts';

/** Upper bounds, in days, of the histogram of cycle times; the last bucket has none. */
export const cycleBuckets = [1, 2, 3, 5, 7, 14, 30, 60, 90, 180] as const;

const bucketNames = [...cycleBuckets.map((days) => `cycle_to_${days}`), 'cycle_over'];

const bucketOf = (seconds: number): string => {
  const at = cycleBuckets.findIndex((days) => seconds <= days * 86_400);
  return at < 0 ? 'cycle_over' : `cycle_to_${cycleBuckets[at]}`;
};

interface Unit {
  readonly grain: 'order' | 'line';
  readonly outcome: Outcome;
  readonly orderedAt: string | undefined;
  readonly zone: string;
  readonly errors: number;
}

function unitsOf(order: OrderFacts): Unit[] {
  const outcome = outcomeOf(order);
  const ordered = order.lines.flatMap((line) => line.orderedAt ?? []).sort()[0];
  const errors = order.lines.reduce((sum, line) => sum + (line.deliveryErrors ?? 0), order.deliveryErrors);
  const lines = order.lines.flatMap((line, at): Unit[] => {
    const lineOutcome = outcome.lines[at];
    if (!lineOutcome) return [];
    const { orderedAt } = line;
    return [{ grain: 'line', outcome: lineOutcome, orderedAt, zone: order.zone, errors: errorsOf(order, line) }];
  });
  return [{ grain: 'order', outcome, orderedAt: ordered, zone: order.zone, errors }, ...lines];
}

/** What one delivered order or line adds to the day on which it was complete. */
function deliveredRow({ grain, outcome, orderedAt, errors }: Unit): Row {
  const row: Record<string, string | number | null> = {
    day: outcome.completedOn,
    grain,
    delivered: 1,
    in_full: outcome.inFull ? 1 : 0,
    accurate: errors === 0 ? 1 : 0,
  };
  for (const basis of bases) {
    if (outcome.target[basis] === null) continue;
    row[`due_${basis}`] = 1;
    row[`on_time_${basis}`] = outcome.missed[basis] === null ? 1 : 0;
  }
  if (orderedAt !== undefined && outcome.completedAt !== null) {
    const seconds = Math.round((Date.parse(outcome.completedAt) - Date.parse(orderedAt)) / 1000);
    row.cycle_count = 1;
    row.cycle_seconds = seconds;
    row[bucketOf(seconds)] = 1;
  }
  return row;
}

function contributions(order: OrderFacts): Row[] {
  if (order.submittedAt === undefined || !isCounted(order)) return [];
  const rows: Row[] = [];
  for (const unit of unitsOf(order)) {
    if (unit.orderedAt !== undefined) {
      rows.push({ day: localDateOf(unit.orderedAt, unit.zone), grain: unit.grain, ordered: 1 });
    }
    if (unit.outcome.completedOn !== null) rows.push(deliveredRow(unit));
  }
  return rows;
}

/**
 * Orders and lines per day. `ordered` is counted on the local day of the order; everything else on the local day on
 * which the last missing part was delivered: `on_time_{basis}` of `due_{basis}` (those that had such a target).
 */
export const kpiDaily: Totals<OrderFacts> = {
  name: 'kpi_daily',
  key: { day: 'date', grain: 'text' },
  measures: [
    'ordered',
    'delivered',
    'in_full',
    'accurate',
    ...bases.flatMap((basis) => [`due_${basis}`, `on_time_${basis}`]),
    'cycle_count',
    'cycle_seconds',
    ...bucketNames,
  ],
  contributions,
};
