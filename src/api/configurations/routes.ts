import { Type } from 'typebox';
import { violationsOf } from '../../commands/configuration/check.ts';
import { effectsOf } from '../../commands/configuration/effects.ts';
import { repairsOf } from '../../commands/configuration/repair.ts';
import { versionOn } from '../../commands/master/state.ts';
import { closed } from '../../events/catalog/definition.ts';
import { Selections } from '../../events/catalog/master/model.ts';
import { Code, Decimal, LineNo, LocalDate, Quantity, Text } from '../../events/catalog/terms.ts';
import { localDateOf, parseLocalDate } from '../../values/dates.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { Problem } from '../problems.ts';

const Checked = Type.Object({
  model: Code,
  effectiveFrom: LocalDate,
  valid: Type.Boolean(),
  violations: Type.Array(Type.Object({ rule: Code, message: Text, options: Type.Array(Code) })),
  /** The smallest sets of changes that would make it valid. */
  repairs: Type.Array(Type.Array(Type.Object({ option: Code, from: Type.Optional(Code), to: Type.Optional(Code) }))),
  complete: Type.Boolean({ description: 'False when the search for repairs was given up' }),
  prices: Type.Array(Type.Object({ ref: Code, about: Text, amount: Decimal })),
  components: Type.Array(Type.Object({ sku: Code, quantityPer: Quantity })),
  operations: Type.Array(Type.Object({ operation: LineNo, resource: Code, minutesPerUnit: Decimal })),
});

/** POST /v1/configurations: whether options go together, what would mend them, and what follows. Nothing is recorded. */
export function configurationRoute(app: Api, deps: ApiDependencies): void {
  app.post(
    '/v1/configurations',
    {
      config: { action: 'price.ask' },
      schema: {
        tags: ['configuration'],
        summary: 'Whether selected options go together, what would mend them, and what follows from them',
        headers: readHeaders,
        body: closed({
          model: Code,
          on: Type.Optional(Type.Unsafe<string>({ ...LocalDate, description: 'Today (UTC), if left out' })),
          selections: Selections,
        }),
        response: answers(Checked),
      },
    },
    async (request, reply) => {
      const { model: id, on, selections } = request.body;
      await minPosition(deps, request, 'master');
      tellPosition(deps, reply, 'master');
      const date = on === undefined ? localDateOf(deps.clock(), 'UTC') : parseLocalDate(on);
      const version = versionOn(await deps.master.thing('model', id), date);
      if (!version?.specification)
        throw new Problem(
          { refusal: 'master-unknown' },
          { detail: `There is no configuration model ${id} on ${date}.` },
        );
      const model = version.specification;
      const violations = violationsOf(model, selections);
      const valid = violations.length === 0;
      const { repairs, complete } = valid ? { repairs: [], complete: true } : repairsOf(model, selections);
      const effects = valid ? effectsOf(model, selections) : { prices: [], components: [], operations: [] };
      return { model: id, effectiveFrom: version.effectiveFrom, valid, violations, repairs, complete, ...effects };
    },
  );
}
