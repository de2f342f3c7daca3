import type { Condition, ConfigurationModel, Rule } from '../../events/catalog/master/model.ts';
import { compare } from '../../values/decimal.ts';
import { currencyProblem } from '../checks.ts';
import { type Refused, refuse } from '../decider.ts';
import { isValueOf, optionsOf } from './check.ts';

/** What a schema cannot say of a model: names that are there once, rules about options and values that there are. */
export function modelProblem(model: ConfigurationModel): Refused | undefined {
  const { currency, options, rules = [] } = model;
  return (
    currencyProblem(currency, '/currency') ??
    namedTwice(
      options.map(({ option }) => option),
      '/options',
    ) ??
    first(options, optionProblem) ??
    namedTwice(
      rules.map(({ rule }) => rule),
      '/rules',
    ) ??
    first(rules, (rule, index) => ruleProblem(model, rule, `/rules/${index}`))
  );
}

function first<T>(things: readonly T[], problemOf: (thing: T, index: number) => Refused | undefined) {
  for (const [index, thing] of things.entries()) {
    const problem = problemOf(thing, index);
    if (problem) return problem;
  }
  return undefined;
}

function namedTwice(names: readonly string[], place: string): Refused | undefined {
  const index = names.findIndex((name, at) => names.indexOf(name) !== at);
  return index < 0
    ? undefined
    : refuse('master-named-twice', `${names[index]} is named twice in ${place.slice(1)}`, `${place}/${index}`);
}

function optionProblem({ option, values, number }: ConfigurationModel['options'][number], index: number) {
  const place = `/options/${index}`;
  const wrong = (message: string): Refused => refuse('master-contradictory', `Option ${option} ${message}`, place);
  if ((values === undefined) === (number === undefined)) return wrong('has either values or a number');
  if (number && compare(number.from, number.to) > 0) return wrong('ends before it begins');
  return namedTwice(
    (values ?? []).map(({ value }) => value),
    `${place}/values`,
  );
}

function ruleProblem({ options }: ConfigurationModel, rule: Rule, place: string): Refused | undefined {
  const wrong = (message: string): Refused => refuse('master-contradictory', `Rule ${rule.rule} ${message}`, place);
  const known = new Map(options.map((option) => [option.option, option]));
  const stranger = optionsOf(rule).find((name) => !known.has(name));
  if (stranger !== undefined) return wrong(`is about ${stranger}, which is no option`);
  const conditions: readonly Condition[] =
    'equals' in rule ? [] : 'excludes' in rule ? rule.excludes : [...rule.when, ...rule.requires];
  for (const { option: name, in: values = [], atLeast, atMost } of conditions) {
    const option = known.get(name);
    const never = option && values.find((value) => !isValueOf(option, value));
    if (never !== undefined) return wrong(`names ${never}, which is no value of ${name}`);
    if (values.length === 0 && atLeast === undefined && atMost === undefined)
      return wrong(`says nothing about ${name}; give in, atLeast or atMost`);
  }
  return undefined;
}
