import { InvalidValue, shown } from './refusal.ts';

/**
 * Order numbers for people: prefix, number, check digit, e.g. SO-100042-6. The check digit is that of H. M. Damm ("Total
 * anti-symmetrische Quasigruppen", 2004): it catches every wrong digit and every swap of two neighbours. ISO/IEC 7064
 * MOD 37,36 would miss one swap in 300 of such numbers, and MOD 37-2 needs an asterisk as a 37th character.
 */
const quasigroup: readonly string[] = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

/** Either both hyphens or none: a digit in the place of one hyphen would otherwise read as a longer number. */
const form = /^([A-Z]{1,4})(?:-([1-9]\d{0,14})-|([1-9]\d{0,14}))(\d)$/;

/** SO-100042-6 for 100042. Throws InvalidValue unless the number is between 1 and 15 digits of nines. */
export function formatOrderNumber(number: number | bigint, prefix = 'SO'): string {
  const digits = String(number);
  const text = `${prefix}-${digits}-${checkDigit(digits)}`;
  if (!form.test(text)) {
    throw new InvalidValue(
      'invalid-order-number',
      `${shown(digits)} cannot be an order number after ${shown(prefix)}; give 1 to 15 digits`,
    );
  }
  return text;
}

/** The number in a written order number. Lower case and missing hyphens are fine. Throws InvalidValue for anything mistyped. */
export function parseOrderNumber(text: string, prefix = 'SO'): number {
  const [, letters, hyphenated, plain, check] = form.exec(text.trim().toUpperCase()) ?? [];
  const digits = hyphenated ?? plain;
  if (digits === undefined || letters !== prefix) {
    throw new InvalidValue(
      'invalid-order-number',
      `${shown(text)} is not an order number; give it like ${formatOrderNumber(100_042, prefix)}`,
    );
  }
  if (checkDigit(digits) !== check) {
    throw new InvalidValue(
      'order-number-mistyped',
      `${shown(text)} is mistyped: its check digit does not fit; compare it with the document`,
    );
  }
  return Number(digits);
}

/** Damm's algorithm: walks the quasigroup; over the digits and their check digit together it ends at 0. */
function checkDigit(digits: string): string {
  let interim = 0;
  for (const digit of digits) interim = Number(quasigroup[interim]?.[Number(digit)]);
  return String(interim);
}
