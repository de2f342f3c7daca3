import type { ConfigurationModel, Option, Rule, Selections } from '../../events/catalog/master/model.ts';
import { add, compare, subtract } from '../../values/decimal.ts';
import { fractionOf } from '../../values/fraction.ts';
import { isValueOf } from './check.ts';
import { isNumber, sumOf } from './conditions.ts';

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

/** The values of an option that matter to the rules: all of a list; of a number its ends and what the rules compare with. */
export function candidates(model: ConfigurationModel, option: Option, selections: Selections): readonly string[] {
  const listed = (option.values ?? []).map(({ value }) => value);
  if (!option.number) return listed;
  const { from, to, step } = option.number;
  const named = (model.rules ?? []).flatMap((rule) => numbersIn(rule, option.option, selections));
  const around = named.flatMap((value) => [value, add(value, step), subtract(value, step)]);
  return distinct([...listed, ...[from, to, ...around].filter((value) => isValueOf(option, value))]);
}

function numbersIn(rule: Rule, option: string, selections: Selections): readonly string[] {
  if ('equals' in rule)
    return rule.option === option
      ? [sumOf(selections, rule.equals)].filter(isNumber)
      : solved(rule, option, selections);
  const conditions = 'excludes' in rule ? rule.excludes : [...rule.when, ...rule.requires];
  return conditions
    .filter((condition) => condition.option === option)
    .flatMap(({ atLeast, atMost, in: values = [] }) => [atLeast ?? [], atMost ?? [], ...values].flat())
    .filter(isNumber);
}

/** What the option must be for the formula to come out right, where that is a whole multiple of its factor. */
function solved(
  { option: target, equals }: Extract<Rule, { equals: unknown }>,
  option: string,
  selections: Selections,
): readonly string[] {
  const term = equals.terms.find((one) => one.option === option);
  const wanted = selections[target];
  if (!term || !isNumber(wanted) || compare(term.factor, '0') === 0) return [];
  const rest = sumOf({ ...selections, [option]: '0' }, equals);
  if (rest === undefined) return [];
  const [gap, factor] = [fractionOf(subtract(wanted, rest)), fractionOf(term.factor)];
  const [numerator, denominator] = [gap.numerator * factor.denominator, gap.denominator * factor.numerator];
  return numerator % denominator === 0n ? [String(numerator / denominator)] : [];
}
