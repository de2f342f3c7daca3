import { bases } from '../kpis/kpi.ts';
import { type Column, nullDay } from '../table.ts';
import type { Counts, Days, FactColumn, Texts } from './columns.ts';
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
  'firstSchedule',
  'lastSchedule',
]);

/** A column as it is now: rows are read a piece at a time, and the fold must wait until all were. */
export interface FactView {
  readonly name: string;
  readonly about: string;
  readonly kind: Column['kind'];
  /** Of words and texts: what their codes mean. What stands there stays; more may follow. */
  readonly words: readonly (string | null)[];
  /** Values of the rows, or the codes of words and texts. May be a view of what the fold changes. */
  read(from: number, to: number): Float64Array | Int32Array | Uint8Array;
}

export interface FactTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly FactView[];
}

export const tableNames = ['orders', 'lines', 'schedule-lines', 'shipments'] as const;
export type TableName = (typeof tableNames)[number];

/** The tables that readers see. */
export function factTable(facts: FoldedFacts, name: TableName): FactTable {
  const { rows, keys } = sources[name](facts);
  return { name, rows: rows.count, columns: [...keys, ...viewsOf(rows)] };
}

interface Source {
  readonly rows: Rows;
  readonly keys: readonly FactView[];
}

const sources: Readonly<Record<TableName, (facts: FoldedFacts) => Source>> = {
  orders: ({ orders }) => ({ rows: orders, keys: [] }),
  lines: (facts) => ({ rows: facts.lines, keys: orderKeys(facts, facts.lines.columns.order) }),
  'schedule-lines': (facts) => ({ rows: facts.schedule, keys: scheduleKeys(facts) }),
  shipments: (facts) => ({ rows: facts.shipments, keys: orderKeys(facts, facts.shipments.columns.order) }),
};

/** The row of the order is the code of its texts. */
function orderKeys({ orders }: FoldedFacts, order: Counts): FactView[] {
  const key = (name: string, { about, values }: Texts): FactView => ({
    name,
    about,
    kind: 'text',
    words: values,
    read: (from, to) => order.values.subarray(from, to),
  });
  return [key('order_id', orders.columns.orderId), key('order_no', orders.columns.orderNo)];
}

function scheduleKeys(facts: FoldedFacts): FactView[] {
  const { order, line } = facts.schedule.columns;
  const { lineNo } = facts.lines.columns;
  return [
    ...orderKeys(facts, order),
    {
      ...named('line_no', lineNo, 'count'),
      read: (from, to) => line.values.slice(from, to).map((row) => lineNo.values[row] as number),
    },
  ];
}

function* viewsOf({ columns, dimensions }: Rows): Generator<FactView> {
  for (const [name, column] of Object.entries(columns)) {
    if (inside.has(name)) continue;
    if (!isList(column)) yield viewOf(snake(name), column);
    else for (const [at, one] of column.entries()) yield basisView(name, bases[at] ?? '', one as Days);
  }
  for (const [name, column] of dimensions) yield viewOf(`dim_${name}`, column);
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isList = (column: FactColumn | readonly FactColumn[]): column is readonly FactColumn[] => Array.isArray(column);

const named = (name: string, { about }: FactColumn, kind: Column['kind']) => ({ name, about, kind, words: [] });

/** Above so many words a dictionary is larger than what it saves, and leaves as text. */
export const dictionaryWords = 65_536;

function viewOf(name: string, column: FactColumn): FactView {
  switch (column.kind) {
    case 'amount':
      return {
        ...named(name, column, 'number'),
        read: (from, to) => column.values.slice(from, to).map((millionths) => millionths / perUnit),
      };
    case 'word': {
      // Hardly any shipment has a namesake.
      const kind = name === 'shipment' || column.words.length > dictionaryWords ? 'text' : 'word';
      const { words } = column;
      return { ...named(name, column, kind), words, read: (from, to) => column.values.subarray(from, to) };
    }
    case 'text':
      return {
        ...named(name, column, 'text'),
        words: column.values,
        read: (from, to) => Int32Array.from({ length: to - from }, (_, at) => from + at),
      };
    case 'count':
      return name === 'under' ? fractionView(name, column) : plainView(name, column);
    default:
      return plainView(name, column);
  }
}

const plainView = (name: string, column: Exclude<FactColumn, { kind: 'amount' | 'text' }>): FactView => ({
  ...named(name, column, column.kind),
  read: (from, to) => column.values.subarray(from, to),
});

const fractionView = (name: string, column: Counts): FactView => ({
  name,
  about: 'Tolerance for short deliveries, as a fraction',
  kind: 'number',
  words: [],
  read: (from, to) => Float64Array.from(column.values.subarray(from, to), (parts) => parts / toleranceScale),
});

function basisView(kind: string, basis: string, column: Days): FactView {
  if (kind !== 'late') return plainView(`${basis}_${kind === 'target' ? 'on' : 'missed'}`, column);
  return {
    ...named(`${basis}_late_days`, column, 'number'),
    read: (from, to) =>
      Float64Array.from(column.values.subarray(from, to), (day) => (day === nullDay ? Number.NaN : day)),
  };
}
