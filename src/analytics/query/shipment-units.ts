import { Counts, Words } from '../facts/columns.ts';
import { earlierDay, later, laterDay } from '../facts/days.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import { basisCount, clear, inherit, valuesOf } from '../facts/outcome/targets.ts';
import { outcomeColumns } from '../facts/outcome-columns.ts';
import { Rows } from '../facts/rows.ts';
import { nullDay } from '../table.ts';

/** What one shipment completed, of whatever orders: it is on time if all of that was. */
const shipmentUnitRows = ({ schedule }: FoldedFacts) =>
  new Rows({
    shipment: new Words('Shipment', schedule.columns.shipment.dictionary),
    mode: new Words('Mode of transport, where all parts agree', schedule.columns.mode.dictionary),
    order: new Counts('Row of the order; of the one with the least id, if there are several', -1),
    ...outcomeColumns(),
  });

type ShipmentUnitRows = ReturnType<typeof shipmentUnitRows>;

const remembered = new WeakMap<FoldedFacts, { readonly version: number; readonly rows: ShipmentUnitRows }>();

/** Worked out from the schedule lines whenever the facts changed. */
export function shipmentUnits(facts: FoldedFacts): ShipmentUnitRows {
  const known = remembered.get(facts);
  if (known?.version === facts.version) return known.rows;
  const rows = shipmentUnitRows(facts);
  const rowOf = new Int32Array(facts.schedule.columns.shipment.dictionary.length).fill(-1);
  for (let part = 0; part < facts.schedule.count; part += 1) {
    const code = facts.schedule.columns.shipment.values[part] as number;
    if (code < 0) continue;
    const first = (rowOf[code] as number) < 0;
    const row = first ? rows.add() : (rowOf[code] as number);
    rowOf[code] = row;
    if (first) begin(rows, row, facts, part);
    else join(rows, row, facts, part);
  }
  remembered.set(facts, { version: facts.version, rows });
  return rows;
}

function begin({ columns }: ShipmentUnitRows, row: number, { schedule }: FoldedFacts, part: number): void {
  const from = schedule.columns;
  clear(columns, row);
  columns.shipment.values[row] = from.shipment.values[part] as number;
  columns.mode.values[row] = from.mode.values[part] as number;
  columns.order.values[row] = from.order.values[part] as number;
  for (const name of ['completedAt', 'shippedAt'] as const)
    columns[name].values[row] = from[name].values[part] as number;
  for (const name of ['completedOn', 'shippedOn', 'orderedOn'] as const)
    columns[name].values[row] = from[name].values[part] as number;
  for (const name of ['counted', 'open', 'inFull'] as const)
    columns[name].values[row] = from[name].values[part] as number;
  for (const name of ['errors', 'wrongItems', 'damages', 'documentErrors'] as const)
    columns[name].values[row] = from[name].values[part] as number;
  inherit(columns, row, from, part);
  lateOf({ columns } as ShipmentUnitRows, row, schedule.columns, part);
}

function join(rows: ShipmentUnitRows, row: number, { schedule, orders }: FoldedFacts, part: number): void {
  const { columns } = rows;
  const from = schedule.columns;
  joinMode(columns.mode.values, row, from.mode.values[part] as number);
  const [mine, other] = [columns.order.values[row] as number, from.order.values[part] as number];
  if (orders.columns.orderId.at(other) < orders.columns.orderId.at(mine)) columns.order.values[row] = other;
  for (const name of ['completedAt', 'shippedAt'] as const) {
    const [a, b] = [columns[name].values[row] as number, from[name].values[part] as number];
    columns[name].values[row] = Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : later(a, b);
  }
  for (const name of ['completedOn', 'shippedOn'] as const) {
    const [a, b] = [columns[name].values[row] as number, from[name].values[part] as number];
    columns[name].values[row] = a === nullDay || b === nullDay ? nullDay : laterDay(a, b);
  }
  columns.orderedOn.values[row] = earlierDay(
    columns.orderedOn.values[row] as number,
    from.orderedOn.values[part] as number,
  );
  columns.counted.values[row] = (columns.counted.values[row] as number) & (from.counted.values[part] as number);
  columns.open.values[row] = (columns.open.values[row] as number) | (from.open.values[part] as number);
  columns.inFull.values[row] = both(columns.inFull.values[row] as number, from.inFull.values[part] as number);
  for (const name of ['errors', 'wrongItems', 'damages', 'documentErrors'] as const)
    columns[name].values[row] = Math.max(columns[name].values[row] as number, from[name].values[part] as number);
  inherit(columns, row, from, part);
  lateOf(rows, row, from, part);
}

/** Marks modes that do not agree; below all codes, it reads as null. */
const mixed = -2;

function joinMode(mode: Int32Array, row: number, other: number): void {
  const code = mode[row] as number;
  if (other < 0 || code === mixed) return;
  if (code < 0) mode[row] = other;
  else if (code !== other) mode[row] = mixed;
}

const both = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a === 2 ? b : a);

function lateOf(
  { columns }: ShipmentUnitRows,
  row: number,
  from: FoldedFacts['schedule']['columns'],
  part: number,
): void {
  for (let basis = 0; basis < basisCount; basis += 1) {
    const late = valuesOf(columns.late, basis);
    late[row] = laterDay(late[row] as number, valuesOf(from.late, basis)[part] as number);
  }
}
