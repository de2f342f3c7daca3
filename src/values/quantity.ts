import { isNegative, isPositive, parseDecimal, rescale, unscale } from './decimal.ts';
import { type Fraction, fraction, fractionOf } from './fraction.ts';
import { InvalidValue, shown } from './refusal.ts';
import { uoms } from './uoms.ts';

/** So much of a unit (code of UN/ECE Recommendation 20): 12.5 KGM. */
export interface Quantity {
  readonly value: string;
  readonly uom: string;
}

/** 1 `from` = numerator / denominator `to`, both positive integers in strings: 1 ROL = 3048/100 MTR. */
export interface UnitConversion {
  readonly from: string;
  readonly to: string;
  readonly numerator: string;
  readonly denominator: string;
}

/** A quantity as an exact fraction: 5 pieces are 5/12 of a box, which no decimal can say. */
export interface ExactQuantity extends Fraction {
  readonly uom: string;
}

/** `down` for promising (never promise what is not there), `up` for procurement (never buy too little). */
export type StepDirection = 'down' | 'up';

const uomCode = /^[A-Z0-9]{2,3}$/;
const positiveInteger = /^[1-9]\d{0,17}$/;

/** Checks a quantity from outside: zero or more, well-formed unit code. Units outside our table are welcome. */
export function parseQuantity(input: Quantity): Quantity {
  checkUom(input.uom);
  const value = parseDecimal(input.value);
  if (isNegative(value))
    throw new InvalidValue('negative-quantity', `The quantity ${shown(input.value)} is negative; give zero or more`);
  return { value, uom: input.uom };
}

export function parseConversion(input: UnitConversion): UnitConversion {
  checkUom(input.from);
  checkUom(input.to);
  for (const part of [input.numerator, input.denominator]) {
    if (!positiveInteger.test(part)) {
      throw new InvalidValue(
        'invalid-conversion',
        `${shown(part)} cannot convert ${input.from} to ${input.to}; give a positive integer`,
      );
    }
  }
  return input;
}

/** The way back: invert(1 BX = 12 EA) is 1 EA = 1/12 BX. */
export const invert = (conversion: UnitConversion): UnitConversion => ({
  from: conversion.to,
  to: conversion.from,
  numerator: conversion.denominator,
  denominator: conversion.numerator,
});

export const exact = ({ value, uom }: Quantity): ExactQuantity => ({ ...fractionOf(value), uom });

/** Converts without rounding; converting back with the inverse gives the same fraction. */
export function convertExactly(quantity: ExactQuantity, conversion: UnitConversion): ExactQuantity {
  if (quantity.uom !== conversion.from) {
    throw new InvalidValue(
      'unit-mismatch',
      `A conversion from ${conversion.from} does not fit a quantity in ${quantity.uom}`,
    );
  }
  return reduced(
    quantity.numerator * BigInt(conversion.numerator),
    quantity.denominator * BigInt(conversion.denominator),
    conversion.to,
  );
}

/** Converts and rounds to the smallest step of the new unit. */
export function convert(
  quantity: Quantity,
  conversion: UnitConversion,
  direction: StepDirection,
  step?: string,
): Quantity {
  return roundToStep(convertExactly(exact(quantity), conversion), direction, step);
}

/** Rounds to a whole number of steps (the unit's own unless the item has another): `down` to less, `up` to more. */
export function roundToStep(
  quantity: ExactQuantity,
  direction: StepDirection,
  step: string = smallestStep(quantity.uom),
): Quantity {
  if (!isPositive(step))
    throw new InvalidValue('invalid-step', `The step ${shown(step)} of ${quantity.uom} must be above zero`);
  const { unscaled, scale } = unscale(step);
  const dividend = quantity.numerator * 10n ** BigInt(scale);
  const divisor = quantity.denominator * unscaled;
  const floor = floorOfQuotient(dividend, divisor);
  const steps = direction === 'up' && floor * divisor < dividend ? floor + 1n : floor;
  return { value: rescale(steps * unscaled, scale), uom: quantity.uom };
}

/** Throws InvalidValue for a unit outside our table: the item must then say its step. */
export function smallestStep(uom: string): string {
  const known = uoms.get(uom);
  if (!known)
    throw new InvalidValue(
      'unknown-unit',
      `The smallest step of ${shown(uom)} is not known; give the step of the item`,
    );
  return known.step;
}

function checkUom(uom: string): void {
  if (!uomCode.test(uom)) {
    throw new InvalidValue(
      'invalid-unit',
      `${shown(uom)} is not a unit code of UN/ECE Recommendation 20; give e.g. C62, EA or KGM`,
    );
  }
}

function floorOfQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

const reduced = (numerator: bigint, denominator: bigint, uom: string): ExactQuantity => ({
  ...fraction(numerator, denominator),
  uom,
});
