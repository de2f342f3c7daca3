import type { Condition, Formula, Selections } from '../../events/catalog/master/model.ts';
import { add, compare, multiply } from '../../values/decimal.ts';

const decimal = /^-?\d{1,15}(\.\d{1,8})?$/;

export const isNumber = (text: string | undefined): text is string => text !== undefined && decimal.test(text);

/** An option that was not chosen meets no condition. */
export function meets(selections: Selections, { option, in: values, atLeast, atMost }: Condition): boolean {
  const chosen = selections[option];
  if (chosen === undefined) return false;
  if (values && !values.includes(chosen)) return false;
  if (atLeast === undefined && atMost === undefined) return true;
  if (!isNumber(chosen)) return false;
  if (atLeast !== undefined && compare(chosen, atLeast) < 0) return false;
  return atMost === undefined || compare(chosen, atMost) <= 0;
}

export const meetsAll = (selections: Selections, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => meets(selections, condition));

/** The sum; undefined while one of its options has no number. */
export function sumOf(selections: Selections, { terms, constant = '0' }: Formula): string | undefined {
  let sum = constant;
  for (const { option, factor } of terms) {
    const chosen = selections[option];
    if (!isNumber(chosen)) return undefined;
    sum = add(sum, multiply(chosen, factor));
  }
  return sum;
}
