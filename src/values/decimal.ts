import Big from 'big.js';
import { InvalidValue, shown } from './refusal.ts';

/**
 * A decimal number in a string, exact. Canonical form: no exponent, no leading or trailing zeros, no '-0'.
 * Every function takes any plain decimal string and returns the canonical one.
 */
export type Decimal = string;

export type Rounding = 'half-up' | 'half-even' | 'down' | 'up';

/** How many digits a decimal may have where it enters the system. */
export interface DecimalBounds {
  readonly integerDigits: number;
  readonly fractionDigits: number;
}

const wireBounds: DecimalBounds = { integerDigits: 15, fractionDigits: 8 };
const plainDecimal = /^-?(\d+)(?:\.(\d+))?$/;

/** Both operands have at most this many characters: their sum and difference are safe integers. */
const safeSumLength = 15;
/** Together at most this many characters: their product is a safe integer. */
const safeProductLength = 15;

const bigRounding = { down: 0, 'half-up': 1, 'half-even': 2, up: 3 } as const;

/** Parses text from outside, by default at most 15 digits before the point and 8 after. Throws InvalidValue. */
export function parseDecimal(text: string, bounds: DecimalBounds = wireBounds): Decimal {
  const match = plainDecimal.exec(text);
  if (!match) {
    throw new InvalidValue(
      'invalid-decimal',
      `${shown(text)} is not a decimal number; write it like 12.5, without exponent or separators`,
    );
  }
  const value = canonical(text);
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  if (whole.length > bounds.integerDigits || fraction.length > bounds.fractionDigits) {
    throw new InvalidValue(
      'decimal-out-of-bounds',
      `${shown(text)} has too many digits; give at most ${bounds.integerDigits} before the point and ${bounds.fractionDigits} after it`,
    );
  }
  return value;
}

/** The one way to write this number. */
export function canonical(value: Decimal): Decimal {
  if (isPlainInteger(value) && value.length <= safeSumLength) return String(Number(value));
  return text(big(value));
}

export function add(a: Decimal, b: Decimal): Decimal {
  if (areShortIntegers(a, b)) return String(Number(a) + Number(b));
  return text(big(a).plus(big(b)));
}

/** a - b */
export function subtract(a: Decimal, b: Decimal): Decimal {
  if (areShortIntegers(a, b)) return String(Number(a) - Number(b));
  return text(big(a).minus(big(b)));
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  if (a.length + b.length <= safeProductLength && isPlainInteger(a) && isPlainInteger(b)) {
    return String(Number(a) * Number(b));
  }
  return text(big(a).times(big(b)));
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = '0';
  for (const value of values) total = add(total, value);
  return total;
}

export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (areShortIntegers(a, b)) {
    const difference = Number(a) - Number(b);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  return big(a).cmp(big(b));
}

export const min = (a: Decimal, b: Decimal): Decimal => canonical(compare(a, b) <= 0 ? a : b);

export const max = (a: Decimal, b: Decimal): Decimal => canonical(compare(a, b) >= 0 ? a : b);

export const negate = (a: Decimal): Decimal => subtract('0', a);

export const isZero = (a: Decimal): boolean => compare(a, '0') === 0;

export const isNegative = (a: Decimal): boolean => compare(a, '0') < 0;

export const isPositive = (a: Decimal): boolean => compare(a, '0') > 0;

/**
 * Rounds to so many places after the point. `half-up` takes ties away from zero, `half-even` to the even neighbour,
 * `down` cuts towards zero, `up` goes away from zero.
 */
export function round(value: Decimal, places: number, rounding: Rounding): Decimal {
  return text(big(value).round(places, bigRounding[rounding]));
}

/** The number as `unscaled / 10^scale`, for exact integer arithmetic. */
export function unscale(value: Decimal): { readonly unscaled: bigint; readonly scale: number } {
  const [whole = '0', fraction = ''] = canonical(value).split('.');
  return { unscaled: BigInt(whole + fraction), scale: fraction.length };
}

/** `unscaled / 10^scale` as a decimal. */
export function rescale(unscaled: bigint, scale: number): Decimal {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const sign = unscaled < 0n ? '-' : '';
  return canonical(scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`);
}

const areShortIntegers = (a: Decimal, b: Decimal): boolean =>
  a.length <= safeSumLength && b.length <= safeSumLength && isPlainInteger(a) && isPlainInteger(b);

function isPlainInteger(value: Decimal): boolean {
  const start = value.charCodeAt(0) === 45 ? 1 : 0;
  if (start === value.length) return false;
  for (let i = start; i < value.length; i++) {
    const char = value.charCodeAt(i);
    if (char < 48 || char > 57) return false;
  }
  return true;
}

function big(value: Decimal): Big {
  if (!plainDecimal.test(value)) {
    throw new InvalidValue(
      'invalid-decimal',
      `${shown(value)} is not a decimal number; write it like 12.5, without exponent or separators`,
    );
  }
  return new Big(value);
}

const text = (value: Big): Decimal => value.toFixed();
