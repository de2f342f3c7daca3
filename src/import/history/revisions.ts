import { compare } from '../../values/dates.ts';
import type { HistoryRow } from '../rows/history-row.ts';
import type { RowPromise } from '../rows/row-facts.ts';

/**
 * Rows of a line that tell its promises one after the other: a file with a row per promise, perhaps joined with another that
 * has a row per parcel, which makes a row of every pair. Every movement is told once, and each knows all promises of the line:
 * in the order in which they were made, else in that of the rows.
 */
export function withAllPromises(rows: readonly HistoryRow[]): HistoryRow[] {
  const told = rows.flatMap((row) => row.promises);
  const promises = distinct(told, (promise) => promise).sort((a, b) => compare(madeAt(a), madeAt(b)));
  return distinct(rows, movementOf).map((row) => ({ ...row, promises }));
}

/** Promises of an unknown time come first. */
const madeAt = ({ promisedAt }: RowPromise): string => promisedAt?.at ?? '';

const movementOf = ({ milestones: { shipped, delivered }, shipment, orderLine: { quantity } }: HistoryRow): unknown => [
  [shipped?.at, delivered?.at],
  shipment,
  quantity,
];

/** The first of those that say the same. */
function distinct<T>(things: readonly T[], said: (thing: T) => unknown): T[] {
  const found = new Map<string, T>();
  for (const thing of things) {
    const text = JSON.stringify(said(thing));
    if (!found.has(text)) found.set(text, thing);
  }
  return [...found.values()];
}
