import { currencyExponent } from './currencies.ts';
import { isNegative, parseDecimal, rescale, unscale } from './decimal.ts';
import { type Fraction, fractionOf } from './fraction.ts';
import { InvalidValue, shown } from './refusal.ts';

/** An amount of money: an integer number of minor units (cents) in a string, and its ISO 4217 currency. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The price of one unit, in major units, with up to 8 digits after the point: 0.00125 EUR. */
export interface UnitPrice {
  readonly amount: string;
  readonly currency: string;
}

/** `half-up` takes ties away from zero. */
export type MoneyRounding = 'half-up' | 'half-even';

const largestAmount = 10n ** 18n - 1n;
const integer = /^-?\d{1,18}$/;

/** Makes money of a count of minor units. Throws InvalidValue for an unknown currency or more than 18 digits. */
export function money(minorUnits: bigint, currency: string): Money {
  currencyExponent(currency);
  if (minorUnits > largestAmount || minorUnits < -largestAmount) {
    throw new InvalidValue('money-out-of-bounds', `${minorUnits} minor units of ${currency} have more than 18 digits`);
  }
  return { amount: minorUnits.toString(), currency };
}

/** Checks money from outside and writes it in its one form. */
export function parseMoney(input: Money): Money {
  if (!integer.test(input.amount)) {
    throw new InvalidValue(
      'invalid-money',
      `${shown(input.amount)} is not a count of minor units; give an integer of at most 18 digits, e.g. 1250 for 12.50 EUR`,
    );
  }
  return money(BigInt(input.amount), input.currency);
}

/** Money of a decimal string in major units: '12.50', EUR. Throws InvalidValue for more digits than the currency has. */
export function moneyOfDecimal(text: string, currency: string): Money {
  const exponent = currencyExponent(currency);
  const { unscaled, scale } = unscale(parseDecimal(text, { integerDigits: 18, fractionDigits: exponent }));
  return money(unscaled * 10n ** BigInt(exponent - scale), currency);
}

/** Checks a unit price from outside: at most 8 digits after the point, a known currency. */
export function parseUnitPrice(input: UnitPrice): UnitPrice {
  currencyExponent(input.currency);
  return { amount: parseDecimal(input.amount), currency: input.currency };
}

export function add(a: Money, b: Money): Money {
  return money(units(a) + unitsOfSame(a, b), a.currency);
}

/** a - b */
export function subtract(a: Money, b: Money): Money {
  return money(units(a) - unitsOfSame(a, b), a.currency);
}

export const negate = (a: Money): Money => money(-units(a), a.currency);

export function compare(a: Money, b: Money): -1 | 0 | 1 {
  const difference = units(a) - unitsOfSame(a, b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const isZero = (a: Money): boolean => units(a) === 0n;

/** Sum of amounts in one currency; zero of it for none. */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  const zero = money(0n, currency);
  let total = 0n;
  for (const amount of amounts) total += unitsOfSame(zero, amount);
  return money(total, currency);
}

/** The amount of an order line: unit price x quantity, exact, then rounded once to the minor unit of the currency. */
export const extend = (unitPrice: UnitPrice, quantity: string, rounding: MoneyRounding = 'half-up'): Money =>
  extendExactly(unitPrice, fractionOf(quantity), rounding);

/** The same for a quantity that no decimal can say: 1/3 box. */
export function extendExactly(
  unitPrice: UnitPrice,
  { numerator, denominator }: Fraction,
  rounding: MoneyRounding = 'half-up',
): Money {
  const exponent = currencyExponent(unitPrice.currency);
  const { unscaled, scale } = unscale(unitPrice.amount);
  const dividend = unscaled * numerator * 10n ** BigInt(exponent);
  return money(roundedQuotient(dividend, 10n ** BigInt(scale) * denominator, rounding), unitPrice.currency);
}

/** A part of an amount, e.g. 0.19 of it, rounded to minor units. */
export function share(amount: Money, fraction: string, rounding: MoneyRounding = 'half-up'): Money {
  const { unscaled, scale } = unscale(fraction);
  return money(roundedQuotient(units(amount) * unscaled, 10n ** BigInt(scale), rounding), amount.currency);
}

/** The divisor is above zero. */
function roundedQuotient(dividend: bigint, divisor: bigint, rounding: MoneyRounding): bigint {
  const sign = dividend < 0n ? -1n : 1n;
  const size = dividend * sign;
  const whole = size / divisor;
  const twice = (size % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && (rounding === 'half-up' || whole % 2n === 1n));
  return sign * (up ? whole + 1n : whole);
}

/**
 * Divides a total in proportion to the weights (decimal strings, none negative), by largest remainder: every part is within
 * one minor unit of its exact share and the parts add up to the total. Equal remainders: the earlier part gets the unit.
 */
export function allocate(total: Money, weights: readonly string[]): readonly Money[] {
  const shares = integersInProportion(weights);
  const whole = shares.reduce((a, b) => a + b, 0n);
  if (whole === 0n) {
    throw new InvalidValue('allocation-without-weight', 'Nothing to allocate by: give at least one weight above zero');
  }
  const sign = units(total) < 0n ? -1n : 1n;
  const amount = units(total) * sign;
  const parts = shares.map((share, index) => ({
    index,
    units: (amount * share) / whole,
    remainder: (amount * share) % whole,
  }));
  const left = Number(amount - parts.reduce((given, part) => given + part.units, 0n));
  const byRemainder = [...parts].sort(
    (a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder) || a.index - b.index,
  );
  for (const part of byRemainder.slice(0, left)) part.units += 1n;
  return parts.map((part) => money(part.units * sign, total.currency));
}

/** In major units with every digit of the currency: '12.50', '-0.05', '1000' for JPY. Without the currency code. */
export function formatMoney(amount: Money): string {
  const exponent = currencyExponent(amount.currency);
  const [whole = '0', fraction = ''] = rescale(units(amount), exponent).split('.');
  return exponent === 0 ? whole : `${whole}.${fraction.padEnd(exponent, '0')}`;
}

const units = (a: Money): bigint => BigInt(a.amount);

function unitsOfSame(expected: Money, given: Money): bigint {
  if (expected.currency !== given.currency) {
    throw new InvalidValue(
      'currency-mismatch',
      `${given.currency} cannot be counted as ${expected.currency}; convert it first`,
    );
  }
  return units(given);
}

function integersInProportion(weights: readonly string[]): readonly bigint[] {
  const exact = weights.map((weight) => {
    if (isNegative(weight))
      throw new InvalidValue('negative-weight', `The weight ${shown(weight)} is negative; weights are zero or more`);
    return unscale(weight);
  });
  const scale = Math.max(0, ...exact.map((weight) => weight.scale));
  return exact.map((weight) => weight.unscaled * 10n ** BigInt(scale - weight.scale));
}
