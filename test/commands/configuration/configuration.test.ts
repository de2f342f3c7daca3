import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violationsOf } from '../../../src/commands/configuration/check.ts';
import { effectsOf } from '../../../src/commands/configuration/effects.ts';
import { modelProblem } from '../../../src/commands/configuration/model-problem.ts';
import { repairsOf } from '../../../src/commands/configuration/repair.ts';
import type { ConfigurationModel, Rule, Selections } from '../../../src/events/catalog/master/model.ts';

const model: ConfigurationModel = {
  description: 'Pump',
  currency: 'EUR',
  options: [
    {
      option: 'motor',
      description: 'Motor',
      values: [
        { value: '2kW', components: [{ sku: 'M-2', quantityPer: { value: '1', uom: 'C62' } }] },
        {
          value: '5kW',
          description: '5 kW',
          price: '120',
          components: [{ sku: 'M-5', quantityPer: { value: '1', uom: 'C62' } }],
          operations: [{ operation: 30, resource: 'TEST', minutesPerUnit: '5' }],
        },
      ],
    },
    {
      option: 'housing',
      description: 'Housing',
      values: [
        { value: 'cast', operations: [{ operation: 10, resource: 'LINE', minutesPerUnit: '20' }] },
        { value: 'steel', price: '80.5' },
      ],
    },
    { option: 'stages', description: 'Stages', number: { from: '1', to: '9', step: '1', pricePer: '15' } },
    { option: 'bolts', description: 'Bolts', number: { from: '0', to: '100', step: '1' } },
    {
      option: 'coating',
      description: 'Coating',
      required: false,
      values: [
        {
          value: 'epoxy',
          components: [
            {
              sku: 'EPOXY',
              quantityPer: { value: '0.2', uom: 'KGM' },
              times: { terms: [{ option: 'stages', factor: '2' }], constant: '1' },
            },
          ],
        },
      ],
    },
  ],
  rules: [
    {
      rule: 'strong-motor',
      message: 'More than four stages need 5 kW',
      when: [{ option: 'stages', atLeast: '5' }],
      requires: [{ option: 'motor', in: ['5kW'] }],
    },
    {
      rule: 'no-epoxy-on-cast',
      message: 'Cast housings are not coated',
      excludes: [
        { option: 'housing', in: ['cast'] },
        { option: 'coating', in: ['epoxy'] },
      ],
    },
    {
      rule: 'bolts',
      message: 'Four bolts for each stage and four for the housing',
      option: 'bolts',
      equals: { terms: [{ option: 'stages', factor: '4' }], constant: '4' },
    },
  ],
};
const good: Selections = { motor: '2kW', housing: 'steel', stages: '3', bolts: '16' };
const rulesOf = (selections: Selections) => violationsOf(model, selections).map(({ rule }) => rule);

describe('what selections break', () => {
  test.each([
    ['nothing', good, []],
    ['a missing option', { motor: '2kW', stages: '3', bolts: '16' }, ['missing']],
    ['an option that there is not', { ...good, colour: 'red' }, ['unknown-option']],
    ['a value that there is not', { ...good, motor: '9kW' }, ['unknown-value']],
    ['a number outside', { ...good, stages: '10', bolts: '44' }, ['unknown-value', 'strong-motor']],
    ['a number between steps', { ...good, stages: '2.5', bolts: '14' }, ['unknown-value']],
    ['a requirement', { ...good, stages: '5', bolts: '24' }, ['strong-motor']],
    ['an exclusion', { ...good, housing: 'cast', coating: 'epoxy' }, ['no-epoxy-on-cast']],
    ['a formula', { ...good, bolts: '15' }, ['bolts']],
    [
      'several at once',
      { motor: '2kW', housing: 'cast', coating: 'epoxy', stages: '6', bolts: '0' },
      ['strong-motor', 'no-epoxy-on-cast', 'bolts'],
    ],
  ] as const)('%s', (_, selections, rules) => expect(rulesOf(selections)).toEqual(rules));

  test('the message is that of the rule, with the options that it is about', () =>
    expect(violationsOf(model, { ...good, stages: '5', bolts: '24' })).toEqual([
      { rule: 'strong-motor', message: 'More than four stages need 5 kW', options: ['stages', 'motor'] },
    ]));
});

describe('repairs', () => {
  test('valid selections need none', () => expect(repairsOf(model, good)).toEqual({ repairs: [[]], complete: true }));

  test('the smallest set of changes, and every one of them', () => {
    const { repairs } = repairsOf(model, { ...good, stages: '5', bolts: '24' });
    expect(repairs).toEqual([[{ option: 'motor', from: '2kW', to: '5kW' }]]);
  });

  test('several of the same size are all told', () =>
    expect(repairsOf(model, { ...good, housing: 'cast', coating: 'epoxy' }).repairs).toEqual([
      [{ option: 'housing', from: 'cast', to: 'steel' }],
      [{ option: 'coating', from: 'epoxy' }],
    ]));

  test('a formula is solved for either side', () =>
    expect(repairsOf(model, { ...good, bolts: '20' }).repairs).toEqual([
      [{ option: 'bolts', from: '20', to: '16' }],
      [{ option: 'stages', from: '3', to: '4' }],
    ]));

  test('are valid, and none is smaller: as trying everything shows', () => {
    const domain = ['a', 'b', 'c'];
    const names = ['o1', 'o2', 'o3', 'o4'];
    const condition = fc.record({
      option: fc.constantFrom(...names),
      in: fc.uniqueArray(fc.constantFrom(...domain), { minLength: 1, maxLength: 2 }),
    });
    const conditions = fc.array(condition, { minLength: 1, maxLength: 2 });
    const rule: fc.Arbitrary<object> = fc.oneof(
      fc.record({ when: conditions, requires: conditions }),
      fc.record({ excludes: conditions }),
    );
    const chosen = fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...domain)])));
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 6 }), chosen, (rules, selections) => {
        const small: ConfigurationModel = {
          description: 'x',
          currency: 'EUR',
          options: names.map((option) => ({ option, description: option, values: domain.map((value) => ({ value })) })),
          rules: rules.map((one, index) => ({ rule: `r${index}`, message: 'x', ...one }) as Rule),
        };
        const distance = (other: Selections) => names.filter((name) => other[name] !== selections[name]).length;
        const all = names.reduce<Selections[]>(
          (found, name) => found.flatMap((one) => domain.map((value) => ({ ...one, [name]: value }))),
          [{}],
        );
        const sizes = all.filter((other) => violationsOf(small, other).length === 0).map(distance);
        const { repairs, complete } = repairsOf(small, selections);
        expect(complete).toBe(true);
        expect(repairs.map(({ length }) => length)).toEqual(repairs.map(() => Math.min(...sizes)));
        expect(repairs.length > 0).toBe(sizes.length > 0);
        for (const changes of repairs) {
          const mended = { ...selections, ...Object.fromEntries(changes.map(({ option, to = '' }) => [option, to])) };
          expect(violationsOf(small, mended)).toEqual([]);
        }
      }),
      { numRuns: process.env.ORDERFOLD_SOAK ? 20_000 : 200 },
    );
  });

  test('a model that takes too long to search is given up, and says so', () => {
    const names = Array.from({ length: 12 }, (_, i) => `o${i}`);
    const values = Array.from({ length: 40 }, (_, i) => ({ value: `v${i}` }));
    const hard: ConfigurationModel = {
      description: 'x',
      currency: 'EUR',
      options: names.map((option) => ({ option, description: option, values })),
      rules: names.map((option, i) => ({
        rule: `r${i}`,
        message: 'x',
        when: [{ option, in: values.map(({ value }) => value) }],
        requires: [{ option: names[(i + 1) % names.length] ?? '', in: [`v${i % 2}`] }],
      })),
    };
    expect(repairsOf(hard, Object.fromEntries(names.map((name) => [name, 'v9'])))).toEqual({
      repairs: [],
      complete: false,
    });
  });
});

describe('what follows from selections', () => {
  test('prices, components by formula, and work in its order', () =>
    expect(effectsOf(model, { ...good, motor: '5kW', housing: 'steel', coating: 'epoxy' })).toEqual({
      prices: [
        { ref: 'motor', about: 'Motor: 5 kW', amount: '120' },
        { ref: 'housing', about: 'Housing: steel', amount: '80.5' },
        { ref: 'stages', about: 'Stages: 3', amount: '45' },
      ],
      components: [
        { sku: 'M-5', quantityPer: { value: '1', uom: 'C62' } },
        { sku: 'EPOXY', quantityPer: { value: '1.4', uom: 'KGM' } },
      ],
      operations: [{ operation: 30, resource: 'TEST', minutesPerUnit: '5' }],
    }));

  test('operations stand in their order, whatever the order of options', () =>
    expect(
      effectsOf(model, { ...good, motor: '5kW', housing: 'cast' }).operations.map(({ operation }) => operation),
    ).toEqual([10, 30]));
});

describe('a model', () => {
  const code = (more: Partial<ConfigurationModel>) => {
    const problem = modelProblem({ ...model, ...more });
    return problem && [problem.refusal.code, problem.refusal.place];
  };
  const excludes = (option: string, more: object) => [{ rule: 'r', message: 'x', excludes: [{ option, ...more }] }];

  test('is whole', () => expect(code({})).toBeUndefined());

  test.each([
    ['an option twice', { options: [...model.options, ...model.options] }, ['master-named-twice', '/options/5']],
    [
      'neither values nor a number',
      { options: [{ option: 'x', description: 'X' }] },
      ['master-contradictory', '/options/0'],
    ],
    [
      'a number that ends before it begins',
      { options: [{ option: 'x', description: 'X', number: { from: '2', to: '1', step: '1' } }] },
      ['master-contradictory', '/options/0'],
    ],
    ['a rule about no option', { rules: excludes('nope', { in: ['x'] }) }, ['master-contradictory', '/rules/0']],
    ['a rule about no value', { rules: excludes('motor', { in: ['9kW'] }) }, ['master-contradictory', '/rules/0']],
    ['a rule that says nothing', { rules: excludes('motor', {}) }, ['master-contradictory', '/rules/0']],
    ['a currency that there is not', { currency: 'XXY' }, ['currency-unknown', '/currency']],
  ] as const)('with %s is refused', (_, more, expected) => expect(code(more as never)).toEqual(expected));
});
