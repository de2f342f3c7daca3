import { type Days, type FactColumn, Texts, Words } from '../facts/columns.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import type { OutcomeColumns } from '../facts/outcome-columns.ts';
import type { Rows } from '../facts/rows.ts';
import type { Numeric, Reach } from '../kernel/vectors.ts';
import { type Basis, bases, type Grain } from '../kpis/kpi.ts';
import type { Asked } from './question.ts';
import { shipmentUnits } from './shipment-units.ts';

/** The rows that a grain counts, and the rows of lines and orders above them. */
export interface Units {
  /** What they were taken from. */
  readonly facts: FoldedFacts;
  readonly grain: Grain;
  readonly count: number;
  readonly outcome: OutcomeColumns;
  /** Row of the line of each unit; null where a unit has no one line. */
  readonly line: Int32Array | null;
  /** Row of the order of each unit; null where units are orders. */
  readonly order: Int32Array | null;
  /** Its own rows first, then those above. */
  readonly levels: readonly Level[];
}

interface Level {
  readonly rows: Rows;
  readonly via: Int32Array | null;
}

export function unitsOf(facts: FoldedFacts, grain: Grain): Units {
  const { orders, lines, schedule } = facts;
  const own = (rows: Rows, via: Int32Array | null): Level => ({ rows, via });
  switch (grain) {
    case 'order':
      return unitsAt(facts, grain, orders.count, orders.columns, null, null, [own(orders, null)]);
    case 'line': {
      const order = lines.columns.order.values;
      return unitsAt(facts, grain, lines.count, lines.columns, null, order, [own(lines, null), own(orders, order)]);
    }
    case 'schedule-line': {
      const [line, order] = [schedule.columns.line.values, schedule.columns.order.values];
      const levels = [own(schedule, null), own(lines, line), own(orders, order)];
      return unitsAt(facts, grain, schedule.count, schedule.columns, line, order, levels);
    }
    default: {
      const shipments = shipmentUnits(facts);
      const order = shipments.columns.order.values;
      return unitsAt(facts, grain, shipments.count, shipments.columns, null, order, [
        own(shipments, null),
        own(orders, order),
      ]);
    }
  }
}

const unitsAt = (
  facts: FoldedFacts,
  grain: Grain,
  count: number,
  outcome: OutcomeColumns,
  line: Int32Array | null,
  order: Int32Array | null,
  levels: readonly Level[],
): Units => ({ facts, grain, count, outcome, line, order, levels });

/** The column of that name, of the unit or else of the line or order above it. The catalogue names only columns that exist. */
export function reach(units: Units, name: string): Reach<Numeric> {
  for (const { rows, via } of units.levels) {
    const column = rows.columns[name] as FactColumn | undefined;
    if (column && !Array.isArray(column) && !(column instanceof Texts)) return { column, via };
  }
  throw new Error(`Nothing at the grain ${units.grain} has a column ${name}`);
}

/** The column of the basis. */
export const byBasis = (columns: readonly Days[], basis: Basis): Days => columns[bases.indexOf(basis)] as Days;

/** The day on which a unit was done, by the basis. */
export const doneOn = ({ outcome }: Units, { kpi, basis }: Asked): Days =>
  kpi.basis && basis === 'ship' ? outcome.shippedOn : outcome.completedOn;

/** Every dictionary column of that name, nearest first: the free dimension and then the built-in column of each level. */
export function wordsNamed(units: Units, freeName: string, builtIn: string | undefined): Reach<Words>[] {
  return units.levels.flatMap(({ rows, via }) => {
    const free = rows.dimensions.get(freeName);
    const column = builtIn === undefined ? undefined : rows.columns[builtIn];
    return [...(free ? [{ column: free, via }] : []), ...(column instanceof Words ? [{ column, via }] : [])];
  });
}
