import { type Static, Type } from 'typebox';
import { closed } from '../definition.ts';
import { Code, Currency, Decimal, LineNo, Quantity, Text, Uom } from '../terms.ts';
import { defineMaster, list, Positive, several } from './definition.ts';

/** How a configurable item is built: its options, what goes with what, and what follows for price, parts and work. */

/** A sum of options, each times a factor, and a constant. */
export const Formula = closed({
  terms: list(closed({ option: Code, factor: Decimal }), 20),
  constant: Type.Optional(Decimal),
});
export type Formula = Static<typeof Formula>;

/** All that is given must hold: one of the values, at least, at most. An option that was not chosen meets no condition. */
export const Condition = closed({
  option: Code,
  in: Type.Optional(several(Code, 200)),
  atLeast: Type.Optional(Decimal),
  atMost: Type.Optional(Decimal),
});
export type Condition = Static<typeof Condition>;

const conditions = several(Condition, 20);
const rule = { rule: Code, message: Text };

export const Rule = Type.Union([
  /** Where all of `when` hold, all of `requires` must. */
  closed({ ...rule, when: conditions, requires: conditions }),
  /** All of these must not hold together. */
  closed({ ...rule, excludes: conditions }),
  /** A number must be exactly what the formula gives. */
  closed({ ...rule, option: Code, equals: Formula }),
]);
export type Rule = Static<typeof Rule>;

const effects = {
  price: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Added to the price of one' })),
  components: Type.Optional(list(closed({ sku: Code, quantityPer: Quantity, times: Type.Optional(Formula) }), 100)),
  operations: Type.Optional(list(closed({ operation: LineNo, resource: Code, minutesPerUnit: Positive }), 50)),
};

export const Option = closed({
  option: Code,
  description: Text,
  required: Type.Optional(Type.Boolean({ description: 'Must be chosen; true if left out' })),
  /** One of these, or a number. */
  values: Type.Optional(several(closed({ value: Code, description: Type.Optional(Text), ...effects }), 200)),
  number: Type.Optional(
    closed({
      from: Decimal,
      to: Decimal,
      step: Positive,
      uom: Type.Optional(Uom),
      pricePer: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Added for each one of it' })),
    }),
  ),
});
export type Option = Static<typeof Option>;

export const ConfigurationModel = defineMaster(
  'ConfigurationModel',
  'a configuration model',
  closed({
    description: Text,
    currency: Currency,
    options: several(Option, 100),
    rules: Type.Optional(list(Rule, 500)),
  }),
);
export type ConfigurationModel = Static<(typeof ConfigurationModel)['specification']>;

/** What was chosen: option -> value, or the number as a decimal string. */
export const Selections = Type.Record(Type.String({ pattern: '^.{1,120}$' }), Code, {
  maxProperties: 100,
  additionalProperties: false,
});
export type Selections = Static<typeof Selections>;
