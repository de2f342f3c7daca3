import type { Instant } from '../../values/dates.ts';
import { compare, isPositive, max, subtract, sum } from '../../values/decimal.ts';
import { usualZone } from '../cells/dates.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { HistoryRow, Milestones } from '../rows/history-row.ts';
import { isDelivered, moved, neededTolerance, orderedQuantity } from './quantities.ts';
import { withAllPromises } from './revisions.ts';

/** An order line with the rows that tell about it. */
export interface HistoryLine {
  readonly lineNo: number;
  readonly ordered: string;
  readonly rows: readonly HistoryRow[];
}

/** One order as its rows tell it. */
export interface HistoryOrder {
  readonly key: string;
  readonly rows: readonly HistoryRow[];
  readonly lines: readonly HistoryLine[];
  /** When it was placed; its earliest known date, if nobody wrote that down. Undefined without any date. */
  readonly placedAt: Instant | undefined;
  readonly placedIsKnown: boolean;
  /** The latest date that the order knows: stands in for what happened at an unknown time. */
  readonly latestAt: Instant | undefined;
  readonly warnings: readonly Warning[];
}

/** Something odd that was imported as it is. */
export interface Warning {
  readonly code: WarningCode;
  readonly file: string;
  readonly line: number;
}

export type WarningCode =
  | 'delivered-before-ordered'
  | 'recorded-before-delivered'
  | 'columns-disagree'
  | 'joined-row-unused'
  | 'undecodable-characters'
  | 'shipped-more-than-ordered'
  | 'cancelled-after-shipment'
  | 'time-not-known'
  | 'closed-with-open-quantity';

/** Puts the rows of one order together. Rows are in the order of the files; `rows` is not empty. */
export function orderOf(key: string, rows: readonly HistoryRow[], mapping: Mapping): HistoryOrder {
  const per = mapping.line.quantityPer ?? 'line';
  const asTold = mapping.line.promisesPer === 'line' ? withAllPromises : (rows: readonly HistoryRow[]) => rows;
  const lines = linesOf(rows).map(({ lineNo, rows: all }): HistoryLine => {
    const rows = asTold(all);
    return { lineNo, rows, ordered: orderedQuantity(rows, per) };
  });
  const known = rows.flatMap(knownInstants).sort();
  const promised = rows.flatMap((row) => row.promises.map(({ deliverOn }) => `${deliverOn}T00:00:00.000Z`)).sort();
  const placed = instantsOf(rows, 'ordered').sort()[0];
  return {
    key,
    rows,
    lines,
    placedAt: placed ?? known[0] ?? promised[0],
    placedIsKnown: placed !== undefined,
    latestAt: known.at(-1) ?? promised.at(-1),
    warnings: [
      ...rows.flatMap(rowWarnings),
      ...lines.flatMap((line) => lineWarnings(line, per)),
      ...orderWarnings(rows),
    ],
  };
}

/** The zone of the ship-to: promises are dates of its calendar. */
export const zoneOf = ({ rows }: Pick<HistoryOrder, 'rows'>, mapping: Mapping): string =>
  first(rows, ({ order }) => order.zone) ?? first(rows, ({ customer }) => customer.zone) ?? usualZone(mapping.dates);

/** The first value that any of the rows tells. */
export function first<T>(rows: readonly HistoryRow[], value: (row: HistoryRow) => T | null): T | undefined {
  for (const row of rows) {
    const found = value(row);
    if (found !== null) return found;
  }
  return undefined;
}

export const unitOf = (line: HistoryLine): string => line.rows[0]?.orderLine.unit ?? 'C62';

export const instantsOf = (rows: readonly HistoryRow[], name: keyof Milestones): Instant[] =>
  rows.flatMap((row) => row.milestones[name]?.at ?? []);

const knownInstants = ({ milestones, promises, deliveryErrors }: HistoryRow): Instant[] =>
  [
    ...Object.values(milestones),
    ...promises.map(({ promisedAt }) => promisedAt),
    ...deliveryErrors.map(({ at }) => at),
  ].flatMap((moment) => moment?.at ?? []);

/** Lines by number. Those without a number from the file are counted on from the highest one, in order of appearance. */
function linesOf(rows: readonly HistoryRow[]): { lineNo: number; rows: HistoryRow[] }[] {
  const lines = new Map<string, HistoryRow[]>();
  for (const [index, row] of rows.entries()) {
    const { key, number } = row.orderLine;
    const name = key !== null ? `key ${key}` : number !== null ? `number ${number}` : `row ${index}`;
    const same = lines.get(name);
    if (same) same.push(row);
    else lines.set(name, [row]);
  }
  let highest = Math.max(0, ...rows.map(({ orderLine }) => orderLine.number ?? 0));
  const numbered = [...lines.values()].map((same) => {
    const number = first(same, ({ orderLine }) => orderLine.number);
    if (number === undefined) highest += 1;
    return { lineNo: number ?? highest, rows: same };
  });
  return numbered.sort((a, b) => a.lineNo - b.lineNo);
}

function rowWarnings(row: HistoryRow): Warning[] {
  const { ordered, delivered, shipped } = row.milestones;
  const found: WarningCode[] = [];
  if (ordered && delivered && delivered.at < ordered.at) found.push('delivered-before-ordered');
  if (delivered?.recordedAt !== undefined && delivered.recordedAt < delivered.at)
    found.push('recorded-before-delivered');
  const untimed = (isDelivered(row) && !delivered) || (row.status === 'shipped' && !shipped);
  if (untimed || (row.status === 'cancelled' && !row.milestones.cancelled)) found.push('time-not-known');
  return found.map((code) => ({ code, file: row.file, line: row.line }));
}

function lineWarnings({ rows, ordered }: Omit<HistoryLine, 'lineNo'>, per: 'line' | 'row'): Warning[] {
  const [head] = rows;
  if (!head) return [];
  const found: WarningCode[] = [];
  const shipped = sum(rows.map((row) => moved(row).shipped));
  if (neededTolerance(ordered, shipped) !== undefined) found.push('shipped-more-than-ordered');
  if (rows.some(isCancelled) && compare(shipped, ordered) >= 0) found.push('cancelled-after-shipment');
  const delivered = sum(rows.map((row) => moved(row).delivered));
  const closed = rows.some((row) => row.milestones.closed !== null || row.status === 'closed');
  if (closed && isPositive(subtract(ordered, max(delivered, rows.some(isCancelled) ? ordered : '0')))) {
    found.push('closed-with-open-quantity');
  }
  const { quantity, sku, unit } = head.orderLine;
  const differs = rows.some(
    ({ orderLine: other }) =>
      other.sku !== sku || other.unit !== unit || (per === 'line' && compare(other.quantity, quantity) !== 0),
  );
  if (differs) found.push('columns-disagree');
  return found.map((code) => ({ code, file: head.file, line: head.line }));
}

export const isCancelled = ({ milestones, status }: HistoryRow): boolean =>
  milestones.cancelled !== null || status === 'cancelled';

/** Columns of the order that differ between its rows: the first value counts. */
function orderWarnings(rows: readonly HistoryRow[]): Warning[] {
  const said = ({ order, customer }: HistoryRow): string => JSON.stringify([order, customer]);
  const [head] = rows;
  const other = head && rows.find((row) => said(row) !== said(head));
  return other ? [{ code: 'columns-disagree', file: other.file, line: other.line }] : [];
}
