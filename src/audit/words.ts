import { uoms } from '../values/uoms.ts';

/** Values in plain English: the one place where they become words. */

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `2026-05-03` as 3 May 2026. */
export const dateText = (date: string): string =>
  `${Number(date.slice(8, 10))} ${months[Number(date.slice(5, 7)) - 1] ?? ''} ${date.slice(0, 4)}`;

/** `2026-05-03T08:30:00.000Z` as 3 May 2026, 08:30 UTC; seconds where there are any. */
export function instantText(instant: string): string {
  const seconds = instant.slice(17, 19);
  return `${dateText(instant)}, ${instant.slice(11, 16)}${seconds === '00' || seconds === '' ? '' : `:${seconds}`} UTC`;
}

/** `[a, b, c]` as a, b and c. */
export function listText(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const uncounted = new Set(['each', 'gross', 'dozen', 'hundred', 'thousand', 'lump sum']);

function plural(unit: string): string {
  if (uncounted.has(unit) || unit.startsWith('number of')) return unit;
  if (unit.endsWith('foot')) return unit.replace(/foot$/, 'feet');
  return /(?:x|ch)$/.test(unit) ? `${unit}es` : `${unit}s`;
}

/** `10` of `C62` as 10 pieces. A unit without a name keeps its code. */
export function quantityText({ value, uom }: { readonly value: string; readonly uom: string }): string {
  const name = uoms.get(uom)?.name;
  if (name === undefined) return `${value} ${uom}`;
  const unit = name === 'one (piece)' ? 'piece' : name.replace(/ \(.*\)$/, '');
  return `${value} ${value === '1' ? unit : plural(unit)}`;
}

export const priceText = ({ amount, currency }: { readonly amount: string; readonly currency: string }): string =>
  `${amount} ${currency}`;

/** A promise: the day of arrival, and that of departure where it was planned. */
export const promiseText = ({ deliverOn, shipOn }: { readonly deliverOn: string; readonly shipOn?: string }): string =>
  `${dateText(deliverOn)}${shipOn === undefined ? '' : ` (leaving ${dateText(shipOn)})`}`;

/** A code of the product as words: `wrong-item` as wrong item. */
export const codeText = (code: string): string => code.replaceAll(/[-_]/g, ' ');

/** The name of an event type as words: `OrderLinesAdded` as Order lines added. */
export const typeText = (type: string): string =>
  type.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `line 3`, or `lines 3, 4 and 5`. */
export const linesText = (lineNos: readonly number[]): string =>
  `${lineNos.length === 1 ? 'line' : 'lines'} ${listText(lineNos.map(String))}`;

const nothing = '–';

/** Any value of a field, as readers see it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return nothing;
  if (typeof value === 'string') {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dateText(value);
    return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value) ? instantText(value) : value;
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
