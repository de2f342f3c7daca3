import { bases } from '../kpis/kpi.ts';
import { type Column, nullDay, type Table } from '../table.ts';
import type { Amounts, Counts, Days, FactColumn, Texts } from './columns.ts';
import { perUnit, toleranceScale } from './exact.ts';
import type { FoldedFacts } from './facts.ts';
import type { Rows } from './rows.ts';

/** Rows of other tables mean nothing outside: readers get ids. */
const inside: ReadonlySet<string> = new Set([
  'order',
  'line',
  'next',
  'firstLine',
  'firstShipment',
  'lastHold',
  'firstSchedule',
  'lastSchedule',
]);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The tables that readers see, copied: they do not change when the fold goes on. Gives one column at a time. */
export function* tableOf(facts: FoldedFacts, name: TableName): Generator<void, Table> {
  const source = sources[name](facts);
  const columns: Column[] = [];
  for (const key of source.keys) {
    columns.push(key);
    yield;
  }
  for (const column of columnsOf(source.rows)) {
    columns.push(column);
    yield;
  }
  return { name, rows: source.rows.count, columns };
}

export const tableNames = ['orders', 'lines', 'schedule-lines', 'shipments'] as const;
export type TableName = (typeof tableNames)[number];

interface Source {
  readonly rows: Rows;
  readonly keys: Iterable<Column>;
}

const sources: Readonly<Record<TableName, (facts: FoldedFacts) => Source>> = {
  orders: ({ orders }) => ({ rows: orders, keys: [] }),
  lines: (facts) => ({ rows: facts.lines, keys: orderKeys(facts, facts.lines.columns.order, facts.lines.count) }),
  'schedule-lines': (facts) => ({ rows: facts.schedule, keys: scheduleKeys(facts) }),
  shipments: (facts) => ({
    rows: facts.shipments,
    keys: orderKeys(facts, facts.shipments.columns.order, facts.shipments.count),
  }),
};

function* orderKeys({ orders }: FoldedFacts, order: Counts, count: number): Generator<Column> {
  const { orderId, orderNo } = orders.columns;
  const through = (texts: Texts): string[] =>
    Array.from({ length: count }, (_, row) => texts.at(order.values[row] as number));
  yield { kind: 'text', name: 'order_id', about: orderId.about, values: through(orderId) };
  yield { kind: 'text', name: 'order_no', about: orderNo.about, values: through(orderNo) };
}

function* scheduleKeys(facts: FoldedFacts): Generator<Column> {
  const { schedule, lines } = facts;
  yield* orderKeys(facts, schedule.columns.order, schedule.count);
  const { lineNo } = lines.columns;
  const values = new Int32Array(schedule.count);
  for (let row = 0; row < schedule.count; row += 1)
    values[row] = lineNo.values[schedule.columns.line.values[row] as number] as number;
  yield { kind: 'count', name: 'line_no', about: lineNo.about, values };
}

function* columnsOf({ columns, dimensions, count }: Rows): Generator<Column> {
  for (const [name, column] of Object.entries(columns)) {
    if (inside.has(name)) continue;
    if (!isList(column)) yield shownColumn(snake(name), column, count);
    else for (const [at, one] of column.entries()) yield basisColumn(name, bases[at] ?? '', one as Days, count);
  }
  for (const [name, column] of dimensions) yield shownColumn(`dim_${name}`, column, count);
}

const isList = (column: FactColumn | readonly FactColumn[]): column is readonly FactColumn[] => Array.isArray(column);

function shownColumn(name: string, column: FactColumn, count: number): Column {
  const { about } = column;
  switch (column.kind) {
    case 'amount':
      return { kind: 'number', name, about, values: inUnits(column, count) };
    case 'word':
      return { kind: 'word', name, about, values: column.values.slice(0, count), words: column.words.slice() };
    case 'text':
      return { kind: 'text', name, about, values: Array.from({ length: count }, (_, row) => column.at(row)) };
    case 'instant':
    case 'number':
      return { kind: column.kind, name, about, values: column.values.slice(0, count) };
    case 'flag':
      return { kind: 'flag', name, about, values: column.values.slice(0, count) };
    case 'day':
      return { kind: 'day', name, about, values: column.values.slice(0, count) };
    default:
      return name === 'under'
        ? {
            kind: 'number',
            name,
            about: 'Tolerance for short deliveries, as a fraction',
            values: fraction(column, count),
          }
        : { kind: 'count', name, about, values: column.values.slice(0, count) };
  }
}

const inUnits = (column: Amounts, count: number): Float64Array =>
  column.values.slice(0, count).map((millionths) => millionths / perUnit);

const fraction = (column: Counts, count: number): Float64Array =>
  Float64Array.from(column.values.subarray(0, count), (parts) => parts / toleranceScale);

function basisColumn(kind: string, basis: string, column: Days, count: number): Column {
  const values = column.values.slice(0, count);
  if (kind !== 'late')
    return { kind: 'day', name: `${basis}_${kind === 'target' ? 'on' : 'missed'}`, about: column.about, values };
  const days = Float64Array.from(values, (day) => (day === nullDay ? Number.NaN : day));
  return { kind: 'number', name: `${basis}_late_days`, about: column.about, values: days };
}
