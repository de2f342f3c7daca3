import type { ConfigurationModel, Option, Rule, Selections } from '../../events/catalog/master/model.ts';
import { compare, subtract } from '../../values/decimal.ts';
import { fractionOf } from '../../values/fraction.ts';
import { isNumber, meetsAll, sumOf } from './conditions.ts';

/** What is wrong, by which rule, and which options it is about. */
export interface Violation {
  /** Of the model; `missing`, `unknown-option` and `unknown-value` hold of every model. */
  readonly rule: string;
  readonly message: string;
  readonly options: readonly string[];
}

/** Everything that the selections break, options first, in the order of the model. */
export function violationsOf(model: ConfigurationModel, selections: Selections): readonly Violation[] {
  const known = new Set(model.options.map(({ option }) => option));
  const strangers = Object.keys(selections).filter((option) => !known.has(option));
  return [
    ...strangers.sort().map((option) => violation('unknown-option', `There is no option ${option}`, [option])),
    ...model.options.flatMap((option) => optionViolations(option, selections[option.option])),
    ...(model.rules ?? []).flatMap((rule) => ruleViolations(rule, selections)),
  ];
}

const violation = (rule: string, message: string, options: readonly string[]): Violation => ({
  rule,
  message,
  options,
});

function optionViolations(option: Option, chosen: string | undefined): readonly Violation[] {
  const { option: name, required = true, description } = option;
  if (chosen === undefined) return required ? [violation('missing', `Choose ${description}`, [name])] : [];
  if (isValueOf(option, chosen)) return [];
  return [violation('unknown-value', `${chosen} is no value of ${description}; ${offered(option)}`, [name])];
}

export function isValueOf({ values, number }: Option, chosen: string): boolean {
  if (values?.some(({ value }) => value === chosen)) return true;
  if (!number || !isNumber(chosen)) return false;
  return compare(chosen, number.from) >= 0 && compare(chosen, number.to) <= 0 && isStep(chosen, number);
}

function isStep(chosen: string, { from, step }: { readonly from: string; readonly step: string }): boolean {
  const [away, one] = [fractionOf(subtract(chosen, from)), fractionOf(step)];
  return (away.numerator * one.denominator) % (away.denominator * one.numerator) === 0n;
}

const mostOffered = 10;

function offered({ values = [], number }: Option): string {
  if (number) return `give ${number.from} to ${number.to} in steps of ${number.step}`;
  const names = values.slice(0, mostOffered).map(({ value }) => value);
  return `there are ${names.join(', ')}${values.length > mostOffered ? ' and others' : ''}`;
}

function ruleViolations(rule: Rule, selections: Selections): readonly Violation[] {
  const broken = violation(rule.rule, rule.message, optionsOf(rule));
  if ('excludes' in rule) return meetsAll(selections, rule.excludes) ? [broken] : [];
  if ('requires' in rule)
    return meetsAll(selections, rule.when) && !meetsAll(selections, rule.requires) ? [broken] : [];
  const [chosen, wanted] = [selections[rule.option], sumOf(selections, rule.equals)];
  if (chosen === undefined || wanted === undefined) return [];
  return isNumber(chosen) && compare(chosen, wanted) === 0 ? [] : [broken];
}

/** The options that a rule is about. */
export function optionsOf(rule: Rule): readonly string[] {
  if ('excludes' in rule) return unique(rule.excludes.map(({ option }) => option));
  if ('requires' in rule) return unique([...rule.when, ...rule.requires].map(({ option }) => option));
  return unique([rule.option, ...rule.equals.terms.map(({ option }) => option)]);
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
