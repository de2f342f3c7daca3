import { Big } from 'big.js';

export interface NumberFormat {
  /** Decimal mark, `.` or `,`. */
  readonly decimal: string;
  /** Mark between groups of digits; it is dropped. */
  readonly thousands: string;
}

/**
 * The number as a plain decimal string (`-?digits[.digits]`), or undefined if the cell is no such number. More than 8
 * decimals, as programs write them that compute in binary fractions, are rounded half up.
 */
export function decimalOf(cell: string, format: NumberFormat): string | undefined {
  const grouped = format.thousands === '' ? cell : ungrouped(cell, format);
  if (grouped === undefined) return undefined;
  const plain = format.decimal === '.' ? grouped : grouped.replace(format.decimal, '.');
  if (format.decimal !== '.' && grouped.includes('.')) return undefined;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$/.test(plain)) return undefined;
  const value = new Big(plain.replace(/^\+/, '').replace(/\.(?=$|[eE])/, ''));
  const text = value.round(8, Big.roundHalfUp).toFixed();
  return /^-?\d{1,15}(\.\d{1,8})?$/.test(text) ? text : undefined;
}

/** Groups end in one of three digits (1,234,567 or, in India, 12,34,567): 1,5 is a decimal comma and not fifteen. */
function ungrouped(cell: string, { decimal, thousands }: NumberFormat): string | undefined {
  const [whole = '', ...rest] = cell.split(decimal);
  const [first = '', ...groups] = whole.split(thousands);
  if (rest.some((part) => part.includes(thousands))) return undefined;
  if (groups.length === 0) return cell;
  const fits =
    /^[+-]?\d{1,3}$/.test(first) &&
    groups.every((group, index) => /^\d{2,3}$/.test(group) && (group.length === 3 || index < groups.length - 1));
  return fits ? [[first, ...groups].join(''), ...rest].join(decimal) : undefined;
}
