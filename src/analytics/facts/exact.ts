import { unscale } from '../../values/decimal.ts';

/**
 * An exact amount. Usually an integer number of millionths in a double, exact up to 9 thousand million units with six
 * decimals; what does not fit is a bigint number of hundred-millionths (quantities have at most 8 decimals).
 */
export type Exact = number | bigint;

export const perUnit = 1_000_000;
/** Numbers of millionths are whole: a range tells whether they are exact. */
const largest = Number.MAX_SAFE_INTEGER;
const finerPerUnit = 100_000_000n;
const finerPerMillionth = 100n;

const shortInteger = /^\d{1,9}$/;

/** Of a plain decimal string. */
export function exactOf(text: string): Exact {
  if (shortInteger.test(text)) return Number(text) * perUnit;
  const { unscaled, scale } = unscale(text);
  return scale <= 8 ? narrow(unscaled * 10n ** BigInt(8 - scale)) : narrow(unscaled / 10n ** BigInt(scale - 8));
}

function narrow(finer: bigint): Exact {
  if (finer % finerPerMillionth !== 0n) return finer;
  const millionths = Number(finer / finerPerMillionth);
  return Number.isSafeInteger(millionths) ? millionths : finer;
}

const finer = (value: Exact): bigint => (typeof value === 'bigint' ? value : BigInt(value) * finerPerMillionth);

export function plus(a: Exact, b: Exact): Exact {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= largest && sum >= -largest) return sum;
  }
  return narrow(finer(a) + finer(b));
}

export function minus(a: Exact, b: Exact): Exact {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= largest && difference >= -largest) return difference;
  }
  return narrow(finer(a) - finer(b));
}

export function atLeast(a: Exact, b: Exact): boolean {
  return typeof a === 'number' && typeof b === 'number' ? a >= b : finer(a) >= finer(b);
}

export const isPositive = (a: Exact): boolean => a > 0;

export const lesser = (a: Exact, b: Exact): Exact => (atLeast(a, b) ? b : a);

/** In units, rounded to a double where it is not one. */
export const toUnits = (a: Exact): number => (typeof a === 'number' ? a / perUnit : Number(a) / Number(finerPerUnit));

/** Tolerances have at most four decimals. */
export const toleranceScale = 10_000;
const exactTolerance = 900_000_000_000;

/** What has arrived (or left) makes up the quantity, less a fraction `under` of it, given in ten-thousandths. */
export function makesUp(done: Exact, quantity: Exact, under: number): boolean {
  if (!isPositive(done)) return false;
  if (atLeast(done, quantity)) return true;
  if (under === 0) return false;
  const missing = minus(quantity, done);
  if (typeof missing === 'number' && typeof quantity === 'number' && quantity < exactTolerance)
    return missing * toleranceScale <= under * quantity;
  return finer(missing) * BigInt(toleranceScale) <= BigInt(under) * finer(quantity);
}
