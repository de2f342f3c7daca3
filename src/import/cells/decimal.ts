import { Big } from 'big.js';

export interface NumberFormat {
  /** Decimal mark, `.` or `,`. */
  readonly decimal: string;
  /** Mark between groups of three digits; it is dropped. */
  readonly thousands: string;
}

/** The number as a plain decimal string (`-?digits[.digits]`, at most 8 decimals), or undefined if the cell is no such number. */
export function decimalOf(cell: string, format: NumberFormat): string | undefined {
  const grouped = format.thousands === '' ? cell : cell.replaceAll(format.thousands, '');
  const plain = format.decimal === '.' ? grouped : grouped.replace(format.decimal, '.');
  if (format.decimal !== '.' && grouped.includes('.')) return undefined;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$/.test(plain)) return undefined;
  const value = new Big(plain.replace(/^\+/, '').replace(/\.(?=$|[eE])/, ''));
  const text = value.toFixed();
  return /^-?\d{1,15}(\.\d{1,8})?$/.test(text) ? text : undefined;
}
