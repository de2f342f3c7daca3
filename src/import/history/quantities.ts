import { compare, isPositive, max, min, subtract, sum } from '../../values/decimal.ts';
import type { HistoryRow } from '../rows/history-row.ts';

/** What left and what arrived according to one row. */
export interface Moved {
  readonly shipped: string;
  readonly delivered: string;
}

/** A delivery is known by its date, by the status word, or by a delivered quantity above zero. */
export function isDelivered({ milestones, status, shipment }: HistoryRow): boolean {
  if (shipment.deliveredQuantity !== null) return isPositive(shipment.deliveredQuantity);
  return milestones.delivered !== null || status === 'delivered' || status === 'closed';
}

export function moved(row: HistoryRow): Moved {
  const { shippedQuantity, deliveredQuantity } = row.shipment;
  const all = shippedQuantity ?? row.orderLine.quantity;
  const delivered = isDelivered(row) ? (deliveredQuantity ?? all) : '0';
  const left = row.milestones.shipped !== null || row.status === 'shipped';
  const shipped = shippedQuantity ?? (left && !isDelivered(row) ? all : delivered);
  return { shipped: max(shipped, delivered), delivered };
}

/** The ordered quantity of a line: the sum of its rows, or what each of them repeats. */
export const orderedQuantity = (rows: readonly HistoryRow[], per: 'line' | 'row'): string =>
  per === 'row' ? sum(rows.map((row) => row.orderLine.quantity)) : (rows[0]?.orderLine.quantity ?? '0');

/**
 * How the ordered quantity of a line is spread over its rows: to each what was shipped by it (or its own quantity, where
 * rows add up), and what is left to the last one. The shares add up to the ordered quantity.
 */
export function shares(rows: readonly HistoryRow[], per: 'line' | 'row'): string[] {
  let left = orderedQuantity(rows, per);
  return rows.map((row, index) => {
    const wanted = per === 'row' ? row.orderLine.quantity : moved(row).shipped;
    const share = index === rows.length - 1 ? left : min(wanted, left);
    left = subtract(left, share);
    return share;
  });
}

/** The over-delivery tolerance that lets this history be told, as a fraction in 4 decimals; undefined if none is needed. */
export function neededTolerance(ordered: string, shipped: string): string | undefined {
  if (compare(shipped, ordered) <= 0) return undefined;
  const ratio = Number(shipped) / Number(ordered) - 1;
  return (Math.ceil(Math.min(ratio, 1.9999) * 10_000) / 10_000).toFixed(4);
}
